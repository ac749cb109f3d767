// Zip archives for tests, made without the code under test.
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; ++bit) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const crc32 = (bytes) => ~bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8), ~0) >>> 0;
const bytesOf = (text) => new TextEncoder().encode(text);

/** A zip archive of {name: bytes} or [[name, bytes], …]; deflated or stored. */
export function zipOf(files, { deflate = true } = {}) {
  const entries = Array.isArray(files) ? files : Object.entries(files);
  const parts = [];
  const directory = [];
  let offset = 0;
  const record = (signature, bytes, fields) => {
    const view = new DataView(new ArrayBuffer(bytes));
    view.setUint32(0, signature, true);
    for (const [at, size, value] of fields) size === 2 ? view.setUint16(at, value, true) : view.setUint32(at, value, true);
    return new Uint8Array(view.buffer);
  };
  for (const [fileName, content] of entries) {
    const name = bytesOf(fileName);
    const packed = deflate ? new Uint8Array(deflateRawSync(content)) : content;
    const crc = crc32(content);
    const local = record(0x04034b50, 30, [
      [8, 2, deflate ? 8 : 0], [14, 4, crc], [18, 4, packed.length], [22, 4, content.length], [26, 2, name.length]]);
    parts.push(local, name, packed);
    directory.push(record(0x02014b50, 46, [
      [10, 2, deflate ? 8 : 0], [16, 4, crc], [20, 4, packed.length], [24, 4, content.length], [28, 2, name.length],
      [42, 4, offset]]), name);
    offset += local.length + name.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = entries.length;
  const end = record(0x06054b50, 22, [[8, 2, count], [10, 2, count], [12, 4, size], [16, 4, offset]]);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

/** The files of an archive. @param {Buffer} archive without zip64 @returns {Map<string, Buffer>} */
export function unzip(archive) {
  const files = new Map();
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; --left) {
    const [method, packed, nameLength] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)];
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(from, from + packed);
    files.set(archive.toString('utf8', at + 46, at + 46 + nameLength), method === 0 ? bytes : inflateRawSync(bytes));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
