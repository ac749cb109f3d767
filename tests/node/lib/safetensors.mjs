// A plain safetensors reader and writer, independent of the engine's (format: huggingface/safetensors, README).

/** @param {Record<string, {shape: number[], values: Float32Array}>} tensors @param {Record<string, string>} metadata */
export function writeSafetensors(tensors, metadata) {
  const header = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, (offset += values.byteLength)] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = Object.values(tensors).map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return Buffer.concat([length, text, ...data]);
}

/** @param {Buffer} file @returns {Record<string, string>} */
export const readMetadata = (file) => JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0)))).__metadata__;

/** @param {Buffer} file @returns {Record<string, {shape: number[], values: Float32Array}>} */
export function readSafetensors(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString());
  const tensors = {};
  delete header.__metadata__;
  for (const [name, { shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    const bytes = Uint8Array.from(file.subarray(8 + length + begin, 8 + length + end));
    tensors[name] = { shape, values: new Float32Array(bytes.buffer) };
  }
  return tensors;
}
