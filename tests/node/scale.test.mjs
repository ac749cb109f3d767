// tools/scale and `handful train --features`: parts are whole, made once, the same bytes whoever makes them, and a model learned from them
// is the one learned from the pictures.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { drawFolders } from './lib/drawn.mjs';
import { kModels, kShells, run } from './lib/shell.mjs';
import { kRoot } from '../../tools/lib/import_typescript.mjs';

const kPython = '/usr/bin/python3', kShard = 10, kSeconds = 300;
const native = kShells.find(({ name }) => name === 'native');
const folder = mkdtempSync(join(tmpdir(), 'handful-scale-'));
const pictures = join(folder, 'pictures'), single = join(folder, 'single');
const kBroken = 'stripes/12-broken.png';
after(() => rmSync(folder, { recursive: true }));

function has(...modules) {
  const program = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in ${JSON.stringify(modules)}))`;
  return spawnSync(kPython, ['-c', program]).status === 0;
}
const needs = (package_, ...modules) => ({
  ...native.options, ...(has(...modules) ? {} : { skip: `Debian's ${package_} is not installed` }), timeout: kSeconds * 1000,
});
const kNeedsPython = needs('python3');
const kNeedsNumpy = needs('python3-numpy', 'numpy');
const kNeedsDask = needs('python3-distributed', 'distributed', 'numpy');

function python(program, args) {
  return spawnSync(kPython, [join(kRoot, 'tools/scale', program), ...args],
    { encoding: 'utf8', env: { ...process.env, HANDFUL_MODELS: kModels, PYTHONDONTWRITEBYTECODE: '1' } });
}
const scaleWords = (kind, out, ...more) => [kind, '--pictures', pictures, '--out', out, '--shard', `${kShard}`, '--handful', native.program, ...more];
const scale = (...words) => python('scale.py', scaleWords(...words));

const partNames = (out) => readdirSync(out).filter((name) => name.startsWith('part-')).sort();
const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
function npyRows(...path) {
  const file = readFileSync(join(...path));
  return file.subarray(10 + file.readUInt16LE(8));
}
/** Every file of a finished folder that says something of pictures. */
function assertSameParts(a, b) {
  assert.deepEqual(partNames(a), partNames(b));
  for (const name of [...partNames(a), 'manifest.json']) assert.ok(readFileSync(join(a, name)).equals(readFileSync(join(b, name))), name);
}

