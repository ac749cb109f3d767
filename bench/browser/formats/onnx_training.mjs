// A head to be trained, as onnxruntime's training build wants it: graphs for a step, an evaluation and the optimizer, and a
// checkpoint with the weights. They are normally made by its Python package.
import * as flatbuffers from 'flatbuffers';
import { kTypes, model, node, sequenceInfo, tensor, valueInfo } from './onnx_proto.mjs';

const kMicrosoft = 'com.microsoft';

function graphs({ features, hidden, classes, dropout }, parameters) {
  const names = Object.keys(parameters);
  const bool = Uint8Array.of(1);
  const constants = [tensor('axis', [1], BigInt64Array.of(0n)), tensor('one', [], Float32Array.of(1)),
                     tensor('rate', [], Float32Array.of(dropout)), tensor('training', [], bool)];
  const loss = (logits) => node('SoftmaxCrossEntropyLoss', [logits, 'labels'], ['loss', 'logp'], { reduction: 'mean' });
  const forward = [node('Gemm', ['x', 'w1', 'b1'], 'z1'), node('Relu', ['z1'], 'h')];
  const output = (from) => node('Gemm', [from, 'w2', 'b2'], 'z2');
  const backward = [
    node('SoftmaxCrossEntropyLossGrad', ['one', 'logp', 'labels'], 'dz2', { reduction: 'mean' }, kMicrosoft),
    node('Gemm', ['d', 'dz2'], 'w2_grad', { transA: 1 }), node('ReduceSum', ['dz2', 'axis'], 'b2_grad', { keepdims: 0 }),
    node('Gemm', ['dz2', 'w2'], 'dd', { transB: 1 }),
    node('DropoutGrad', ['dd', 'mask', 'rate', 'training'], 'dh', {}, kMicrosoft),
    node('ReluGrad', ['dh', 'h'], 'dz1', {}, kMicrosoft),
    node('Gemm', ['x', 'dz1'], 'w1_grad', { transA: 1 }), node('ReduceSum', ['dz1', 'axis'], 'b1_grad', { keepdims: 0 }),
    ...names.map((name) => node('InPlaceAccumulatorV2', [`${name}_grad.accumulation.buffer`, `${name}_grad`, 'lazy_reset_grad'],
                                `${name}_grad.accumulation.out`, {}, kMicrosoft))];
  const inputs = [valueInfo('x', ['n', features]), valueInfo('labels', ['n'], kTypes.int64),
                  ...names.map((name) => valueInfo(name, parameters[name].shape))];
  const shared = { opset: 15, domains: { [kMicrosoft]: 1 } };
  return {
    'train.onnx': model({
      ...shared, constants,
      nodes: [...forward, node('Dropout', ['h', 'rate', 'training'], ['d', 'mask']), output('d'), loss('z2'), ...backward],
      inputs: [...inputs, ...names.map((name) => valueInfo(`${name}_grad.accumulation.buffer`, parameters[name].shape)),
               valueInfo('lazy_reset_grad', [1], kTypes.bool)],
      outputs: [valueInfo('loss', []), ...names.map((name) => valueInfo(`${name}_grad.accumulation.out`, [1], kTypes.bool))] }),
    'eval.onnx': model({ ...shared, nodes: [...forward, output('h'), loss('z2')], inputs,
                         outputs: [valueInfo('loss', []), valueInfo('logp', ['n', classes])] }),
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

/** File name → content. random: of nets.mjs. */
export function toOnnxTraining(task, random) {
  const { features, hidden, classes } = task;
  const glorot = (rows, columns) => {
    const limit = Math.sqrt(6 / (rows + columns));
    return { shape: [rows, columns], values: Float32Array.from({ length: rows * columns }, () => (random() * 2 - 1) * limit) };
  };
  const zeros = (size) => ({ shape: [size], values: new Float32Array(size) });
  const parameters = { w1: glorot(features, hidden), b1: zeros(hidden), w2: glorot(hidden, classes), b2: zeros(classes) };
  return { ...graphs(task, parameters), checkpoint: checkpoint(parameters) };
}
