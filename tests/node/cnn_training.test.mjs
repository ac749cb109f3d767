// The first steps of a training from scratch against TensorFlow.js on the CPU, from the same first weights and in the same order,
// natively and as WebAssembly.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { pcg } from './lib/pcg.mjs';
import { readSafetensors, writeSafetensors } from './lib/safetensors.mjs';
import { kShells, run } from './lib/shell.mjs';

const kSide = 96, kClasses = 3, kBatch = 4, kSeed = 7, kLearningRate = 0.001;
const kDense = [24, 12];
const kStages = [{ kernel: 3, filters: 6, pool: 2 }, { kernel: 4, filters: 16, pool: 4 }, { kernel: 5, filters: 16, pool: 2 }];
const kFeatures = (kSide / 8) ** 2 * 16;
const folder = mkdtempSync(join(tmpdir(), 'handful-cnn-'));
after(() => rmSync(folder, { recursive: true }));

/** One step an epoch, so that each step's loss is told; and several, so that it matters which pictures come in which. */
const kRuns = [{ name: 'ten epochs of one step', pictures: kBatch, epochs: 10 },
               { name: 'four steps of one epoch', pictures: 4 * kBatch, epochs: 1 }];
const labelOf = ({ pictures }, i) => Math.floor(i * kClasses / pictures);
const pathOf = (task, i) => join(folder, `${task.pictures}`, `${labelOf(task, i)}`, `${`${i}`.padStart(2, '0')}.bmp`);

before(() => {
  const random = pcg(1, 1);
  for (const task of kRuns) {
    for (let i = 0; i < task.pictures; ++i) {
      mkdirSync(dirname(pathOf(task, i)), { recursive: true });
      writeFileSync(pathOf(task, i), shapes(random));
    }
  }
});

// An uncompressed BMP: a few rectangles of different colours on a noisy ground.
function shapes(random) {
  const kPixels = 224;
  const file = Buffer.alloc(54 + kPixels * kPixels * 3);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(kPixels, 18);
  file.writeInt32LE(kPixels, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let at = 54; at < file.length; ++at) file[at] = random() & 127;
  for (let rectangle = 0; rectangle < 5; ++rectangle) {
    const [x0, y0, width, height, ...color] = Array.from({ length: 7 }, () => random() & 127);
    for (let y = y0; y < Math.min(kPixels, y0 + height); ++y) {
      for (let x = x0; x < Math.min(kPixels, x0 + width); ++x) {
        for (let c = 0; c < 3; ++c) file[54 + (y * kPixels + x) * 3 + c] += color[c];
      }
    }
  }
  return file;
}

// Glorot & Bengio 2010, as Handful draws it: stream 2 of the seed, one layer after the other.
function firstWeights() {
  const random = pcg(kSeed, 2);
  const tensors = {};
  const add = (name, fanIn, fanOut, shape) => {
    const limit = Math.fround(Math.sqrt(6 / (fanIn + fanOut)));
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () =>
      Math.fround(-limit + Math.fround(Math.fround(2 * limit) * ((random() >>> 8) / 2 ** 24))));
    tensors[`${name}/kernel`] = { shape, values };
    tensors[`${name}/bias`] = { shape: [shape.at(-1)], values: new Float32Array(shape.at(-1)) };
  };
  let channels = 3;
  for (const [at, { kernel, filters }] of kStages.entries()) {
    add(`conv${at + 1}`, kernel * kernel * channels, kernel * kernel * filters, [kernel, kernel, channels, filters]);
    channels = filters;
  }
  let inputs = kFeatures;
  for (const [at, units] of [...kDense, kClasses].entries()) {
    add(at < kDense.length ? `dense${at + 1}` : 'output', inputs, units, [inputs, units]);
    inputs = units;
  }
  return tensors;
}

// The order of every epoch: Fisher-Yates on stream 3, each on top of the one before.
function orders({ pictures, epochs }) {
  const random = pcg(kSeed, 3);
  const order = Array.from({ length: pictures }, (_, i) => i);
  return Array.from({ length: epochs }, () => {
    for (let i = pictures; i > 1; --i) {
      const threshold = (2 ** 32 - i) % i;
      let r = random();
      while (r < threshold) r = random();
      [order[i - 1], order[r % i]] = [order[r % i], order[i - 1]];
    }
    return [...order];
  });
}

