// Zip archives of model files, all in memory; and what reads and writes larger ones. Fetched when an archive turns up.
import { sentence } from './sources';
import type { NamedBytes } from './types';
import { ZipReader } from './zip_reader';
import { ZipWriter } from './zip_writer';

export { ZipReader, ZipWriter };
export { crc32 } from './zip_records';

const kMaxUnpackedBytes = 512 << 20;

/** The files inside. Rejects with a sentence that names the archive; so does reading one of them. */
export class ModelArchive {
  private constructor(private readonly name: string, private readonly reader: ZipReader) {}

  static async open(name: string, archive: Uint8Array): Promise<ModelArchive> {
    try {
      const limits = { entryBytes: kMaxUnpackedBytes, totalBytes: kMaxUnpackedBytes };
      return new ModelArchive(name, await ZipReader.open(new Blob([archive as Uint8Array<ArrayBuffer>]), limits));
    } catch (error) {
      throw new Error(`${name}: ${sentence(error)}`);
    }
  }

  get names(): string[] {
    return this.reader.entries.map(({ name }) => name);
  }

  async unpack(): Promise<NamedBytes[]> {
    try {
      return await Promise.all(this.names.map(async (name) => ({ name, bytes: await this.reader.read(name) })));
    } catch (error) {
      throw new Error(`${this.name}: ${sentence(error)}`);
    }
  }
}

/** An archive of the files as they are, not compressed. */
export async function packZip(files: NamedBytes[]): Promise<Uint8Array> {
  const writer = new ZipWriter();
  for (const { name, bytes } of files) writer.add(name, bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(await writer.finish().arrayBuffer());
}
