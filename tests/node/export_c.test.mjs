// The C source as gcc compiles it, with every warning an error: the golden pictures give Handful's numbers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exportTo, modelsToExport } from './lib/bundles.mjs';
import { kShells } from './lib/shell.mjs';

const kStrict = ['-std=c99', '-Wall', '-Wextra', '-pedantic', '-Werror', '-O2'];
const kMostSecondsPerMegabyte = 10;  // of source, on a machine that does other work, too; an idle one takes 0.3
const needsGcc = spawnSync('gcc', ['--version']).status === 0 ? {} : { skip: 'gcc is not installed' };
const shell = kShells[0];
const folder = mkdtempSync(join(tmpdir(), 'handful-export-c-'));
const models = modelsToExport(shell, folder);
after(() => rmSync(folder, { recursive: true }));

function compile(cwd, ...args) {
  const begin = performance.now();
  const { status, stderr } = spawnSync('gcc', [...kStrict, ...args], { cwd, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return (performance.now() - begin) / 1000;
}

for (const model of models) {
  test(`${model.name}: compiled by gcc, the sample program finds Handful's numbers`, { ...shell.options, ...needsGcc, ...model.options }, (t) => {
    const bundle = exportTo(join(folder, model.name), shell, 'c', model);
    const seconds = compile(bundle.folder, '-o', 'sample', 'sample.c', 'handful_model.c', '-lm');
    const { status, stdout, stderr } = spawnSync('./sample', { cwd: bundle.folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const [, largest] = /largest difference to Handful's own probabilities: (\S+)/.exec(stdout);
    assert.ok(Number(largest) <= 1e-4);
    assert.equal(stdout.match(/^picture \d+: /gm).length, bundle.description.golden.length);
    const megabytes = statSync(join(bundle.folder, 'handful_model.c')).size / 1e6;
    t.diagnostic(`largest difference ${largest}; ${megabytes.toFixed(1)} MB of source compile in ${seconds.toFixed(1)} s`);
    assert.ok(seconds < kMostSecondsPerMegabyte * megabytes, `${seconds} s`);
  });
}

test('wrong numbers fail the sample program, and C++ may include the header', { ...shell.options, ...needsGcc }, () => {
  const bundle = exportTo(join(folder, 'changed'), shell, 'c', models[1]);
  compile(bundle.folder, '-c', 'handful_model.c');
  writeFileSync(join(bundle.folder, 'check.cpp'), '#include "handful_model.h"\nint main() { return handful_classes[0] == nullptr; }\n');
  const cpp = spawnSync('g++', ['-Wall', '-Werror', '-o', 'check', 'check.cpp', 'handful_model.o', '-lm'], { cwd: bundle.folder, encoding: 'utf8' });
  assert.equal(cpp.status, 0, cpp.stderr);
  assert.equal(spawnSync('./check', { cwd: bundle.folder }).status, 0);

  compile(bundle.folder, '-o', 'sample', 'sample.c', 'handful_model.o', '-lm');
  const golden = readFileSync(join(bundle.folder, 'golden.bin'));
  golden.writeFloatLE(0.5, golden.length - 4);
  writeFileSync(join(bundle.folder, 'golden.bin'), golden);
  const { status, stderr } = spawnSync('./sample', { cwd: bundle.folder, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /answers otherwise than in Handful/);
  writeFileSync(join(bundle.folder, 'golden.bin'), golden.subarray(0, golden.length - 1));
  assert.match(spawnSync('./sample', { cwd: bundle.folder, encoding: 'utf8' }).stderr, /golden.bin is cut short/);
});
