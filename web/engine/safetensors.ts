// Writes the safetensors container: 8 bytes length of the header (little-endian), the header as JSON, the tensors' bytes.

export interface NamedTensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

export function writeSafetensors(tensors: NamedTensor[], metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end += values.byteLength] };
  }
  let json = JSON.stringify(header);
  const padding = -(new TextEncoder().encode(json).byteLength) & 7;
  json += ' '.repeat(padding);
  const text = new TextEncoder().encode(json);
  const file = new Uint8Array(8 + text.byteLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  file.set(text, 8);
  let offset = 8 + text.byteLength;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
}

/** Those of float32, of a file that writeSafetensors or the engine wrote. */
export function readSafetensors(file: Uint8Array): { metadata: Record<string, string>; tensors: NamedTensor[] } {
  const { __metadata__: metadata = {}, ...entries } = readSafetensorsHeader(file)! as
    Record<string, { shape: number[]; data_offsets: [number, number] }> & { __metadata__?: Record<string, string> };
  const data = dataOfSafetensors(file)!;
  const tensors = Object.entries(entries).map(([name, { shape, data_offsets: [begin, end] }]) =>
    ({ name, shape, values: new Float32Array(data.slice(begin, end).buffer), begin }));
  tensors.sort((a, b) => a.begin - b.begin);
  return { metadata: metadata as Record<string, string>, tensors };
}

/** The header of a safetensors file, or null if it is none. */
export function readSafetensorsHeader(file: Uint8Array): Record<string, unknown> | null {
  if (file.byteLength < 8) return null;
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > file.byteLength - 8) return null;
  try {
    return JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  } catch {
    return null;
  }
}

/** What comes after the header, or null where the file is too short to have any. */
export function dataOfSafetensors(file: Uint8Array): Uint8Array | null {
  if (file.byteLength < 8) return null;
  const begin = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return begin <= file.byteLength ? file.subarray(begin) : null;
}
