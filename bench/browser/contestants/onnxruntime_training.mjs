// onnxruntime-web 1.17.3, the last release with a training build, one thread. Loaded by a script tag, as its documentation says.
import { cnnValues } from '../cnn_task.mjs';

let ort, session, data, validation;

async function loadRuntime() {
  const folder = '/node_modules/ort117/dist/';
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), {
      src: `${folder}ort.training.wasm.min.js`, onload: resolve, onerror: () => reject(new Error('no training build')) });
    document.head.append(script);
  });
  ({ ort } = window);
  ort.env.wasm.wasmPaths = location.origin + folder;
  ort.env.wasm.numThreads = 1;
}

async function openSession(folder) {
  const file = (name) => `${folder}/${name}`;
  session = await ort.TrainingSession.create({ checkpointState: file('checkpoint'), trainModel: file('train.onnx'),
                                               evalModel: file('eval.onnx'), optimizerModel: file('optimizer.onnx') });
}

async function step(x, labels) {
  const { loss } = await session.runTrainStep({ x, labels });
  await session.runOptimizerStep();
  await session.lazyResetGrad();
  return loss.data[0];
}

export async function prepareHead(task, given, { models }) {
  await loadRuntime();
  data = { values: given.values, labels: BigInt64Array.from(given.labels, BigInt) };
  const { training, features } = task;
  validation = { x: new ort.Tensor('float32', data.values.subarray(training * features), [task.validation, features]),
                 labels: new ort.Tensor('int64', data.labels.subarray(training), [task.validation]) };
  await openSession(`${models}/head_training`);
}

/** → accuracy on the validation part, after the last epoch. */
export async function trainHead({ training, features, classes, batch, epochs }) {
  const order = Int32Array.from({ length: training }, (_, at) => at);
  let accuracy = 0;
  for (let epoch = 0; epoch < epochs; ++epoch) {
    for (let i = training - 1; i > 0; --i) {
      const j = Math.floor(Math.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let begin = 0; begin < training; begin += batch) {
      const rows = order.subarray(begin, begin + batch);
      const x = new Float32Array(rows.length * features);
      const labels = new BigInt64Array(rows.length);
      rows.forEach((row, at) => {
        x.set(data.values.subarray(row * features, (row + 1) * features), at * features);
        labels[at] = data.labels[row];
      });
      await step(new ort.Tensor('float32', x, [rows.length, features]), new ort.Tensor('int64', labels, [rows.length]));
    }
    // This release names an evaluation's outputs after those of a step: the second comes without a name.
    const [, { data: scores }] = Object.values(await session.runEvalStep(validation));
    let correct = 0;
    for (let i = 0; i < validation.labels.data.length; ++i) {
      const row = scores.subarray(i * classes, (i + 1) * classes);
      correct += row.indexOf(Math.max(...row)) === Number(validation.labels.data[i]);
    }
    accuracy = correct / validation.labels.data.length;
  }
  return accuracy;
}

export async function prepareCnn(task, { rgba, labels }, { models }) {
  await loadRuntime();
  const values = cnnValues(task, rgba, 'NCHW');
  const floats = 3 * task.side * task.side;
  data = Array.from({ length: task.pictures / task.batch }, (_, at) => ({
    x: new ort.Tensor('float32', values.subarray(at * task.batch * floats, (at + 1) * task.batch * floats), [task.batch, 3, task.side, task.side]),
    labels: new ort.Tensor('int64', BigInt64Array.from(labels.subarray(at * task.batch, (at + 1) * task.batch), BigInt), [task.batch]) }));
  await openSession(`${models}/cnn_training`);
  for (const { x, labels: l } of data) await step(x, l);  // to warm up
}

/** The milliseconds of all steps, and the last one's loss. */
export async function trainCnn({ epochs }) {
  const started = performance.now();
  let loss;
  for (let epoch = 0; epoch < epochs; ++epoch) {
    for (const { x, labels } of data) loss = await step(x, labels);
  }
  return { ms: performance.now() - started, steps: epochs * data.length, loss };
}
