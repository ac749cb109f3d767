// Both networks, layer by layer, with random weights: XNNPACK's answers against TensorFlow.js' CPU backend.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { readSafetensors, writeSafetensors } from './lib/safetensors.mjs';
import { kShells, run } from './lib/shell.mjs';

const kSide = 224;
const kTolerance = 1e-4;
const folder = mkdtempSync(join(tmpdir(), 'handful-layers-'));
after(() => rmSync(folder, { recursive: true }));
before(() => tf.setBackend('cpu'));

// mulberry32, uniform in [-1, 1).
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A tensor of `shape`, uniform in centre ± limit. */
function randomTensor(random, shape, limit, centre = 0) {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => centre + limit * random());
  return { shape, values };
}

const tensorOf = ({ shape, values }) => tf.tensor(values, shape);

// A picture as an uncompressed BMP, and its pixels.
function randomPicture(random) {
  const rgb = Uint8Array.from({ length: kSide * kSide * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % kSide, y = Math.floor(i / 3 / kSide);
    return 128 + 80 * Math.sin(x / 17 + i % 3) * Math.cos(y / 23) + 40 * random();
  });
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + rgb.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(kSide, 18);
  header.writeInt32LE(-kSide, 22);  // rows from the top
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const bgr = Buffer.from(rgb);
  for (let i = 0; i < bgr.length; i += 3) [bgr[i], bgr[i + 2]] = [rgb[i + 2], rgb[i]];
  return { file: Buffer.concat([header, bgr]), rgb };
}

const metadata = (fields) => ({
  format: 'handful-model', format_version: '1', title: 'random', input_side: `${kSide}`, crop_mode: 'center', ...fields,
});

/** What the shell says every layer makes of the picture, against `expected`: layer → tf.Tensor3D. */
function compare(shell, model, picture, expected) {
  const files = { model: join(folder, 'model.safetensors'), picture: join(folder, 'picture.bmp'), out: join(folder, 'out.safetensors') };
  writeFileSync(files.model, model);
  writeFileSync(files.picture, picture.file);
  const { status, stderr } = run(shell, ['layers', files.model, files.picture, '--out', files.out]);
  assert.equal(status, 0, stderr);
  const actual = readSafetensors(readFileSync(files.out));
  assert.deepEqual(Object.keys(actual), [...expected.keys()]);
  let worst = 0;
  for (const [name, tensor] of expected) {
    const values = tensor.dataSync();
    assert.equal(actual[name].values.length, values.length, name);
    let largest = 0;
    let difference = 0;
    for (let i = 0; i < values.length; ++i) {
      difference = Math.max(difference, Math.abs(values[i] - actual[name].values[i]));
      largest = Math.max(largest, Math.abs(values[i]));
    }
    assert.ok(difference <= kTolerance, `${name}: max |Δ| ${difference}`);
    assert.ok(largest > 0.05, `${name} is all but zero: nothing was compared`);
    worst = Math.max(worst, difference);
  }
  return worst;
}

// ---- the write-up's CNN ----

const kStages = [{ kernel: 3, filters: 6, pool: 2 }, { kernel: 4, filters: 16, pool: 4 }, { kernel: 5, filters: 16, pool: 2 }];

function randomCnn() {
  const random = randomNumbers(1);
  const weights = {};
  const add = (name, shape) => {
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    weights[`${name}/kernel`] = randomTensor(random, shape, Math.sqrt(6 / fanIn));
    weights[`${name}/bias`] = randomTensor(random, shape.slice(-1), 0.1);
  };
  let channels = 3;
  kStages.forEach(({ kernel, filters }, i) => {
    add(`conv${i + 1}`, [kernel, kernel, channels, filters]);
    channels = filters;
  });
  add('dense1', [28 * 28 * 16, 256]);
  add('dense2', [256, 128]);
  add('output', [128, 4]);
  return weights;
}

function cnnByTensorFlow(weights, rgb) {
  const layers = new Map();
  const w = (name) => tensorOf(weights[name]);
  const keep = (name, x) => (layers.set(name, x), x);
  let x = tf.tensor(Float32Array.from(rgb, (v) => v / 255), [1, kSide, kSide, 3]);
  kStages.forEach(({ pool }, i) => {
    x = keep(`conv${i + 1}`, tf.relu(tf.add(tf.conv2d(x, w(`conv${i + 1}/kernel`), 1, 'same'), w(`conv${i + 1}/bias`))));
    x = keep(`pool${i + 1}`, tf.maxPool(x, pool, 2, 'same'));
  });
  x = tf.reshape(x, [1, -1]);
  for (const name of ['dense1', 'dense2', 'output']) {
    x = tf.add(tf.matMul(x, w(`${name}/kernel`)), w(`${name}/bias`));
    keep(name, name === 'output' ? x : (x = tf.relu(x)));
  }
  return layers;
}

// ---- MobileNetV2 α = 0.35, by the table of the paper and Keras' rounding ----