/** A program that is put in front of handful. `$real` is handful. */
function wrapper(name, script) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nreal='${native.program}'\n${script}\n`, { mode: 0o755 });
  return path;
}

/** One shard after the other by the plain program, without Dask: what everything else is compared with. */
function byHand(kind, out, ...more) {
  assert.equal(scale(kind, out, '--plan', ...more).status, 0);
  const shards = json(out, 'plan.json').shards.length;
  const answers = Array.from({ length: shards }, (_, i) => python('shard.py', [out, `${i}`]));
  for (const { status, stderr } of answers) assert.equal(status, 0, stderr);
  const end = scale(kind, out, ...more);
  assert.equal(end.status, 0, end.stderr);
  return answers.map(({ stdout }) => JSON.parse(stdout));
}

before(() => {
  if (kNeedsPython.skip) return;
  drawFolders(pictures, { sessions: ['12', '13', '17'], each: 8 });
  writeFileSync(join(pictures, kBroken), 'this is a letter, not a picture');
  byHand('features', single);
});

test('parts hold what one call of handful features gives, and a broken picture is named', kNeedsPython, () => {
  const files = ['discs', 'stripes'].flatMap((kind) => readdirSync(join(pictures, kind)).sort().map((name) => join(pictures, kind, name)));
  const out = join(folder, 'all.npy');
  assert.equal(run(native, ['features', '--out', out, ...files]).status, 1);
  const manifest = json(single, 'manifest.json');
  assert.ok(Buffer.concat(manifest.parts.map(({ file }) => npyRows(single, file))).equals(npyRows(out)));
  assert.deepEqual([manifest.pictures, manifest.rows, manifest.refused, manifest.parts.length], [49, 48, 1, 5]);
  assert.deepEqual(manifest.classes, ['discs', 'stripes']);
  const parts = manifest.parts.map(({ file }) => json(single, file.replace('.npy', '.json')));
  assert.deepEqual(parts.flatMap(({ names }) => names), files.map((file) => file.slice(pictures.length + 1)).filter((name) => name !== kBroken));
  assert.deepEqual(parts.flatMap(({ labels }) => labels), [...Array(24).fill(0), ...Array(24).fill(1)]);
  const [refused] = parts.flatMap((part) => part.refused);
  assert.equal(refused.file, kBroken);
  assert.match(refused.error, /^\S+ .*\S$/);
});

test('a model learned from parts is that learned from their pictures, bit for bit', kNeedsPython, () => {
  for (const settings of [
    ['--epochs', '6'], ['--epochs', '8', '--seed', '5', '--patience', '2', '--class-weights', '--hidden', '20'],
    ['--epochs', '3', '--group', '^(\\d+)-'], ['--epochs', '3', '--group', '^(\\d+)-', '--folds', 'group'],
  ]) {
    const [fromPictures, fromParts] = ['pictures', 'parts'].map((name) => join(folder, `${name}.safetensors`));
    const a = run(native, ['train', pictures, '--json', '--out', fromPictures, ...settings]);
    const b = run(native, ['train', '--features', single, '--json', '--out', fromParts, ...settings]);
    assert.equal(a.status, 1, 'the broken picture');
    assert.equal(b.status, 0, b.stderr);
    assert.match(b.stderr, /1 pictures have no features/);
    assert.ok(readFileSync(fromPictures).equals(readFileSync(fromParts)), settings.join(' '));
    const rows = (outcome) => outcome.rows.filter(({ error }) => !error).map(({ seconds, ...row }) => row);
    assert.deepEqual(rows(b), rows(a));
    assert.ok(rows(b).length > 3);
  }
});

test('train --features says what does not go with it', kNeedsPython, () => {
  for (const [words, status, sentence] of [
    [['--features', single], 2, '--out FILE is missing'],
    [['--features', single, pictures, '--out', 'x'], 2, 'one argument too many'],
    [['--features', single, '--backbone', 'x', '--out', 'x'], 2, '--backbone does not go with --features'],
    [['--features', single, '--augment', '2', '--out', 'x'], 1, 'hold no pictures to alter'],
    [['--features', single, '--network', 'cnn', '--out', 'x'], 1, 'learns from pictures, not from features'],
    [['--features', single, '--input-range', '01', '--out', 'x'], 1, 'were made with "pm1"'],
    [['--features', pictures, '--out', 'x'], 1, 'they are not finished yet'],
  ]) {
    const outcome = run(native, ['train', ...words], { cwd: folder });
    assert.equal(outcome.status, status, words.join(' '));
    assert.ok(outcome.stderr.includes(sentence), outcome.stderr);
  }
});

test('features larger than the memory that the program may have are learned from all the same', kNeedsPython, () => {
  // The rows of two parts over and over, 40 MB in all, and 20 MB for whatever is not a mapped file.
  const many = join(folder, 'many'), manifest = json(single, 'manifest.json'), kTimes = 40;
  const sources = [manifest.parts[0], manifest.parts.at(-1)].map((part) => ({ part, about: json(single, part.file.replace('.npy', '.json')) }));
  mkdirSync(many);
  manifest.parts = Array.from({ length: 22 }, (_, i) => {
    const { part, about } = sources[i % 2], name = `part-${`${i}`.padStart(5, '0')}`, repeated = (list) => Array(kTimes).fill(list).flat();
    const header = readFileSync(join(single, part.file)).subarray(0, 128).toString('latin1').trimEnd().replace(/\((\d+), /, (_, n) => `(${n * kTimes}, `);
    writeFileSync(join(many, `${name}.npy`), Buffer.concat([Buffer.from(`${header.padEnd(127)}\n`, 'latin1'), ...repeated([npyRows(single, part.file)])]));
    writeFileSync(join(many, `${name}.json`), JSON.stringify({ ...about, names: repeated(about.names), labels: repeated(about.labels) }));
    return { ...part, file: `${name}.npy`, rows: part.rows * kTimes };
  });
  writeFileSync(join(many, 'manifest.json'), JSON.stringify(manifest));
  const bytes = partNames(many).map((name) => statSync(join(many, name)).size).reduce((a, b) => a + b);
  assert.ok(bytes > 40e6, `${bytes}`);
  const command = `ulimit -d 20000 && exec '${native.program}' train --features '${many}' --epochs 1 --out '${join(folder, 'many.safetensors')}'`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  rmSync(many, { recursive: true });
});

test('shards are done by two workers, one of which is killed amid a shard: nothing lost, nothing doubled', kNeedsDask, () => {
  const out = join(folder, 'two'), killed = join(folder, 'killed'), calls = join(folder, 'calls');
  // The first call that is to write something kills the worker that it works for: shard.py's parent.
  const program = wrapper('killer', `
case " $* " in *' --out '*)
  echo call >> '${calls}'
  if mkdir '${killed}' 2>/dev/null; then
    read -r _ _ _ worker _ < /proc/$PPID/stat
    tr '\\0' ' ' < /proc/$worker/cmdline > '${killed}/worker'
    kill -9 $worker
    sleep 60
  fi ;;