// What the network is given, as a first convolution that changes nothing lets it through.
function inputsOf(shell, task) {
  const tensors = firstWeights();
  const { values } = tensors['conv1/kernel'];
  values.fill(0);
  for (let c = 0; c < 3; ++c) values[(4 * 3 + c) * 6 + c] = 1;
  const [model, out] = [join(folder, 'identity.safetensors'), join(folder, 'layers.safetensors')];
  writeFileSync(model, writeSafetensors(tensors, {
    format: 'handful-model', format_version: '1', title: '', network: 'finger_cnn', classes: JSON.stringify(['0', '1', '2']), crop_mode: 'center',
    input_side: `${kSide}`, input_scale: '0.003921569', input_offset: '0' }));
  return Array.from({ length: task.pictures }, (_, i) => {
    const { status, stderr } = run(shell, ['layers', model, pathOf(task, i), '--out', out]);
    assert.equal(status, 0, stderr);
    const { shape, values: maps } = readSafetensors(readFileSync(out)).conv1;
    assert.deepEqual(shape, [kSide, kSide, 6]);
    return Float32Array.from({ length: kSide * kSide * 3 }, (_, at) => maps[Math.floor(at / 3) * 6 + at % 3]);
  });
}

/** → {losses: of each step, weights} by TensorFlow.js. */
function reference(task, inputs) {
  const started = firstWeights();
  const names = Object.keys(started);
  const weights = names.map((name) => tf.variable(tf.tensor(started[name].values, started[name].shape), true, name));
  const forward = (x) => {
    let at = 0;
    for (const { pool } of kStages) {
      x = x.conv2d(weights[at++], 1, 'same').add(weights[at++]).relu().maxPool(pool, 2, 'same');
    }
    x = x.reshape([-1, kFeatures]);
    while (at < weights.length - 2) x = x.matMul(weights[at++]).add(weights[at++]).relu();
    return x.matMul(weights[at]).add(weights[at + 1]);
  };
  const adam = tf.train.adam(kLearningRate, 0.9, 0.999);
  const order = orders(task).flat();
  const losses = [];
  for (let step = 0; step < order.length / kBatch; ++step) {
    // Keras, and so Handful, adds 1e-7 to √v; TensorFlow.js to √v after its bias is corrected.
    adam.epsilon = 1e-7 / Math.sqrt(1 - 0.999 ** (step + 1));
    const rows = order.slice(step * kBatch, (step + 1) * kBatch);
    tf.tidy(() => {
      const x = tf.stack(rows.map((row) => tf.tensor3d(inputs[row], [kSide, kSide, 3])));
      const labels = tf.oneHot(tf.tensor1d(rows.map((row) => labelOf(task, row)), 'int32'), kClasses);
      losses.push(adam.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(x)), true, weights).dataSync()[0]);
    });
  }
  const trained = Object.fromEntries(names.map((name, at) => [name, weights[at].dataSync()]));
  tf.disposeVariables();
  return { losses, weights: trained };
}

/** → {losses: of each epoch, weights} by Handful. */
function trained(shell, { pictures, epochs }) {
  const out = join(folder, `${shell.name}.safetensors`);
  const { status, stderr, rows } = run(shell, [
    'train', join(folder, `${pictures}`), '--network', 'cnn', '--out', out, '--epochs', `${epochs}`, '--batch', `${kBatch}`, '--size', `${kSide}`,
    '--dense', kDense.join(','), '--lr', `${kLearningRate}`, '--val', '0', '--patience', '0', '--recipe', 'writeup', '--seed', `${kSeed}`, '--json']);
  assert.equal(status, 0, stderr);
  return { losses: rows.filter(({ epoch }) => epoch).map(({ loss }) => loss), weights: readSafetensors(readFileSync(out)) };
}

const rootMeanSquare = (a, b) => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const task of kRuns) {
  let expected;
  for (const shell of kShells) {
    test(`${task.name} of a network from scratch agree with TensorFlow.js, ${shell.name}`, shell.options, async (t) => {
      if (!expected) {
        await tf.setBackend('cpu');
        expected = reference(task, inputsOf(shell, task));
      }
      const ours = trained(shell, task);
      const losses = task.epochs === 1 ? [mean(expected.losses)] : expected.losses;
      assert.equal(ours.losses.length, losses.length);
      const worst = Math.max(...losses.map((loss, at) => Math.abs(ours.losses[at] / loss - 1)));
      t.diagnostic(`losses ${losses.map((loss) => loss.toFixed(4)).join(' ')} differ by at most ${worst.toExponential(1)} of theirs`);
      assert.ok(worst <= 1e-4);
      const started = firstWeights();
      for (const [name, theirs] of Object.entries(expected.weights)) {
        // In the mean: a weight whose gradient is no more than rounding errors is moved by Adam as far as any other.
        const moved = rootMeanSquare(theirs, started[name].values);
        const difference = rootMeanSquare(theirs, ours.weights[name].values);
        t.diagnostic(`${name}: moved by ${moved.toExponential(1)}, differs by ${difference.toExponential(1)} (root mean square)`);
        assert.ok(moved > kLearningRate / 10, name);
        assert.ok(difference <= 2e-3 * moved, name);
      }
    });
  }
}
