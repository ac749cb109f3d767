// The first ten steps of a head training against TensorFlow.js on the CPU, dropout off, the same first weights and order; and
// natively against WebAssembly.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { pcg } from './lib/pcg.mjs';
import { readSafetensors } from './lib/safetensors.mjs';
import { kShells, run } from './lib/shell.mjs';

const kFeatures = 1280, kHidden = 12, kClasses = 3, kBatch = 4, kSteps = 10, kSeed = 7, kLearningRate = 0.002;
const kPictures = kBatch * kSteps;  // one epoch is ten steps
const kNames = ['hidden/kernel', 'hidden/bias', 'output/kernel', 'output/bias'];
const folder = mkdtempSync(join(tmpdir(), 'handful-head-'));
const labelOf = (i) => Math.floor(i * kClasses / kPictures);
const pathOf = (i) => join(folder, 'pictures', `${labelOf(i)}`, `${`${i}`.padStart(2, '0')}.bmp`);
after(() => rmSync(folder, { recursive: true }));

before(() => {
  const random = pcg(1, 1);
  for (let i = 0; i < kPictures; ++i) {
    mkdirSync(dirname(pathOf(i)), { recursive: true });
    writeFileSync(pathOf(i), stripes(random));
  }
});

// An uncompressed BMP of coloured stripes.
function stripes(random) {
  const kSide = 32;
  const file = Buffer.alloc(54 + kSide * kSide * 3);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(kSide, 18);
  file.writeInt32LE(kSide, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  const [width, ...colors] = Array.from({ length: 7 }, () => random() & 255);
  for (let at = 54; at < file.length; ++at) {
    const pixel = Math.floor((at - 54) / 3);
    const stripe = Math.floor(((pixel % kSide) + Math.floor(pixel / kSide)) / (1 + width % 8)) % 2;
    file[at] = colors[stripe * 3 + (at - 54) % 3];
  }
  return file;
}

// Glorot & Bengio 2010, as Handful draws it: stream 2 of the seed, one layer after the other.
function firstWeights() {
  const random = pcg(kSeed, 2);
  const kernel = (rows, columns) => {
    const limit = Math.fround(Math.sqrt(6 / (rows + columns)));
    return tf.tensor2d(Float32Array.from({ length: rows * columns }, () =>
      Math.fround(-limit + Math.fround(Math.fround(2 * limit) * ((random() >>> 8) / 2 ** 24)))), [rows, columns]);
  };
  return [kernel(kFeatures, kHidden), tf.zeros([kHidden]), kernel(kHidden, kClasses), tf.zeros([kClasses])];
}

// The order of the first epoch: Fisher-Yates on stream 3.
function firstOrder() {
  const random = pcg(kSeed, 3);
  const order = Array.from({ length: kPictures }, (_, i) => i);
  for (let i = kPictures; i > 1; --i) {
    const threshold = (2 ** 32 - i) % i;
    let r = random();
    while (r < threshold) r = random();
    [order[i - 1], order[r % i]] = [order[r % i], order[i - 1]];
  }
  return order;
}

function featuresOf(shell) {
  const out = join(folder, `${shell.name}.npy`);
  const { status, stderr } = run(shell, ['features', ...Array.from({ length: kPictures }, (_, i) => pathOf(i)), '--out', out]);
  assert.equal(status, 0, stderr);
  const file = readFileSync(out);
  const begin = 10 + file.readUInt16LE(8);
  return new Float32Array(file.buffer.slice(file.byteOffset + begin, file.byteOffset + file.length));
}

function trainedWeights(shell, ...more) {
  const out = join(folder, `${shell.name}.safetensors`);
  const { status, stderr } = run(shell, [
    'train', join(folder, 'pictures'), '--out', out, '--epochs', '1', '--batch', `${kBatch}`, '--hidden', `${kHidden}`,
    '--lr', `${kLearningRate}`, '--val', '0', '--seed', `${kSeed}`, ...more]);
  assert.equal(status, 0, stderr);
  const tensors = readSafetensors(readFileSync(out));
  return kNames.map((name) => tensors[name].values);
}

const largestDifference = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

for (const shell of kShells) {
  test(`ten steps of Adam agree with TensorFlow.js, ${shell.name}`, shell.options, async (t) => {
    await tf.setBackend('cpu');
    const features = tf.tensor2d(featuresOf(shell), [kPictures, kFeatures]);
    const labels = tf.oneHot(tf.tensor1d(Array.from({ length: kPictures }, (_, i) => labelOf(i)), 'int32'), kClasses);
    const started = firstWeights();
    const weights = started.map((tensor, at) => tf.variable(tensor, true, kNames[at]));
    const [w1, b1, w2, b2] = weights;
    const adam = tf.train.adam(kLearningRate, 0.9, 0.999);
    const order = firstOrder();
    for (let step = 0; step < kSteps; ++step) {
      // Keras, and so Handful, adds 1e-7 to √v; TensorFlow.js to √v after its bias is corrected.
      adam.epsilon = 1e-7 / Math.sqrt(1 - 0.999 ** (step + 1));
      const rows = tf.tensor1d(order.slice(step * kBatch, (step + 1) * kBatch), 'int32');
      adam.minimize(() => tf.losses.softmaxCrossEntropy(
        labels.gather(rows), features.gather(rows).matMul(w1).add(b1).relu().matMul(w2).add(b2)), false, weights);
    }
    const ours = trainedWeights(shell, '--dropout', '0');
    for (const [at, name] of kNames.entries()) {
      const theirs = await weights[at].data();
      const moved = largestDifference(theirs, await started[at].data());
      const difference = largestDifference(theirs, ours[at]);
      t.diagnostic(`${name}: moved by up to ${moved.toExponential(1)}, differs by up to ${difference.toExponential(1)}`);
      assert.ok(moved > kLearningRate);
      assert.ok(difference <= 1e-5, name);
    }
    tf.disposeVariables();
  });
}

const [native, ...others] = kShells;
for (const shell of others) {
  test(`ten steps agree natively and as ${shell.name}`, { ...native.options, ...shell.options }, (t) => {
    const [a, b] = [native, shell].map((s) => trainedWeights(s));
    for (const [at, name] of kNames.entries()) {
      const difference = largestDifference(a[at], b[at]);
      t.diagnostic(`${name} differs by up to ${difference.toExponential(1)}`);
      assert.ok(difference <= 1e-4, name);
    }
  });
}
