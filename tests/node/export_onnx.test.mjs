// The ONNX bundle in onnxruntime-web and in OpenCV: the golden pictures, and with data every picture of the fingers, give Handful's
// numbers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kRoot } from '../../tools/lib/import_typescript.mjs';
import { answersOf, exportTo, firstOf, goldenPixels, largestDifference, modelsToExport } from './lib/bundles.mjs';
import { kDataFolder, kLong, kNeedsData } from './lib/data.mjs';
import { pngPixels } from './lib/drawn.mjs';
import { packageOrNone } from './lib/packages.mjs';
import { kShells } from './lib/shell.mjs';

const kTolerance = 1e-4;
const shell = kShells[0];
const folder = mkdtempSync(join(tmpdir(), 'handful-export-onnx-'));
const models = modelsToExport(shell, folder);
after(() => rmSync(folder, { recursive: true }));

const needsRuntime = packageOrNone('onnxruntime-web') ? {} : { skip: 'onnxruntime-web is not installed' };
const needsOpenCv = spawnSync('/usr/bin/python3', ['-c', 'import cv2, numpy, PIL']).status === 0
  ? {} : { skip: 'python3-opencv, python3-numpy and python3-pil are not installed' };

/** @returns {Promise<(rgb: Uint8Array) => Promise<number[]>>} probabilities of pixels */
async function load({ folder: bundle, description: { preprocessing: { side } } }) {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(join(bundle, 'model.onnx'))), { executionProviders: ['wasm'] });
  return async (rgb) => {
    const pixels = new Float32Array(rgb.length), plane = side * side;
    rgb.forEach((value, i) => { pixels[(i % 3) * plane + Math.floor(i / 3)] = value; });
    const { probabilities } = await session.run({ pixels: new ort.Tensor('float32', pixels, [1, 3, side, side]) });
    return [...probabilities.data];
  };
}

for (const model of models) {
  test(`${model.name}: onnxruntime-web gives the numbers of the golden pictures`, { ...shell.options, ...model.options, ...needsRuntime }, async (t) => {
    const bundle = exportTo(join(folder, `onnx ${model.name}`), shell, 'onnx', model);
    assert.match(bundle.said, /largest difference 0\n/, 'read back it is the very same model');
    const classify = await load(bundle);
    let largest = 0;
    for (const picture of bundle.description.golden) {
      const answers = await classify(goldenPixels(bundle, picture));
      assert.equal(firstOf(answers), firstOf(picture.probabilities), picture.file);
      largest = Math.max(largest, largestDifference(answers, picture.probabilities));
    }
    assert.ok(largest <= kTolerance, `largest difference ${largest}`);
    t.diagnostic(`largest difference ${largest}`);
  });
}

test('every picture of the fingers has the same answer in onnxruntime-web', { ...shell.options, ...kNeedsData, ...kLong, ...needsRuntime }, async (t) => {
  const model = models.at(-1), bundle = exportTo(join(folder, 'all fingers'), shell, 'onnx', model);
  const classify = await load(bundle);
  let largest = 0, count = 0;
  for (const [file, expected] of answersOf(shell, model, folder, join(kDataFolder, 'fingers'), bundle.description.classes)) {
    const answers = await classify(pngPixels(readFileSync(file)));
    assert.equal(firstOf(answers), firstOf(expected), file);
    largest = Math.max(largest, largestDifference(answers, expected));
    ++count;
  }
  assert.ok(count > 1000, `${count} pictures`);
  assert.ok(largest <= kTolerance, `largest difference ${largest}`);
  t.diagnostic(`${count} pictures, largest difference ${largest}`);
});

test('the sample for Node runs as it is', { ...shell.options, ...needsRuntime }, () => {
  const bundle = exportTo(join(folder, 'sample'), shell, 'onnx', models[0]);
  symlinkSync(join(kRoot, 'tests/node_modules'), join(bundle.folder, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['sample.mjs'], { cwd: bundle.folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^16 golden pictures, largest difference \d/);
});

for (const model of models) {
  test(`${model.name}: the sample for Python runs as it is, in OpenCV`, { ...shell.options, ...model.options, ...needsOpenCv }, (t) => {
    const bundle = exportTo(join(folder, `opencv ${model.name}`), shell, 'onnx', model);
    const [{ file, probabilities }] = bundle.description.golden;
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['sample.py', file], { cwd: bundle.folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const [, largest] = stdout.match(/^16 golden pictures, largest difference (\S+)\n/);
    assert.ok(Number(largest) <= kTolerance, stdout);
    assert.ok(stdout.includes(`${file}: ${bundle.description.classes[firstOf(probabilities)]}, `), stdout);
    t.diagnostic(`largest difference ${largest}`);
  });
}
