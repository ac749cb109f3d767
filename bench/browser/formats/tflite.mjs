// A network of nets.mjs → TFLite (schema version 3).
import * as flatbuffers from 'flatbuffers';

// BuiltinOperator and BuiltinOptions of the schema.
const kOperators = { add: [0, 11], conv: [3, 1], depthwise: [4, 2], dense: [9, 8], maxpool: [17, 5], flatten: [22, 0],
                     softmax: [25, 9], mean: [40, 27] };
const kActivations = { relu: 1, relu6: 3 };
const kFloat32 = 0;
const kInt32 = 2;

export function toTflite(network) {
  const builder = new flatbuffers.Builder(8 << 20);
  const int32s = (values) => {
    builder.startVector(4, values.length, 4);
    for (const value of [...values].reverse()) builder.addInt32(value);
    return builder.endVector();
  };
  const offsets = (values) => {
    builder.startVector(4, values.length, 4);
    for (const value of [...values].reverse()) builder.addOffset(value);
    return builder.endVector();
  };
  const table = (fields, fill) => {
    builder.startObject(fields);
    fill?.();
    return builder.endObject();
  };

  const buffers = [null];  // buffer 0 stands for "no data"
  const tensors = [];
  const indexOf = new Map();
  const addTensor = (name, shape, type, data) => {
    tensors.push({ name, shape, type, buffer: data ? buffers.push(data) - 1 : 0 });
    indexOf.set(name, tensors.length - 1);
    return tensors.length - 1;
  };
  addTensor('x', network.inputShape, kFloat32);
  const operations = network.operations.map((operation) => {
    const inputs = operation.inputs.map((id) => indexOf.get(id));
    return { ...operation, inputs: [...inputs, ...parametersOf(operation, addTensor)],
             output: addTensor(operation.id, operation.shape, kFloat32) };
  });

  const kinds = [...new Set(operations.map(({ op }) => op))];
  const bufferTables = offsets(buffers.map((data) => {
    const vector = data && builder.createByteVector(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return table(3, () => data && builder.addFieldOffset(0, vector, 0));
  }));
  const tensorTables = offsets(tensors.map(({ name, shape, type, buffer }) => {
    const [sizes, text] = [int32s(shape), builder.createString(name)];
    return table(5, () => {
      builder.addFieldOffset(0, sizes, 0);
      builder.addFieldInt8(1, type, 0);
      builder.addFieldInt32(2, buffer, 0);
      builder.addFieldOffset(3, text, 0);
    });
  }));
  const operatorTables = offsets(operations.map((operation) => {
    const [inputs, outputs, options] = [int32s(operation.inputs), int32s([operation.output]), optionsOf(operation)];
    return table(5, () => {
      builder.addFieldInt32(0, kinds.indexOf(operation.op), 0);
      builder.addFieldOffset(1, inputs, 0);
      builder.addFieldOffset(2, outputs, 0);
      if (!options) return;
      builder.addFieldInt8(3, kOperators[operation.op][1], 0);
      builder.addFieldOffset(4, options, 0);
    });
  }));
  const [graphInputs, graphOutputs, graphName] =
    [int32s([0]), int32s([operations.at(-1).output]), builder.createString('main')];
  const graph = offsets([table(5, () => [tensorTables, graphInputs, graphOutputs, operatorTables, graphName].forEach(
    (value, field) => builder.addFieldOffset(field, value, 0)))]);
  const codes = offsets(kinds.map((op) => table(4, () => {
    builder.addFieldInt8(0, kOperators[op][0], 0);
    builder.addFieldInt32(2, 1, 0);
    builder.addFieldInt32(3, kOperators[op][0], 0);
  })));
  const description = builder.createString('handful-bench');
  builder.finish(table(5, () => {
    builder.addFieldInt32(0, 3, 0);
    [codes, graph, description, bufferTables].forEach((value, i) => builder.addFieldOffset(i + 1, value, 0));
  }), 'TFL3');
  return Buffer.from(builder.asUint8Array());

  function optionsOf({ op, stride, kernel, activation }) {
    if (op === 'flatten') return 0;
    return table(8, () => {
      const fused = kActivations[activation] ?? 0;
      if (op === 'conv' || op === 'depthwise' || op === 'maxpool') {
        builder.addFieldInt32(1, stride, 0);  // field 0: padding SAME
        builder.addFieldInt32(2, stride, 0);
      }
      if (op === 'conv') builder.addFieldInt8(3, fused, 0);
      if (op === 'depthwise') {
        builder.addFieldInt32(3, 1, 0);
        builder.addFieldInt8(4, fused, 0);
      }
      if (op === 'maxpool') {
        builder.addFieldInt32(3, kernel, 0);
        builder.addFieldInt32(4, kernel, 0);
      }
      if (op === 'dense') builder.addFieldInt8(0, fused, 0);
      if (op === 'softmax') builder.addFieldFloat32(0, 1, 0);
    });
  }
}

// The constant inputs of an operation: weights as TFLite wants them (OHWI, 1HWC, (out, in)), bias, axes, shape.
function parametersOf({ op, id, kernel, inputShape, shape, weights, bias }, addTensor) {
  const constant = (suffix, size, values, type = kFloat32) => addTensor(id + suffix, size, type, values);
  const withBias = (size, values) => [constant('w', size, values), constant('b', [bias.length], bias)];
  const [inputs, outputs] = [inputShape.at(-1), shape.at(-1)];
  switch (op) {
    case 'conv': return withBias([outputs, kernel, kernel, inputs], outputsFirst(weights, outputs));
    case 'depthwise': return withBias([1, kernel, kernel, inputs], weights);
    case 'dense': return withBias([outputs, inputs], outputsFirst(weights, outputs));
    case 'mean': return [constant('axes', [2], Int32Array.of(1, 2), kInt32)];
    case 'flatten': return [constant('shape', [2], Int32Array.from(shape), kInt32)];
    default: return [];
  }
}

// (…, out) → (out, …)
function outputsFirst(weights, outputs) {
  const rest = weights.length / outputs;
  return Float32Array.from(weights, (_, at) => weights[(at % rest) * outputs + Math.floor(at / rest)]);
}
