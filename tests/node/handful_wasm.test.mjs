// The command line as WebAssembly: what it reads that only JavaScript can read for it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsBuilt } from './lib/built.mjs';
import { kDataFolder, kNeedsData, readData } from './lib/data.mjs';
import { importTypeScript, kRoot } from '../../tools/lib/import_typescript.mjs';

const { packZip } = await importTypeScript('web/engine/zip.ts');
const kBuilt = needsBuilt(join(kRoot, 'build/web-simd/bin/handful.mjs'));
const kTeachableMachine = 'weights/mobilenet_v2_035_224_one_or_two.h5';

// Runs `handful ...args` in a fresh folder that holds `files`; temporary files are looked for there, too.
function handful(args, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'handful-test-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(kRoot, 'tools/handful-wasm.mjs'), ...args],
                                                 { cwd: folder, env: { ...process.env, TMPDIR: folder }, encoding: 'utf8' });
    const left = readdirSync(folder).filter((name) => !(name in files));
    return { stdout, stderr, status, left };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const samples = [1, 2].map((n) => join(kDataFolder, `weights/samples/${n}.jpg`));

test('a Keras .h5 classifies in the WebAssembly shell', { ...kNeedsData, ...kBuilt }, () => {
  const { stdout, status, left } = handful(
    ['classify', '--model', join(kDataFolder, kTeachableMachine), '--top', '1', '--json', ...samples]);
  const rows = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(rows.map(({ top: [{ label }] }) => label), ['class 1', 'class 2']);
  for (const { top: [{ p }] } of rows) assert.ok(p > 0.999, `p = ${p}`);
  assert.equal(status, 0);
  assert.deepEqual(left, []);
});

test('a Teachable Machine zip with an .h5 keeps its labels in the WebAssembly shell', { ...kNeedsData, ...kBuilt }, async () => {
  const archive = await packZip([{ name: 'keras_model.h5', bytes: readData(kTeachableMachine) },
                           { name: 'labels.txt', bytes: new TextEncoder().encode('0 one\n1 two\n') }]);
  const { stdout, status } = handful(
    ['classify', '--model', 'converted_keras.zip', '--top', '1', '--json', ...samples], { 'converted_keras.zip': archive });
  assert.deepEqual(stdout.trim().split('\n').map((line) => JSON.parse(line).top[0].label), ['one', 'two']);
  assert.equal(status, 0);
});

test('an .h5 that was cut short is named in the WebAssembly shell', { ...kNeedsData, ...kBuilt }, () => {
  const { stderr, status, left } = handful(['info', 'cut.h5'], { 'cut.h5': readData(kTeachableMachine).subarray(0, 4000) });
  assert.match(stderr, /^cut\.h5: not a readable Keras \.h5 file/);
  assert.equal(status, 1);
  assert.deepEqual(left, []);
});

test('web/engine/messages.d.ts is what the schema declares today, and picture_kinds.ts what src/image/kinds.h lists', kBuilt, () => {
  for (const [file, ...options] of [['messages.d.ts'], ['picture_kinds.ts', '--pictures']]) {
    const { stdout } = handful(['declarations', ...options]);
    assert.equal(readFileSync(join(kRoot, 'web/engine', file), 'utf8'), stdout);
  }
});
