// Reads zip archives (PKWARE APPNOTE 6.3, without zip64 and encryption) by their central directory.
import type { NamedBytes } from './host';
import { concatenate, readAll } from './sources';

const kMaxUnpackedBytes = 512 << 20;

interface Entry {
  name: string;
  method: number;  // 0 stored, 8 deflated
  packed: number;  // bytes
  unpacked: number;
  crc: number;
  offset: number;  // of the local header
}

/** The names of the files inside; empty where the archive cannot be read. */
export function listZip(archive: Uint8Array): string[] {
  return entriesOf(archive)?.map(({ name }) => name) ?? [];
}

/** Rejects with a sentence that names the archive. */
export async function unpackZip(archiveName: string, archive: Uint8Array): Promise<NamedBytes[]> {
  const entries = entriesOf(archive);
  if (!entries) throw new Error(`${archiveName}: the zip archive's directory is damaged`);
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
  if (total > kMaxUnpackedBytes) {
    throw new Error(`${archiveName}: unpacked it would take ${Math.round(total / 1e6)} MB, more than the ` +
      `${Math.round(kMaxUnpackedBytes / 1e6)} MB allowed`);
  }
  return Promise.all(entries.map(async (entry) => ({
    name: entry.name,
    bytes: await unpack(archive, entry).catch(() => {
      throw new Error(`${archiveName}: ${entry.name} inside it is damaged`);
    }),
  })));
}

function entriesOf(archive: Uint8Array): Entry[] | null {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  // The end record is 22 bytes and a comment of up to 65,535.
  let end = archive.byteLength - 22;
  for (const last = Math.max(0, end - 0xffff); end >= last && view.getUint32(end, true) !== 0x06054b50; --end);
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return null;
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; --left) {
    if (at + 46 > archive.byteLength || view.getUint32(at, true) !== 0x02014b50) return null;
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameBytes));
    if (!name.endsWith('/')) {
      entries.push({
        name,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        packed: view.getUint32(at + 20, true),
        unpacked: view.getUint32(at + 24, true),
        offset: view.getUint32(at + 42, true),
      });
    }
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

async function unpack(archive: Uint8Array, { method, packed, unpacked, crc, offset }: Entry): Promise<Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (view.getUint32(offset, true) !== 0x04034b50) throw new Error('no local header');
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > archive.byteLength) throw new Error('cut short');
  const data = archive.slice(start, start + packed);
  if (method !== 0 && method !== 8) throw new Error(`packing method ${method}`);
  const bytes = method === 0 ? data : await inflate(data, unpacked);
  if (bytes.byteLength !== unpacked || crc32(bytes) !== crc) throw new Error('wrong checksum');
  return bytes;
}

function inflate(data: BlobPart, maxBytes: number): Promise<Uint8Array> {
  const inflating = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return readAll(inflating, (bytes) => {
    if (bytes > maxBytes) throw new Error('longer than announced');
  });
}

/** An archive of the files as they are, not compressed. */
export function packZip(files: NamedBytes[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const text = new TextEncoder().encode(name);
    const shared: Field[] = [[2, 20], [2, 0x800], [2, 0], [4, 0], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length],
                             [2, text.length], [2, 0]];  // version, UTF-8, stored, no time, …, no extra
    const local = record([[4, 0x04034b50], ...shared]);
    directory.push(record([[4, 0x02014b50], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), text);
    parts.push(local, text, bytes);
    offset += local.length + text.length + bytes.length;
  }
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  const end = record([[4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, directoryBytes],
                      [4, offset], [2, 0]]);
  return concatenate([...parts, ...directory, end]);
}

type Field = [bytes: 2 | 4, value: number];

function record(fields: Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** The checksum of zip, gzip and PNG (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = kCrcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

const kCrcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; ++bit) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
