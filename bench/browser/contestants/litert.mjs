// LiteRT.js (@litertjs/core): TFLite's XNNPACK delegate in WebAssembly, one thread.
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

let model;

export async function init({ net, models }) {
  await loadLiteRt('/node_modules/@litertjs/core/wasm/', { threads: false });
  model = await loadAndCompile(`${models}/${net}.tflite`, { accelerator: 'wasm', cpuOptions: { numThreads: 1 } });
}

export async function infer(values) {
  const input = new Tensor(values, [1, 224, 224, 3]);
  const [output] = await model.run(input);
  const answer = output.toTypedArray().slice();
  output.delete();
  input.delete();
  return answer;
}
