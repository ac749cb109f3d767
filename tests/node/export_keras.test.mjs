// Keras files by readers that share nothing with Handful: h5py finds every number, PyTorch runs what the config describes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kRoot } from '../../tools/lib/import_typescript.mjs';
import { exportTo, firstOf, goldenPixels, largestDifference, modelsToExport, tensorOf } from './lib/bundles.mjs';
import { readSafetensors } from './lib/safetensors.mjs';
import { kShells, run } from './lib/shell.mjs';

const kTolerance = 1e-4;
// Debian's, whatever other Python is in PATH.
const kPython = '/usr/bin/python3';
const found = spawnSync(kPython, ['-c', 'import h5py, torch']);
const needsPython = found.status === 0 ? {} : { skip: 'Debian\'s python3-h5py and python3-torch are not installed' };
const shell = kShells[0];
const folder = mkdtempSync(join(tmpdir(), 'handful-export-keras-'));
const models = modelsToExport(shell, folder);
after(() => rmSync(folder, { recursive: true }));

function readByPython(file, inputs) {
  const pictures = join(folder, 'pictures.f32');
  writeFileSync(pictures, Buffer.concat(inputs.map((values) => Buffer.from(values.buffer))));
  const { status, stdout, stderr } = spawnSync(kPython, [join(kRoot, 'tests/python/keras_forward.py'), file, pictures], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const hashOf = ({ shape, values }) => [shape, createHash('sha256').update(Buffer.from(values.buffer)).digest('hex')];
const kNumbered = [['kernel', 'depthwise_kernel', 'gamma'], ['bias', 'beta'], ['moving_mean'], ['moving_variance']];

for (const [format, file] of [['h5', 'keras_model.h5'], ['keras', 'model.keras']]) {
  for (const model of models) {
    test(`${format}, ${model.name}: h5py reads every number, PyTorch gives Handful's answers`, { ...shell.options, ...needsPython, ...model.options }, (t) => {
      const bundle = exportTo(join(folder, `${format} ${model.name}`), shell, format, model);
      const { golden } = bundle.description;
      assert.equal(golden.length, 16);
      const { weights, answers } = readByPython(join(bundle.folder, file), golden.map((picture) => tensorOf(bundle, goldenPixels(bundle, picture))));
      let largest = 0;
      golden.forEach(({ probabilities }, i) => {
        assert.equal(firstOf(answers[i]), firstOf(probabilities));
        largest = Math.max(largest, largestDifference(answers[i], probabilities));
      });
      assert.ok(largest <= kTolerance, `largest difference ${largest}`);
      t.diagnostic(`largest difference ${largest}`);

      // Against Handful's own file of the same model, backbone inside.
      const own = exportTo(join(folder, `own ${format} ${model.name}`), shell, 'safetensors', model);
      const expected = readSafetensors(readFileSync(join(own.folder, 'model.safetensors')));
      assert.equal(Object.keys(weights).length, Object.keys(expected).length);
      for (const [key, found] of Object.entries(weights)) {
        const [layer, weight] = key.split(' ');
        const names = format === 'h5' ? [weight.replace(/:0$/, '')] : kNumbered[Number(weight)].map((name) => `${layer}/${name}`);
        const name = names.find((one) => expected[one]);
        assert.ok(name, key);
        assert.deepEqual(found, hashOf(expected[name]), name);
      }
    });
  }
}

// In a page there is no libhdf5: jsfive reads the file, h5wasm writes it.
const wasm = kShells.find(({ name }) => name === 'simd');
for (const [format, file] of [['h5', 'keras_model.h5'], ['keras', 'model.keras']]) {
  test(`${format}: written and read by JavaScript, it is the same model`, wasm.options, async () => {
    const model = { ...models[0], name: 'from wasm' };
    const natively = exportTo(join(folder, `natively ${format}`), shell, format, model), bundle = exportTo(join(folder, `wasm ${format}`), wasm, format, model);
    const [one, ...others] = [[shell, natively], [shell, bundle], [wasm, natively], [wasm, bundle]].map(([reader, { folder: from }], i) => {
      const out = join(folder, `${format} ${i}.safetensors`);
      const { status, stderr } = run(reader, ['convert', join(from, file), '--out', out]);
      assert.equal(status, 0, stderr);
      return readFileSync(out);
    });
    for (const other of others) assert.ok(one.equals(other));
  });
}

test('the sample program is sound Python', { ...shell.options, ...needsPython }, () => {
  const bundle = exportTo(join(folder, 'sample'), shell, 'h5', models[0]);
  const { status, stderr } = spawnSync(kPython, ['-m', 'py_compile', 'sample.py'], { cwd: bundle.folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
