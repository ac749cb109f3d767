// TensorFlow.js, its WebAssembly backend (XNNPACK), one thread, a graph model.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { env, getBackend, ready, setBackend, tensor4d } from '@tensorflow/tfjs-core';

let model;

export async function init({ net, models }) {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await setBackend('wasm');
  await ready();
  if (getBackend() !== 'wasm') throw new Error(`the backend is ${getBackend()}, not wasm`);
  model = await loadGraphModel(`${models}/${net}.tfjs/model.json`);
}

export async function infer(values) {
  const input = tensor4d(values, [1, 224, 224, 3]);
  const output = model.predict(input);
  const answer = await output.data();
  input.dispose();
  output.dispose();
  return answer;
}
