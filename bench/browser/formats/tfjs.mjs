// A network of nets.mjs → TensorFlow.js' graph model: model.json and weights.bin.

const base64 = (text) => Buffer.from(text).toString('base64');
const kFloat = { type: 'DT_FLOAT' };
const text = (value) => ({ s: base64(value) });
const ints = (values) => ({ list: { i: values.map(String) } });

/** @returns {{json: string, weights: Buffer}} */
export function toTfjs(network) {
  const nodes = [];
  const weights = [];
  const blocks = [];
  const shapeOf = (shape) => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const constant = (name, shape, values) => {
    const [dtype, type] = values instanceof Int32Array ? ['int32', 'DT_INT32'] : ['float32', 'DT_FLOAT'];
    nodes.push({ name, op: 'Const', attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: shapeOf(shape) } } } });
    weights.push({ name, shape, dtype });
    blocks.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return name;
  };
  nodes.push({ name: 'x', op: 'Placeholder', attr: { dtype: kFloat, shape: { shape: shapeOf(network.inputShape) } } });
  for (const operation of network.operations) {
    const { id, inputs, inputShape, shape, kernel, stride, bias } = operation;
    const window = { strides: ints([1, stride, stride, 1]), padding: text('SAME'), data_format: text('NHWC'),
                     explicit_paddings: { list: {} } };
    const fusion = { num_args: { i: '1' }, epsilon: { f: 0 }, fused_ops: { list: { s: [
      'BiasAdd', ...({ relu: ['Relu'], relu6: ['Relu6'] }[operation.activation] ?? [])].map(base64) } } };
    const parameters = (size) => [constant(`${id}/w`, size, operation.weights), constant(`${id}/b`, [bias.length], bias)];
    const add = (op, more, attr) => nodes.push({ name: id, op, input: [...inputs, ...more], attr: { T: kFloat, ...attr } });
    switch (operation.op) {
      case 'conv':
        add('_FusedConv2D', parameters([kernel, kernel, inputShape[3], shape[3]]),
            { ...window, ...fusion, dilations: ints([1, 1, 1, 1]) });
        break;
      case 'depthwise':
        add('FusedDepthwiseConv2dNative', parameters([kernel, kernel, shape[3], 1]),
            { ...window, ...fusion, dilations: ints([1, 1, 1, 1]) });
        break;
      case 'dense':
        add('_FusedMatMul', parameters([inputShape[1], shape[1]]),
            { ...fusion, transpose_a: { b: false }, transpose_b: { b: false } });
        break;
      case 'maxpool': add('MaxPool', [], { ...window, ksize: ints([1, kernel, kernel, 1]) }); break;
      case 'mean':
        add('Mean', [constant(`${id}/axes`, [2], Int32Array.of(1, 2))], { Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } });
        break;
      case 'flatten':
        add('Reshape', [constant(`${id}/shape`, [2], Int32Array.from(shape))], { Tshape: { type: 'DT_INT32' } });
        break;
      case 'add': add('AddV2', [], {}); break;
      case 'softmax': add('Softmax', [], {}); break;
    }
  }
  return {
    weights: Buffer.concat(blocks),
    json: JSON.stringify({
      format: 'graph-model', generatedBy: 'handful-bench', convertedBy: null,
      modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    }),
  };
}
