// TensorFlow.js' layers API on its WebAssembly backend, one thread, trained by model.fit.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, getBackend, ready, setBackend, tensor2d, train } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';

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
