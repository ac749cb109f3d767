// Reads single entries of a zip archive (PKWARE APPNOTE 6.3, with zip64, without encryption) that may be larger than the
// memory. Nothing it says about itself is believed: sizes are checked before anything is unpacked, and while it is. What becomes of
// odd names and entries stands in docs/FORMATS.md; src/import/zip.cpp does the same, and tests/fixtures/zip_cases.json holds both to it.
import { readAll, sentence } from './sources';
import { crc32, kCentralHeader, kEndRecord, kLocalHeader, kZip64EndRecord, kZip64Locator } from './zip_records';

const kMaxEntries = 100_000;
const kMaxNameBytes = 1000;
const kMaxDirectoryBytes = 64 << 20;
// Deflate cannot do better (zlib's technical details).
const kMaxRatio = 1032;

const kStored = 0;
const kDeflated = 8;

export interface ZipEntry {
  /** Its path inside; unique, with / between folders, and never out of the archive. */
  name: string;
  /** Unpacked, as it says. */
  bytes: number;
}

interface Record extends ZipEntry {
  method: number;
  packed: number;  // bytes
  crc: number;
  offset: number;  // of the local header
  refused: string;  // why it cannot be read, or ''
}

export interface ZipLimits {
  /** Of one entry, unpacked. */
  entryBytes: number;
  /** Of all together, unpacked. */
  totalBytes: number;
}

/** What rejects does so with an Error whose message is a sentence without the archive's name. */
export class ZipReader {
  private constructor(private readonly archive: Blob, private readonly records: Map<string, Record>, private readonly limits: ZipLimits) {}

  static async open(archive: Blob, limits: ZipLimits): Promise<ZipReader> {
    const records = await readDirectory(archive);
    const total = records.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total > limits.totalBytes) throw new Error(`unpacked it would take ${tooMuch(total, limits.totalBytes)}`);
    return new ZipReader(archive, new Map(records.map((record) => [record.name, record])), limits);
  }

  get entries(): ZipEntry[] {
    return [...this.records.values()].map(({ name, bytes }) => ({ name, bytes }));
  }

  async read(name: string): Promise<Uint8Array> {
    const record = this.records.get(name);
    if (!record) throw new Error(`${name} is not in the archive`);
    const { method, packed, bytes, crc, refused } = record;
    if (refused) throw new Error(`${name}: ${refused}`);
    if (bytes > this.limits.entryBytes) throw new Error(`${name}: unpacked it would take ${tooMuch(bytes, this.limits.entryBytes)}`);
    if (bytes > packed * kMaxRatio) throw new Error(`${name} is damaged: ${packed} bytes cannot unpack to ${bytes}`);
    const start = await this.contentOf(record);
    const content = this.archive.slice(start, start + packed);
    let unpacked: Uint8Array;
    try {
      unpacked = method === kStored ? await bytesOf(content) : await inflate(content, bytes);
    } catch (error) {
      throw new Error(`${name} is damaged: it cannot be unpacked (${sentence(error)})`);
    }
    if (unpacked.byteLength !== bytes) throw new Error(`${name} is damaged: it has ${unpacked.byteLength} of ${bytes} bytes`);
    if (crc32(unpacked) !== crc) throw new Error(`${name} is damaged: its checksum is wrong`);
    return unpacked;
  }

  // The local header's name and extra field may be longer than the directory's.
  private async contentOf({ name, offset, packed }: Record): Promise<number> {
    const view = viewOf(await bytesOf(this.archive.slice(offset, offset + kLocalHeader.bytes)));
    if (view.byteLength < kLocalHeader.bytes || view.getUint32(0, true) !== kLocalHeader.signature) {
      throw new Error(`${name} is damaged: it does not begin where the archive says`);
    }
    const start = offset + kLocalHeader.bytes + view.getUint16(26, true) + view.getUint16(28, true);
    if (start + packed > this.archive.size) throw new Error(`${name} is damaged: the archive is cut short`);
    return start;
  }
}

async function readDirectory(archive: Blob): Promise<Record[]> {
  const { entries, bytes, offset } = await readEnd(archive);
  if (entries > kMaxEntries) throw new Error(`${entries} entries are more than the ${kMaxEntries} allowed`);
  if (bytes > kMaxDirectoryBytes) throw new Error(`its directory takes ${tooMuch(bytes, kMaxDirectoryBytes)}`);
  if (offset + bytes > archive.size) throw new Error('the zip archive\'s directory is damaged');
  const directory = await bytesOf(archive.slice(offset, offset + bytes));
  const view = viewOf(directory);
  const records: Record[] = [];
  const taken: TakenNames = new Map();
  let packedBytes = 0;
  for (let left = entries, at = 0; left > 0; --left) {
    if (at + kCentralHeader.bytes > bytes || view.getUint32(at, true) !== kCentralHeader.signature) {
      throw new Error('the zip archive\'s directory is damaged');
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + kCentralHeader.bytes + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > bytes) throw new Error('the zip archive\'s directory is damaged');
    if (nameBytes > kMaxNameBytes) throw new Error(`an entry's name has ${nameBytes} bytes, more than the ${kMaxNameBytes} allowed`);
    const nameAt = at + kCentralHeader.bytes;
    const original = nameOf(directory.subarray(nameAt, nameAt + nameBytes));
    const sizes = sizesOf(view, at, nameAt + nameBytes, extraBytes);
    packedBytes += sizes.packed;
    at = next;
    if (original.endsWith('/') || original.endsWith('\\')) continue;
    const safe = safeName(original);
    const name = unique(safe, taken);
    const refused = flags & 1 ? 'it is encrypted: unpack the archive first'
      : method !== kStored && method !== kDeflated ? `it is compressed in a way that is not known here (method ${method})`
      : isUnsafe(original) ? `its path "${original}" leads out of the archive`
      : name !== safe ? 'the archive holds another entry of this name' : '';
    records.push({ name, method, crc: view.getUint32(at - (next - nameAt) - kCentralHeader.bytes + 16, true), refused, ...sizes });
  }
  if (packedBytes > archive.size) throw new Error('its entries overlap, as no honest archive\'s do');
  return records;
}

