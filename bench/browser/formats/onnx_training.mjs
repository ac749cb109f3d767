// A head or a CNN to be trained, as onnxruntime's training build wants it: graphs for a step, an evaluation and the optimizer, and a
// checkpoint with the weights. They are normally made by its Python package.
import * as flatbuffers from 'flatbuffers';
import { kTypes, model, node, sequenceInfo, tensor, valueInfo } from './onnx_proto.mjs';

const kMicrosoft = 'com.microsoft';

// forward, evaluation: nodes from x to `logits`; backward: from "dlogits" to the gradient of each parameter, called so with "_grad".
function graphs({ shape, classes, parameters, constants, values, logits, forward, evaluation, backward }) {
  const names = Object.keys(parameters);
  const loss = node('SoftmaxCrossEntropyLoss', [logits, 'labels'], ['loss', 'logp'], { reduction: 'mean' });
  const inputs = [valueInfo('x', shape), valueInfo('labels', [shape[0]], kTypes.int64),
                  ...names.map((name) => valueInfo(name, parameters[name].shape))];
  const shared = { opset: 15, domains: { [kMicrosoft]: 1 } };
  return {
    'train.onnx': model({
      ...shared, values, constants: [tensor('axis', [1], BigInt64Array.of(0n)), tensor('one', [], Float32Array.of(1)), ...constants],
      nodes: [...forward, loss,
              node('SoftmaxCrossEntropyLossGrad', ['one', 'logp', 'labels'], 'dlogits', { reduction: 'mean' }, kMicrosoft), ...backward,
              ...names.map((name) => node('InPlaceAccumulatorV2', [`${name}_grad.accumulation.buffer`, `${name}_grad`, 'lazy_reset_grad'],
                                          `${name}_grad.accumulation.out`, {}, kMicrosoft))],
      inputs: [...inputs, ...names.map((name) => valueInfo(`${name}_grad.accumulation.buffer`, parameters[name].shape)),
               valueInfo('lazy_reset_grad', [1], kTypes.bool)],
      outputs: [valueInfo('loss', []), ...names.map((name) => valueInfo(`${name}_grad.accumulation.out`, [1], kTypes.bool))] }),
    'eval.onnx': model({ ...shared, constants, nodes: [...evaluation, loss], inputs,
                         outputs: [valueInfo('loss', []), valueInfo('logp', [shape[0], classes])] }),
    'optimizer.onnx': model({
      ...shared,
      nodes: [node('AdamWOptimizer', ['learning_rate', 'step', 'params', 'gradients', 'first_order_moments', 'second_order_moments'],
                   'updated_flag', { alpha: { float: 0.9 }, beta: { float: 0.999 }, epsilon: { float: 1e-8 }, weight_decay: { float: 0 },
                                     adam_mode: 0, correct_bias: 1 }, kMicrosoft)],
      inputs: [valueInfo('learning_rate', []), valueInfo('step', [], kTypes.int64),
               ...['params', 'gradients', 'first_order_moments', 'second_order_moments'].map(sequenceInfo)],
      outputs: [valueInfo('updated_flag', [], kTypes.bool)] }),
  };
}

// onnxruntime/core/flatbuffers/schema/ort_training_checkpoint.fbs: Checkpoint{version, ModuleState{requires_grad_params}, …}.
function checkpoint(parameters) {
  const builder = new flatbuffers.Builder(1 << 20);
  const vector = (items) => {
    builder.startVector(4, items.length, 4);
    for (const item of [...items].reverse()) builder.addOffset(item);
    return builder.endVector();
  };
  const object = (fields, fill) => {
    builder.startObject(fields);
    fill();
    return builder.endObject();
  };
  const tensors = Object.entries(parameters).map(([name, { shape, values }]) => {
    const raw = new Uint8Array(values.buffer);
    builder.startVector(1, raw.length, 8);
    builder.space -= raw.length;
    builder.bb.bytes().set(raw, builder.space);
    const data = builder.endVector();
    builder.startVector(8, shape.length, 8);
    for (const size of [...shape].reverse()) builder.addInt64(BigInt(size));
    const sizes = builder.endVector();
    const text = builder.createString(name);
    return object(7, () => {
      builder.addFieldOffset(0, text, 0);
      builder.addFieldOffset(2, sizes, 0);
      builder.addFieldInt32(3, kTypes.float, 0);
      builder.addFieldOffset(4, data, 0);
    });
  });
  const [trained, frozen] = [vector(tensors), vector([])];
  const state = object(4, () => {
    builder.addFieldOffset(0, trained, 0);
    builder.addFieldOffset(1, frozen, 0);
  });
  const empty = [vector([]), vector([]), vector([])];
  const properties = object(3, () => empty.forEach((offset, at) => builder.addFieldOffset(at, offset, 0)));
  builder.finish(object(4, () => {
    builder.addFieldInt32(0, 1, 0);
    builder.addFieldOffset(1, state, 0);
    builder.addFieldOffset(3, properties, 0);
  }), 'ODTC');
  return builder.asUint8Array();
}

