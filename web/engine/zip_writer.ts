// Writes zip archives (PKWARE APPNOTE 6.3, without zip64): files as they are, not compressed, so that it costs little more
// than copying them.
import { crc32, kCentralHeader, kEndRecord, kLocalHeader, record, type Field } from './zip_records';

// A Blob's pieces may lie on disk; what is not in one yet is in memory.
const kPieceBytes = 8 << 20;
const kMaxFiles = 0xffff;
const kMaxBytes = 0xffffffff;
const kVersion = 20;
const kUtf8Names = 0x800;

export class ZipWriter {
  private pieces: Blob[] = [];
  private parts: Uint8Array<ArrayBuffer>[] = [];  // of the next piece
  private partBytes = 0;
  private directory: Uint8Array<ArrayBuffer>[] = [];
  private files = 0;
  private offset = 0;

  /** `name` is the path inside, with / between folders. */
  add(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    const text = new TextEncoder().encode(name);
    if (this.files === kMaxFiles) throw new Error(`more than ${kMaxFiles} files do not fit into one archive`);
    if (this.offset + bytes.length > kMaxBytes - kPieceBytes) throw new Error('more than 4 GB do not fit into one archive');
    const shared: Field[] = [[2, kVersion], [2, kUtf8Names], [2, 0], [4, 0], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length],
                             [2, text.length], [2, 0]];  // …, stored, no time, …, no extra field
    this.directory.push(record([[4, kCentralHeader.signature], [2, kVersion], ...shared, [2, 0], [2, 0], [2, 0], [4, 0],
                                [4, this.offset]]), text);
    ++this.files;
    for (const part of [record([[4, kLocalHeader.signature], ...shared]), text, bytes]) this.put(part);
  }

  /** The archive; nothing can be added any more. */
  finish(): Blob {
    const directoryBytes = this.directory.reduce((sum, { length }) => sum + length, 0);
    const end = record([[4, kEndRecord.signature], [2, 0], [2, 0], [2, this.files], [2, this.files], [4, directoryBytes],
                        [4, this.offset], [2, 0]]);
    return new Blob([...this.pieces, ...this.parts, ...this.directory, end], { type: 'application/zip' });
  }

  private put(part: Uint8Array<ArrayBuffer>): void {
    this.parts.push(part);
    this.partBytes += part.length;
    this.offset += part.length;
    if (this.partBytes < kPieceBytes) return;
    this.pieces.push(new Blob(this.parts));
    this.parts = [];
    this.partBytes = 0;
  }
}