interface End {
  entries: number;
  bytes: number;   // of the directory
  offset: number;  // of the directory
}

async function readEnd(archive: Blob): Promise<End> {
  // A comment of up to 65,535 bytes may follow the end record, and zip64's locator comes before it.
  const start = Math.max(0, archive.size - kEndRecord.bytes - 0xffff - kZip64Locator.bytes);
  const view = viewOf(await bytesOf(archive.slice(start)));
  let at = view.byteLength - kEndRecord.bytes;
  while (at >= 0 && view.getUint32(at, true) !== kEndRecord.signature) --at;
  if (at < 0) throw new Error('the zip archive\'s directory is missing: it is cut short, or no zip archive');
  const end = {
    entries: view.getUint16(at + 10, true), bytes: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true) };
  const locator = at - kZip64Locator.bytes;
  if (locator < 0 || view.getUint32(locator, true) !== kZip64Locator.signature) return end;
  const at64 = Number(view.getBigUint64(locator + 8, true));
  const view64 = viewOf(await bytesOf(archive.slice(at64, at64 + kZip64EndRecord.bytes)));
  if (view64.byteLength < kZip64EndRecord.bytes || view64.getUint32(0, true) !== kZip64EndRecord.signature) {
    throw new Error('the zip archive\'s directory is damaged');
  }
  const [entries, bytes, offset] = [32, 40, 48].map((field) => Number(view64.getBigUint64(field, true)));
  return { entries, bytes, offset };
}

const kZip64Extra = 1;

// Where 32 bits do not do, the extra field with id 1 has 64, in this order.
function sizesOf(view: DataView, at: number, extraAt: number, extraBytes: number): { packed: number; bytes: number; offset: number } {
  const sizes = { bytes: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
  for (let field = extraAt, end = extraAt + extraBytes; field + 4 <= end;) {
    const fieldEnd = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === kZip64Extra) {
      let value = field + 4;
      for (const size of ['bytes', 'packed', 'offset'] as const) {
        if (sizes[size] !== 0xffffffff || value + 8 > Math.min(fieldEnd, end)) continue;
        sizes[size] = Number(view.getBigUint64(value, true));
        value += 8;
      }
    }
    field = fieldEnd;
  }
  return sizes;
}

// UTF-8 as every zip program of today writes it, else the letters of Windows' first code page.
function nameOf(bytes: Uint8Array): string {
  return textOf(bytes).replace(/[\0-\x1f]/g, '?');
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => kWindows1252[byte - 0x80] ?? String.fromCharCode(byte)).join('');
  }
}

// 0x80 … 0x9f, as browsers have them; the others are the code points of the same number. Node 20's decoder gives those for all.
const kWindows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const segmentsOf = (path: string) => path.replaceAll('\\', '/').split('/');

function isUnsafe(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\') || /^[a-z]:/i.test(path) || segmentsOf(path).includes('..');
}

function safeName(path: string): string {
  const segments = segmentsOf(path).filter((segment) => !['', '.', '..'].includes(segment));
  return segments.join('/') || 'unnamed';
}

// Names that are taken, each with the number that the next of that name gets.
type TakenNames = Map<string, number>;

// "a.png", then "a (2).png".
function unique(name: string, taken: TakenNames): string {
  const dot = name.lastIndexOf('.') > name.lastIndexOf('/') + 1 ? name.lastIndexOf('.') : name.length;
  let candidate = name;
  let next = taken.get(name);
  for (; taken.has(candidate); ++next!) candidate = `${name.slice(0, dot)} (${next})${name.slice(dot)}`;
  if (next !== undefined) taken.set(name, next);
  taken.set(candidate, 2);
  return candidate;
}

function inflate(packed: Blob, maxBytes: number): Promise<Uint8Array> {
  return readAll(packed.stream().pipeThrough(new DecompressionStream('deflate-raw')), (bytes) => {
    if (bytes > maxBytes) throw new Error('longer than announced');
  });
}

async function bytesOf(part: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await part.arrayBuffer());
  } catch (error) {
    throw new Error(`the file could not be read (${sentence(error)})`);
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

function tooMuch(bytes: number, allowed: number): string {
  return `${Math.round(bytes / 1e6)} MB, more than the ${Math.round(allowed / 1e6)} MB allowed`;
}
