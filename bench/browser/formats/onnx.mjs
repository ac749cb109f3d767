// A network of nets.mjs → ONNX (opset 17). ONNX is NCHW: weights are transposed.
import { samePadding } from '../nets.mjs';
import { model, node, tensor, valueInfo } from './onnx_proto.mjs';

// HWIO → OIHW
function convolutionWeights({ weights, kernel, inputShape, shape }) {
  const [area, inputs, outputs] = [kernel * kernel, inputShape[3], shape[3]];
  const out = new Float32Array(weights.length);
  for (let p = 0; p < area; ++p) {
    for (let i = 0; i < inputs; ++i) {
      for (let o = 0; o < outputs; ++o) out[(o * inputs + i) * area + p] = weights[(p * inputs + i) * outputs + o];
    }
  }
  return out;
}

// HWC → C1HW
function depthwiseWeights({ weights, kernel, shape }) {
  const [area, channels] = [kernel * kernel, shape[3]];
  return Float32Array.from(weights, (_, at) => weights[(at % area) * channels + Math.floor(at / area)]);
}

// Rows in the order of a flattened HWC picture → in that of CHW.
function denseAfterFlatten(weights, [, height, width, channels], units) {
  const out = new Float32Array(weights.length);
  const area = height * width;
  for (let p = 0; p < area; ++p) {
    for (let c = 0; c < channels; ++c) {
      out.set(weights.subarray((p * channels + c) * units, (p * channels + c + 1) * units), (c * area + p) * units);
    }
  }
  return out;
}

export function toOnnx({ operations, inputShape: [, height, width, channels] }) {
  const nodes = [];
  const constants = [tensor('c0', [], Float32Array.of(0)), tensor('c6', [], Float32Array.of(6))];
  const parameters = (id, shape, weights, bias) => {
    constants.push(tensor(`${id}w`, shape, weights), tensor(`${id}b`, [bias.length], bias));
    return [`${id}w`, `${id}b`];
  };
  for (const operation of operations) {
    const { op, id, inputs, activation, kernel, stride, inputShape, shape, bias } = operation;
    const output = activation ? `${id}_linear` : id;
    const [before, after] = kernel ? samePadding(inputShape[1], kernel, stride) : [];
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [before, before, after, after] };
    if (op === 'conv') {
      const names = parameters(id, [shape[3], inputShape[3], kernel, kernel], convolutionWeights(operation), bias);
      nodes.push(node('Conv', [...inputs, ...names], output, window));
    } else if (op === 'depthwise') {
      const names = parameters(id, [shape[3], 1, kernel, kernel], depthwiseWeights(operation), bias);
      nodes.push(node('Conv', [...inputs, ...names], output, { ...window, group: shape[3] }));
    } else if (op === 'dense') {
      const flattened = operations.find((other) => other.id === inputs[0] && other.op === 'flatten');
      const weights = flattened ? denseAfterFlatten(operation.weights, flattened.inputShape, shape[1]) : operation.weights;
      nodes.push(node('Gemm', [...inputs, ...parameters(id, [inputShape[1], shape[1]], weights, bias)], output));
    } else if (op === 'mean') {
      nodes.push(node('GlobalAveragePool', inputs, `${id}_map`), node('Flatten', [`${id}_map`], output, { axis: 1 }));
    } else if (op === 'maxpool') nodes.push(node('MaxPool', inputs, output, window));
    else if (op === 'add') nodes.push(node('Add', inputs, output));
    else if (op === 'flatten') nodes.push(node('Flatten', inputs, output, { axis: 1 }));
    else if (op === 'softmax') nodes.push(node('Softmax', inputs, output, { axis: 1 }));
    if (activation === 'relu') nodes.push(node('Relu', [output], id));
    if (activation === 'relu6') nodes.push(node('Clip', [output, 'c0', 'c6'], id));
  }
  const { id, shape } = operations.at(-1);
  return model({ nodes, constants, inputs: [valueInfo('x', [1, channels, height, width])], outputs: [valueInfo(id, shape)], opset: 17 });
}
