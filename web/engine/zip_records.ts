// The records of zip archives (PKWARE APPNOTE 6.3), as far as reader and writer share them.

interface RecordKind {
  signature: number;
  bytes: number;  // without what varies
}

export const kLocalHeader: RecordKind = { signature: 0x04034b50, bytes: 30 };
export const kCentralHeader: RecordKind = { signature: 0x02014b50, bytes: 46 };
export const kEndRecord: RecordKind = { signature: 0x06054b50, bytes: 22 };
export const kZip64EndRecord: RecordKind = { signature: 0x06064b50, bytes: 56 };
export const kZip64Locator: RecordKind = { signature: 0x07064b50, bytes: 20 };

export type Field = [bytes: 2 | 4, value: number];

export function record(fields: Field[]): Uint8Array<ArrayBuffer> {
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
