// What reads and writes zip archives. Fetched when one turns up.
import type { NamedBytes } from './types';
import { ZipReader } from './zip_reader';
import { ZipWriter } from './zip_writer';

export { ZipReader, ZipWriter };
export { crc32 } from './zip_records';

/** An archive of the files as they are, not compressed. */
export async function packZip(files: NamedBytes[]): Promise<Uint8Array> {
  const writer = new ZipWriter();
  for (const { name, bytes } of files) writer.add(name, bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(await writer.finish().arrayBuffer());
}
