// The pieces of an ONNX file, protobuf written by hand.

function varint(value) {
  const bytes = [];
  for (let n = BigInt.asUintN(64, BigInt(value)); ; n >>= 7n) {
    if (n < 128n) return Buffer.from([...bytes, Number(n)]);
    bytes.push(Number(n & 127n) | 128);
  }
}
export const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const float = (field, value) => {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), content]);
};
export const bytes = (field, value) => {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
};
const repeated = (field, items) => Buffer.concat(items.map((item) => bytes(field, item)));

/** TensorProto.DataType. */
export const kTypes = { float: 1, int64: 7, bool: 9 };

/** values: Float32Array, BigInt64Array, or Uint8Array for bool. */
export const tensor = (name, shape, values) => Buffer.concat([
  ...shape.map((size) => number(1, size)),
  number(2, values instanceof Float32Array ? kTypes.float : values instanceof BigInt64Array ? kTypes.int64 : kTypes.bool),
  bytes(8, name), bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength))]);

// A value is an integer, a list of them, a string or {float}.
function attribute(name, value) {
  const [content, type] = Array.isArray(value) ? [Buffer.concat(value.map((item) => number(8, item))), 7]
    : typeof value === 'string' ? [bytes(4, value), 3]
    : typeof value === 'object' ? [float(2, value.float), 1]
    : [number(3, value), 2];
  return Buffer.concat([bytes(1, name), content, number(20, type)]);
}

/** outputs: one name, or several. */
export function node(type, inputs, outputs, attributes = {}, domain = '') {
  const names = [outputs].flat();
  return Buffer.concat([
    repeated(1, inputs), repeated(2, names), bytes(3, `n_${names.find(Boolean)}`), bytes(4, type),
    repeated(5, Object.entries(attributes).map(([name, value]) => attribute(name, value))), ...(domain ? [bytes(7, domain)] : [])]);
}

// A tensor's type; a size may be a name.
const tensorType = (shape, type) => bytes(1, Buffer.concat([
  number(1, type), bytes(2, repeated(1, shape.map((size) => (typeof size === 'string' ? bytes(2, size) : number(1, size)))))]));
export const valueInfo = (name, shape, type = kTypes.float) => Buffer.concat([bytes(1, name), bytes(2, tensorType(shape, type))]);
export const sequenceInfo = (name) =>
  Buffer.concat([bytes(1, name), bytes(2, bytes(4, bytes(1, bytes(1, number(1, kTypes.float)))))]);

/** values: what is known of tensors in between; domains: versions of operator sets beside ONNX' own. */
export function model({ nodes, constants = [], values = [], inputs, outputs, opset, domains = {} }) {
  const graph = Buffer.concat([repeated(1, nodes), bytes(2, 'g'), repeated(5, constants), repeated(11, inputs), repeated(12, outputs),
                               repeated(13, values)]);
  return Buffer.concat([
    number(1, 8), bytes(2, 'handful-bench'), bytes(7, graph), bytes(8, number(2, opset)),
    ...Object.entries(domains).map(([name, version]) => bytes(8, Buffer.concat([bytes(1, name), number(2, version)])))]);
}