esac
exec "$real" "$@"`);
  const { status, stdout, stderr } = scale('features', out, '--workers', '2', '--handful', program);
  assert.equal(status, 0, stderr);
  assert.match(readFileSync(join(killed, 'worker'), 'utf8'), /python3? .*spawn/);
  assert.match(stdout, /^48 rows in 5 parts, 1 pictures refused/);
  assert.ok(stderr.includes(`${kBroken}: `), stderr);
  assertSameParts(out, single);
  assert.deepEqual(readdirSync(join(out, 'tmp')), []);
  assert.equal(readFileSync(calls, 'utf8').trim().split('\n').length, 6, 'five shards, one of them twice');

  const before_ = partNames(out).map((name) => statSync(join(out, name)).mtimeMs);
  const again = scale('features', out, '--workers', '2', '--handful', program);
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stderr, /5 shards, of which 5 are done/);
  assert.deepEqual(partNames(out).map((name) => statSync(join(out, name)).mtimeMs), before_);
  assert.equal(readFileSync(calls, 'utf8').trim().split('\n').length, 6);
});

test('a full disk costs no finished part, and the same command goes on when there is room', kNeedsDask, (t) => {
  const disk = join(folder, 'disk'), full = join(folder, 'full'), done = join(folder, 'done');
  mkdirSync(disk);
  const command = [kPython, join(kRoot, 'tools/scale/scale.py'), ...scaleWords('features', join(disk, 'out'), '--workers', '1')].map((word) => `'${word}'`).join(' ');
  // A disk of its own, which only these commands see.
  const { status, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', `