function mobileNetBlocks() {
  const divisible = (v) => {
    const n = Math.max(8, Math.floor(Math.floor(v + 4) / 8) * 8);
    return n < 0.9 * v ? n + 8 : n;
  };
  const blocks = [];
  let channels = divisible(32 * 0.35);
  const stages = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]];
  for (const [expansion, filters, repeats, stride] of stages) {
    for (let i = 0; i < repeats; ++i) {
      const out = divisible(Math.floor(filters * 0.35));
      blocks.push({ expansion, in: channels, out, stride: i === 0 ? stride : 1 });
      channels = out;
    }
  }
  return blocks;
}

function randomMobileNet() {
  const random = randomNumbers(2);
  const weights = {};
  const conv = (name, batchNorm, shape, depthwise = false) => {
    const fanIn = shape[0] * shape[1] * (depthwise ? 1 : shape[2]);
    weights[`${name}/${depthwise ? 'depthwise_kernel' : 'kernel'}`] = randomTensor(random, shape, Math.sqrt((name.endsWith('project') ? 3 : 6) / fanIn));
    const channels = depthwise ? shape[2] : shape[3];
    for (const [part, centre] of [['gamma', 1], ['beta', 0], ['moving_mean', 0], ['moving_variance', 1]]) {
      weights[`${batchNorm}/${part}`] = randomTensor(random, [channels], 0.2, centre);
    }
  };
  conv('Conv1', 'bn_Conv1', [3, 3, 3, 16]);
  mobileNetBlocks().forEach(({ expansion, in: channels, out }, i) => {
    const prefix = i === 0 ? 'expanded_conv_' : `block_${i}_`;
    const expanded = channels * expansion;
    if (i > 0) conv(`${prefix}expand`, `${prefix}expand_BN`, [1, 1, channels, expanded]);
    conv(`${prefix}depthwise`, `${prefix}depthwise_BN`, [3, 3, expanded, 1], true);
    conv(`${prefix}project`, `${prefix}project_BN`, [1, 1, expanded, out]);
  });
  conv('Conv_1', 'Conv_1_bn', [1, 1, 112, 1280]);
  return weights;
}

function mobileNetByTensorFlow(weights, rgb) {
  const layers = new Map();
  const w = (name) => tensorOf(weights[name]);
  const keep = (name, x) => (layers.set(name, x), x);
  const normalise = (x, name) =>
    tf.batchNorm(x, w(`${name}/moving_mean`), w(`${name}/moving_variance`), w(`${name}/beta`), w(`${name}/gamma`), 1e-3);
  const conv = (x, name, batchNorm, stride = 1) => normalise(tf.conv2d(x, w(`${name}/kernel`), stride, 'same'), batchNorm);

  let x = tf.tensor(Float32Array.from(rgb, (v) => v / 127.5 - 1), [1, kSide, kSide, 3]);
  x = keep('Conv1', tf.relu6(conv(x, 'Conv1', 'bn_Conv1', 2)));
  mobileNetBlocks().forEach(({ in: channels, out, stride }, i) => {
    const prefix = i === 0 ? 'expanded_conv_' : `block_${i}_`;
    const input = x;
    if (i > 0) x = keep(`${prefix}expand`, tf.relu6(conv(x, `${prefix}expand`, `${prefix}expand_BN`)));
    x = tf.depthwiseConv2d(x, w(`${prefix}depthwise/depthwise_kernel`), stride, 'same');
    x = keep(`${prefix}depthwise`, tf.relu6(normalise(x, `${prefix}depthwise_BN`)));
    x = keep(`${prefix}project`, conv(x, `${prefix}project`, `${prefix}project_BN`));
    if (stride === 1 && channels === out) x = keep(`${prefix}add`, tf.add(input, x));
  });
  x = keep('Conv_1', tf.relu6(conv(x, 'Conv_1', 'Conv_1_bn')));
  keep('global_average_pooling2d', tf.mean(x, [1, 2]));
  return layers;
}

const picture = randomPicture(randomNumbers(3));

test('the CNN agrees with TensorFlow.js layer by layer', async (t) => {
  const weights = randomCnn();
  const expected = cnnByTensorFlow(weights, picture.rgb);
  const model = writeSafetensors(weights, metadata({
    network: 'finger_cnn', classes: '["0","1","2","3"]', input_scale: `${Math.fround(1 / 255)}`, input_offset: '0',
  }));
  for (const shell of kShells) {
    await t.test(shell.name, shell.options, (sub) => sub.diagnostic(`max |Δ| ${compare(shell, model, picture, expected)}`));
  }
});

test('MobileNetV2 agrees with TensorFlow.js layer by layer', async (t) => {
  const weights = randomMobileNet();
  const expected = mobileNetByTensorFlow(weights, picture.rgb);
  const hash = createHash('sha256');
  for (const { values } of Object.values(weights)) hash.update(Buffer.from(values.buffer));
  const model = writeSafetensors(weights, metadata({
    network: 'mobilenet_v2_backbone', alpha: '0.35', backbone_sha256: hash.digest('hex'),
    input_scale: `${Math.fround(1 / 127.5)}`, input_offset: '-1',
  }));
  for (const shell of kShells) {
    await t.test(shell.name, shell.options, (sub) => sub.diagnostic(`max |Δ| ${compare(shell, model, picture, expected)}`));
  }
});