const denseBackward = (x, dy, w, b, dx) => [
  node('Gemm', [x, dy], `${w}_grad`, { transA: 1 }), node('ReduceSum', [dy, 'axis'], `${b}_grad`, { keepdims: 0 }),
  ...(dx ? [node('Gemm', [dy, w], dx, { transB: 1 })] : [])];

const initialised = (random) => ({
  glorot: (shape, fanIn, fanOut) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return { shape, values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => (random() * 2 - 1) * limit) };
  },
  zeros: (size) => ({ shape: [size], values: new Float32Array(size) }),
});

/** File name → content. random: of nets.mjs. */
export function toOnnxTraining({ features, hidden, classes, dropout }, random) {
  const { glorot, zeros } = initialised(random);
  const parameters = { w1: glorot([features, hidden], features, hidden), b1: zeros(hidden),
                       w2: glorot([hidden, classes], hidden, classes), b2: zeros(classes) };
  const hiddenLayer = [node('Gemm', ['x', 'w1', 'b1'], 'z1'), node('Relu', ['z1'], 'h')];
  const output = (from) => node('Gemm', [from, 'w2', 'b2'], 'z2');
  return {
    ...graphs({
      shape: ['n', features], classes, parameters, values: [], logits: 'z2',
      constants: [tensor('rate', [], Float32Array.of(dropout)), tensor('training', [], Uint8Array.of(1))],
      forward: [...hiddenLayer, node('Dropout', ['h', 'rate', 'training'], ['d', 'mask']), output('d')],
      evaluation: [...hiddenLayer, output('h')],
      backward: [...denseBackward('d', 'dlogits', 'w2', 'b2', 'dd'),
                 node('DropoutGrad', ['dd', 'mask', 'rate', 'training'], 'dh', {}, kMicrosoft),
                 node('ReluGrad', ['dh', 'h'], 'dz1', {}, kMicrosoft), ...denseBackward('x', 'dz1', 'w1', 'b1')] }),
    checkpoint: checkpoint(parameters) };
}

/** The CNN of cnn_task.mjs, of whole mini-batches only. File name → content. */
export function toOnnxCnnTraining({ side, classes, dense, batch }, stages, random) {
  const { glorot, zeros } = initialised(random);
  const [parameters, constants, values, forward, backward] = [{}, [], [], [], []];  // backward: first layer last
  let [at, channels, size] = ['x', 3, side];
  const padded = (total) => [total >> 1, total >> 1, total - (total >> 1), total - (total >> 1)];
  stages.forEach(({ kernel, filters, pool }, s) => {
    const [w, b, z, h, p] = ['w', 'b', 'z', 'h', 'p'].map((name) => `${name}${s}`);
    const area = kernel * kernel;
    parameters[w] = glorot([filters, channels, kernel, kernel], area * channels, area * filters);
    parameters[b] = zeros(filters);
    const convolution = { kernel_shape: [kernel, kernel], pads: padded(kernel - 1), strides: [1, 1], dilations: [1, 1], group: 1 };
    const half = Math.ceil(size / 2);
    const pooling = { kernel_shape: [pool, pool], pads: padded((half - 1) * 2 + pool - size), strides: [2, 2] };
    forward.push(node('Conv', [at, w, b], z, convolution), node('Relu', [z], h), node('MaxPool', [h], [p, `${p}_at`], pooling));
    values.push(valueInfo(`d${h}`, [batch, filters, size, size]));
    backward.unshift(node('MaxPoolGrad', [`d${p}`, `${p}_at`], `d${h}`, pooling), node('ReluGrad', [`d${h}`, h], `d${z}`, {}, kMicrosoft),
                     node('ConvGrad', [`d${z}`, at, w], [s ? `d${at}` : '', `${w}_grad`, `${b}_grad`], convolution, kMicrosoft));
    [at, channels, size] = [p, filters, half];
  });
  let inputs = channels * size * size;
  constants.push(tensor('maps', [4], BigInt64Array.of(...[batch, channels, size, size].map(BigInt))),
                 tensor('rows', [2], BigInt64Array.of(-1n, BigInt(inputs))));
  forward.push(node('Reshape', [at, 'rows'], 'flat'));
  backward.unshift(node('Reshape', ['dflat', 'maps'], `d${at}`));
  at = 'flat';
  [...dense, classes].forEach((units, l) => {
    const [w, b, z, h] = ['v', 'c', 'y', 'g'].map((name) => `${name}${l}`);
    const last = l === dense.length;
    parameters[w] = glorot([inputs, units], inputs, units);
    parameters[b] = zeros(units);
    forward.push(node('Gemm', [at, w, b], last ? 'logits' : z), ...(last ? [] : [node('Relu', [z], h)]));
    backward.unshift(...(last ? [] : [node('ReluGrad', [`d${h}`, h], `d${z}`, {}, kMicrosoft)]),
                     ...denseBackward(at, last ? 'dlogits' : `d${z}`, w, b, `d${at}`));
    [at, inputs] = [h, units];
  });
  return { ...graphs({ shape: [batch, 3, side, side], classes, parameters, constants, values, logits: 'logits', forward, evaluation: forward, backward }),
           checkpoint: checkpoint(parameters) };
}