mount -t tmpfs -o size=200k none '${disk}' || exit 77
${command}; echo "first $?" >&2
cp -r '${disk}/out' '${full}'
mount -o remount,size=20m '${disk}' && ${command}; echo "second $?" >&2
cp -r '${disk}/out' '${done}'`], { encoding: 'utf8', env: { ...process.env, HANDFUL_MODELS: kModels, PYTHONDONTWRITEBYTECODE: '1' } });
  if (status !== 0 && !existsSync(full)) return t.skip(`no disk of its own is to be had here: ${stderr.trim()}`);
  assert.match(stderr, /shard \d: .*: No space left on device\n/);
  assert.match(stderr, /\d of 5 parts are finished and whole; the same command goes on from there\nfirst 1\n/);
  assert.match(stderr, /second 0\n/);
  const kept = partNames(full).filter((name) => name.endsWith('.json'));
  assert.ok(kept.length >= 1 && kept.length < 5, `${kept}`);
  for (const name of kept.flatMap((name) => [name, name.replace('.json', '.npy')])) {
    assert.ok(readFileSync(join(full, name)).equals(readFileSync(join(single, name))), name);
  }
  assert.ok(!existsSync(join(full, 'manifest.json')));
  assert.deepEqual(readdirSync(join(full, 'tmp')), []);
  assertSameParts(done, single);
});

test('parts of different lists, programs and kinds do not mix', kNeedsPython, () => {
  const out = join(folder, 'mixed');
  cpSync(single, out, { recursive: true, preserveTimestamps: true });
  const refuses = (sentence, { status, stderr }) => {
    assert.equal(status, 1, stderr);
    assert.ok(stderr.includes(sentence), stderr);
  };
  refuses('it holds parts of another list of pictures', python('scale.py', ['features', '--pictures', join(pictures, 'discs'), '--out', out, '--handful', native.program]));
  refuses('it is cut into shards of 10 pictures, not 20', scale('features', out, '--shard', '20'));
  refuses('no program', scale('features', out, '--handful', join(folder, 'nowhere')));
  refuses('is no handful', scale('features', out, '--handful', '/bin/true'));
  const other = wrapper('other', `"$real" "$@" | sed 's/^handful [0-9.]*$/handful 0.0.1/; s/"handful":"[^"]*"/"handful":"0.0.1"/'`);
  refuses('but this is handful 0.0.1', scale('features', out, '--handful', other));
  const backbone = wrapper('backbone', `"$real" "$@" | sed 's/"backbone_sha256":"[^"]*"/"backbone_sha256":"abc"/'`);
  refuses('but this one is abc', scale('features', out, '--handful', backbone));
  refuses('it holds parts of "features", not of "classify"', scale('classify', out, '--model', join(kModels, 'fingers-head-handful.safetensors')));
  refuses('is not there', python('scale.py', ['features', '--pictures', join(folder, 'nowhere'), '--out', out, '--handful', native.program]));
  assertSameParts(out, single);

  // On a worker that has another program than the one that planned.
  const plan = json(out, 'plan.json');
  rmSync(join(out, 'part-00002.json'));
  writeFileSync(join(out, 'plan.json'), JSON.stringify({ ...plan, with: { ...plan.with, handful: other } }));
  refuses('another version of handful', python('shard.py', [out, '2']));
  writeFileSync(join(out, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(out, 'shards/00002.txt'), 'other.png\t0\n');
  refuses('was changed since it was planned', python('shard.py', [out, '2']));
  refuses('there is no shard 5', python('shard.py', [out, '5']));
  refuses('finds no plan', python('shard.py', [folder, '0']));
  const crash = wrapper('crash', 'kill -11 $$');
  writeFileSync(join(out, 'shards/00002.txt'), readFileSync(join(single, 'shards/00002.txt')));
  writeFileSync(join(out, 'plan.json'), JSON.stringify({ ...plan, with: { ...plan.with, handful: crash } }));
  const ended = python('shard.py', [out, '2']);
  assert.equal(ended.status, 3);
  assert.match(ended.stderr, /shard 2: .* was ended by signal 11/);
});

test('a part that was cut short is made again', kNeedsPython, () => {
  const out = join(folder, 'cut');
  cpSync(single, out, { recursive: true });
  writeFileSync(join(out, 'part-00001.npy'), readFileSync(join(out, 'part-00001.npy')).subarray(0, 1000));
  writeFileSync(join(out, 'part-00003.json'), '{"rows": 1');
  for (const number of ['1', '3']) assert.equal(python('shard.py', [out, number]).status, 0);
  assertSameParts(out, single);
});

test('a list names pictures and labels; answers are probabilities in the order of the classes', kNeedsNumpy, () => {
  const model = join(kModels, 'fingers-head-handful.safetensors'), out = join(folder, 'answers'), list = join(folder, 'list.txt');
  const names = readdirSync(join(pictures, 'discs')).slice(0, 5);
  writeFileSync(list, names.map((name) => `${basename(pictures)}/discs/${name}\tround\r\n`).join('') + '\n');
  const words = ['classify', '--pictures', list, '--out', out, '--shard', '3', '--handful', native.program, '--model', model];
  assert.equal(python('scale.py', [...words, '--plan']).status, 0);
  for (const number of ['0', '1']) assert.equal(python('shard.py', [out, number]).status, 0);
  assert.match(python('scale.py', words).stdout, /^5 rows in 2 parts, 0 pictures refused/);
  const { outputs, parts, classes } = json(out, 'manifest.json');
  assert.deepEqual(classes, ['round']);
  const bytes = Buffer.concat(parts.map(({ file }) => npyRows(out, file)));
  const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const answers = run(native, ['classify', '--json', '--model', model, '--top', `${outputs.length}`, '--files', join(folder, 'names.txt')].map((word) => {
    if (word.endsWith('names.txt')) writeFileSync(word, names.map((name) => join(pictures, 'discs', name)).join('\n'));
    return word;
  })).rows;
  assert.equal(answers.length, 5);
  answers.forEach(({ top }, i) => top.forEach(({ label, p }) =>
    assert.equal(rows[i * outputs.length + outputs.indexOf(label)], Math.fround(p))));
});
