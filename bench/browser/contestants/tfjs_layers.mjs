// TensorFlow.js' layers API, one thread, trained by model.fit: a head on its WebAssembly backend, a CNN on its CPU backend, as the other
// lacks the gradient of a convolution's kernel.
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, getBackend, ready, setBackend, tensor2d, tensor4d, train } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { cnnValues, kCnnStages } from '../cnn_task.mjs';

let model, inputs, targets;

export async function prepareHead(task, { samples, values, labels }) {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await setBackend('wasm');
  await ready();
  if (getBackend() !== 'wasm') throw new Error(`the backend is ${getBackend()}, not wasm`);
  const oneHot = new Float32Array(samples * task.classes);  // tf.oneHot gives integers' bits on this backend
  labels.forEach((label, at) => { oneHot[at * task.classes + label] = 1; });
  [inputs, targets] = [tensor2d(values, [samples, task.features]), tensor2d(oneHot, [samples, task.classes])];
  model = sequential({ layers: [layers.dense({ inputShape: [task.features], units: task.hidden, activation: 'relu' }),
                                layers.dropout({ rate: task.dropout }), layers.dense({ units: task.classes, activation: 'softmax' })] });
  model.compile({ optimizer: train.adam(task.learningRate), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
}

/** → accuracy on the validation part, after the last epoch. */
export async function trainHead(task) {
  const { history } = await model.fit(inputs, targets, {
    batchSize: task.batch, epochs: task.epochs, validationSplit: task.validation / (task.training + task.validation), shuffle: true,
    yieldEvery: 'never' });
  return history.val_acc.at(-1);
}

// One step of so few pictures that it ends within the minute.
const kFew = 2;

export async function prepareCnn(task, { rgba, labels }) {
  await setBackend('cpu');
  await ready();
  if (getBackend() !== 'cpu') throw new Error(`the backend is ${getBackend()}, not cpu`);
  const oneHot = new Float32Array(kFew * task.classes);
  for (let at = 0; at < kFew; ++at) oneHot[at * task.classes + labels[at]] = 1;
  inputs = tensor4d(cnnValues(task, rgba.slice(0, kFew), 'NHWC'), [kFew, task.side, task.side, 3]);
  targets = tensor2d(oneHot, [kFew, task.classes]);
  model = sequential();
  kCnnStages.forEach(({ kernel, filters, pool }, at) => {
    model.add(layers.conv2d({ ...(at ? {} : { inputShape: [task.side, task.side, 3] }), filters, kernelSize: kernel, padding: 'same', activation: 'relu' }));
    model.add(layers.maxPooling2d({ poolSize: pool, strides: 2, padding: 'same' }));
  });
  model.add(layers.flatten());
  for (const units of task.dense) model.add(layers.dense({ units, activation: 'relu' }));
  model.add(layers.dense({ units: task.classes, activation: 'softmax' }));
  model.compile({ optimizer: train.adam(task.learningRate), loss: 'categoricalCrossentropy' });
}

/** The milliseconds of one step, its pictures and its loss. */
export async function trainCnn() {
  const started = performance.now();
  const { history } = await model.fit(inputs, targets, { batchSize: kFew, epochs: 1, shuffle: false, yieldEvery: 'never' });
  return { ms: performance.now() - started, steps: 1, batch: kFew, loss: history.loss[0] };
}
