// Reads NumPy's .npy files (format 1.0) of float32 in C order.
import { readFileSync } from 'node:fs';

/** @returns {{shape: number[], values: Float32Array}} */
export function readNpy(file) {
  const bytes = readFileSync(file);
  const headerBytes = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerBytes);
  if (!/'descr': *'<f4'/.test(header) || !/'fortran_order': *False/.test(header)) throw new Error(`${file}: ${header}`);
  const shape = /'shape': *\(([^)]*)\)/.exec(header)[1].split(',').filter((size) => size.trim()).map(Number);
  const start = bytes.byteOffset + 10 + headerBytes;
  return { shape, values: new Float32Array(bytes.buffer.slice(start, bytes.byteOffset + bytes.length)) };
}
