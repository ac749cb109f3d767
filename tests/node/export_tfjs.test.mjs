// The TensorFlow.js bundle in TensorFlow.js itself, and in Teachable Machine's library: the golden pictures give Handful's numbers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { kRoot } from '../../tools/lib/import_typescript.mjs';
import { exportTo, firstOf, goldenPixels, largestDifference, modelsToExport, tensorOf } from './lib/bundles.mjs';
import { packageOrNone } from './lib/packages.mjs';
import { kShells, run } from './lib/shell.mjs';

const kTolerance = 1e-4;
const shell = kShells[0];
const folder = mkdtempSync(join(tmpdir(), 'handful-export-tfjs-'));
const models = modelsToExport(shell, folder);
after(() => rmSync(folder, { recursive: true }));
before(() => tf.setBackend('cpu'));

const require = createRequire(import.meta.url);

function load(bundle, from = tf) {
  const { modelTopology, weightsManifest: [{ weights: weightSpecs }] } = JSON.parse(readFileSync(join(bundle.folder, 'model.json'), 'utf8'));
  const weightData = new Uint8Array(readFileSync(join(bundle.folder, 'weights.bin'))).buffer;
  return from.loadLayersModel(from.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

for (const model of models) {
  test(`${model.name}: TensorFlow.js gives the numbers of the golden pictures`, { ...shell.options, ...model.options }, async (t) => {
    const bundle = exportTo(join(folder, `tfjs ${model.name}`), shell, 'tfjs', model);
    const network = await load(bundle);
    const { preprocessing: { side }, golden } = bundle.description;
    assert.equal(golden.length, 16);
    let largest = 0;
    for (const picture of golden) {
      const output = network.predict(tf.tensor4d(tensorOf(bundle, goldenPixels(bundle, picture)), [1, side, side, 3]));
      const answers = [...output.dataSync()];
      assert.equal(firstOf(answers), firstOf(picture.probabilities), picture.file);
      largest = Math.max(largest, largestDifference(answers, picture.probabilities));
    }
    assert.ok(largest <= kTolerance, `largest difference ${largest}`);
    t.diagnostic(`largest difference ${largest}`);
  });
}

test('the sample program runs as it is, and fails where the weights were changed', shell.options, () => {
  const bundle = exportTo(join(folder, 'sample'), shell, 'tfjs', models[0]);
  symlinkSync(join(kRoot, 'node_modules'), join(bundle.folder, 'node_modules'));
  const runSample = () => spawnSync(process.execPath, ['sample.mjs'], { cwd: bundle.folder, encoding: 'utf8' });
  const sound = runSample();
  assert.equal(sound.status, 0, sound.stderr);
  assert.match(sound.stdout, /largest difference to Handful's own probabilities: \d/);

  const file = join(bundle.folder, 'weights.bin');
  const weights = readFileSync(file);
  weights.writeFloatLE(weights.readFloatLE(weights.length - 4) + 1, weights.length - 4);  // a bias of the last layer
  writeFileSync(file, weights);
  const changed = runSample();
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /the model answers otherwise than in Handful/);
});

test('the bundle comes in again', shell.options, () => {
  const bundle = exportTo(join(folder, 'again'), shell, 'tfjs', models[0]);
  const { rows: [info], status, stderr } = run(shell, ['info', bundle.zip, '--json']);
  assert.equal(status, 0, stderr);
  assert.equal(info.source, 'Handful');
  const before = run(shell, ['info', models[0].file(), '--json']).rows[0];
  assert.deepEqual(info.classes, before.classes);
});

const kTeachableMachine = packageOrNone('@teachablemachine/image');
test('Teachable Machine\'s own library takes the bundle', {
  ...shell.options, ...(kTeachableMachine ? {} : { skip: '@teachablemachine/image is not installed' }),
}, async (t) => {
  // The library's canvas, of which it needs no more here: golden pictures have the model's size already.
  class Canvas {
    getContext() {
      return { drawImage: ({ data }) => { this.data = data; } };
    }
  }
  globalThis.HTMLVideoElement = class {};
  globalThis.document = { createElement: () => new Canvas() };
  const bundle = exportTo(join(folder, 'teachable'), shell, 'tfjs', models[0]);
  const metadata = JSON.parse(readFileSync(join(bundle.folder, 'metadata.json'), 'utf8'));
  const { load: loadTeachable } = require(kTeachableMachine);
  const { modelTopology, weightsManifest: [{ weights: weightSpecs }] } = JSON.parse(readFileSync(join(bundle.folder, 'model.json'), 'utf8'));
  const weightData = new Uint8Array(readFileSync(join(bundle.folder, 'weights.bin'))).buffer;
  const network = await loadTeachable({ load: async () => ({ modelTopology, weightSpecs, weightData }) }, metadata);
  const { classes, preprocessing: { side }, golden } = bundle.description;
  assert.equal(network.getTotalClasses(), classes.length);
  assert.deepEqual(network.getClassLabels(), classes);
  let largest = 0;
  let same = 0;
  for (const picture of golden) {
    const rgb = goldenPixels(bundle, picture);
    const rgba = new Uint8Array(side * side * 4).map((_, i) => i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + i % 4]);
    const answers = await network.predict({ width: side, height: side, data: rgba });
    assert.deepEqual(answers.map(({ className }) => className), classes);
    const probabilities = answers.map(({ probability }) => probability);
    largest = Math.max(largest, largestDifference(probabilities, picture.probabilities));
    same += firstOf(probabilities) === firstOf(picture.probabilities) ? 1 : 0;
  }
  t.diagnostic(`it divides by 127 where the model was taught with 127.5: largest difference ${largest}, ${same} of ${golden.length} first answers the same`);
  assert.ok(largest > 0, 'nothing differs: the library was not what computed');
  assert.ok(largest < 0.1 && same === golden.length, `largest difference ${largest}, ${same} the same`);
});
