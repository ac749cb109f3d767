// Full trainings on the 1,380 finger photos: ./tools/test --long.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kRoot } from '../../tools/lib/import_typescript.mjs';
import { kDataFolder, kLong, kNeedsData } from './lib/data.mjs';
import { kNeedsOfficial, kShells, run } from './lib/shell.mjs';

const folder = mkdtempSync(join(tmpdir(), 'handful-accuracy-'));
after(() => rmSync(folder, { recursive: true }));
const [native, simd] = kShells;
const kOptions = { ...kNeedsData, ...kNeedsOfficial, ...native.options, ...simd.options, ...kLong };
const fingers = join(kDataFolder, 'fingers');
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function train(shell, ...args) {
  const { status, stderr, rows } = run(shell, ['train', fingers, '--json', ...args]);
  assert.equal(status, 0, stderr);
  return rows.at(-1);
}

test('the write-up is reproduced on a random split', kOptions, (t) => {
  const accuracies = [1, 2, 3].map(
    (seed) => train(native, '--recipe', 'writeup', '--seed', `${seed}`, '--out', join(folder, 'random.safetensors')).val_accuracy);
  t.diagnostic(`accuracies ${accuracies.map((a) => a.toFixed(4))}, mean ${mean(accuracies).toFixed(4)}`);
  assert.ok(mean(accuracies) >= 0.985);
});

test('a session that was held out is answered right nine times out of ten', kOptions, (t) => {
  const means = [1, 2, 3].map((seed) => {
    const { folds } = train(native, '--recipe', 'writeup', '--seed', `${seed}`, '--group', '^(\\d\\d)-', '--folds', 'group');
    t.diagnostic(`seed ${seed}: ${folds.map((f) => `${f.group} ${f.val_accuracy.toFixed(3)}`).join(', ')}`);
    return mean(folds.map((f) => f.val_accuracy));
  });
  t.diagnostic(`mean ${mean(means).toFixed(4)}`);
  assert.ok(mean(means) >= 0.89);
});

test('the committed fingers head comes out of its recipe, bit for bit', kOptions, () => {
  const [whole, half] = ['whole', 'half'].map((name) => join(folder, `${name}.safetensors`));
  train(simd, '--title', 'raised fingers', '--group', '^(\\d\\d)-', '--folds', 'group', '--out', whole);
  assert.equal(run(native, ['convert', whole, '--f16', '--out', half]).status, 0);
  assert.deepEqual(readFileSync(half), readFileSync(join(kRoot, 'models/fingers-head.safetensors')));
});

const kScratch = ['--network', 'cnn', '--patience', '0', '--batch', '32', '--size', '112', '--schedule', 'cosine', '--label-smoothing', '0.05', '--dropout-dense', '0.3'];

test('from scratch, a random split is answered right 97 times of 100', kOptions, (t) => {
  const recipe = [...kScratch, '--recipe', 'writeup', '--epochs', '40', '--augment', '1', '--rotate', '12', '--zoom', '0.12'];
  const accuracies = [1, 2, 3].map((seed) => train(native, ...recipe, '--seed', `${seed}`, '--out', join(folder, 'scratch.safetensors')).val_accuracy);
  t.diagnostic(`accuracies ${accuracies.map((a) => a.toFixed(4))}, mean ${mean(accuracies).toFixed(4)}`);
  assert.ok(mean(accuracies) >= 0.97);
});

test('the committed network from scratch comes out of its recipe, bit for bit', kOptions, () => {
  const [whole, half] = ['whole-cnn', 'half-cnn'].map((name) => join(folder, `${name}.safetensors`));
  train(simd, ...kScratch, '--epochs', '30', '--augment', '2', '--rotate', '20', '--zoom', '0.2', '--light', '0.5', '--color', '1', '--invert',
        '--weight-decay', '0.01', '--val', '0', '--title', 'raised fingers, from scratch', '--out', whole);
  assert.equal(run(native, ['convert', whole, '--f16', '--out', half]).status, 0);
  assert.deepEqual(readFileSync(half), readFileSync(join(kRoot, 'models/fingers-cnn.safetensors')));
});
