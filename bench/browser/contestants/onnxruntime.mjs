// onnxruntime-web, its WebAssembly execution provider, one thread. Loaded as its documentation says, not bundled.
export const inputLayout = 'NCHW';

let ort;
let session;

export async function init({ net, models }) {
  const folder = '/node_modules/onnxruntime-web/dist/';
  ort = await import(`${folder}ort.wasm.min.mjs`);
  ort.env.wasm.wasmPaths = location.origin + folder;
  ort.env.wasm.numThreads = 1;
  session = await ort.InferenceSession.create(`${models}/${net}.onnx`, { graphOptimizationLevel: 'all' });
}

export async function infer(values) {
  const outputs = await session.run({ x: new ort.Tensor('float32', values, [1, 3, 224, 224]) });
  return Object.values(outputs)[0].data;
}
