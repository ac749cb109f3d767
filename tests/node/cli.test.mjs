// The command line from outside: rows, exit codes, bad input, trainings. Natively and as WebAssembly, the same.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kDataFolder, kNeedsData } from './lib/data.mjs';
import { draw, drawFolders, kKinds, png as pngOf } from './lib/drawn.mjs';
import { kModels, kNeedsOfficial, kShells, run } from './lib/shell.mjs';
import { readMetadata, readSafetensors, writeSafetensors } from './lib/safetensors.mjs';
import { kRoot } from '../../tools/lib/import_typescript.mjs';

const folder = mkdtempSync(join(tmpdir(), 'handful-cli-'));
after(() => rmSync(folder, { recursive: true }));
const data = (file) => join(kDataFolder, file);
const scratch = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const kHead = join(kModels, 'fingers-head-handful.safetensors');
const kOwnBackbone = readMetadata(readFileSync(join(kModels, 'backbone-handful.safetensors'))).backbone_sha256;

/** The same test on every shell that is built. */
function onEveryShell(name, options, body) {
  test(name, async (t) => {
    for (const shell of kShells) await t.test(shell.name, { ...shell.options, ...options }, () => body(shell));
  });
}
const kFull = { ...kNeedsData, ...kNeedsOfficial };

onEveryShell('--version says the number that CMakeLists.txt gives', {}, (shell) => {
  const [, version] = /project\(handful VERSION ([\d.]+)/.exec(readFileSync(join(kRoot, 'CMakeLists.txt'), 'utf8'));
  assert.equal(run(shell, ['--version']).stdout, `handful ${version}\n`);
});

onEveryShell('wrong usage is exit code 2 and a sentence', {}, (shell) => {
  for (const [args, sentence] of [
    [[], 'a verb is missing'], [['dance'], 'unknown verb "dance"'], [['classify'], '1 argument is missing'],
    [['classify', '--top', 'many', 'x.png'], '--top wants a whole number, not "many"'],
    [['classify', '--top', '0', 'x.png'], '--top is 0, less than 1'],
    [['classify', '--colour', 'red', 'x.png'], 'unknown option --colour'],
    [['train', 'somewhere'], '--out FILE is missing'],
    [['train', 'somewhere', '--folds', 'group'], '--folds group needs --group REGEX'],
    [['train', 'somewhere', '--folds', 'group', '--group', '(x'], 'is no regular expression'],
    [['train', 'somewhere', '--folds', 'group', '--group', 'x'], 'captures nothing'],
  ]) {
    const { status, stdout, stderr } = run(shell, args);
    assert.equal(status, 2, args.join(' '));
    assert.ok(stderr.includes(sentence), stderr);
    assert.equal(stdout, '');
  }
});

onEveryShell('four fingers, four right answers', kFull, (shell) => {
  const files = [0, 1, 2, 3].map((n) => data(`fingers/${n}/${readdirSync(data(`fingers/${n}`)).sort()[7]}`));
  const { status, rows } = run(shell, ['classify', '--json', '--top', '2', ...files]);
  assert.equal(status, 0);
  assert.deepEqual(rows.map((row) => row.file), files);
  assert.deepEqual(rows.map((row) => row.top[0].label), ['0', '1', '2', '3']);
  for (const row of rows) {
    assert.equal(row.top.length, 2);
    assert.ok(row.top[0].p > 0.9 && row.top[0].p <= 1);
    assert.ok(row.ms > 0);
  }
});

onEveryShell('bad files are named with their reason and the others are answered', {}, (shell) => {
  const png = draw('discs', 1);
  const header = Buffer.from(png.subarray(0, 33));
  header.writeUInt32BE(30000, 16);
  header.writeUInt32BE(30000, 20);
  const damaged = Buffer.from(png);
  damaged[png.length - 20] ^= 255;
  const inputs = {
    good: scratch('good.png', png),
    empty: scratch('empty.png', ''),
    text: scratch('text.jpg', 'this is a letter, not a picture'),
    huge: scratch('huge.png', header),
    short: scratch('short.png', png.subarray(0, 40)),
    missing: join(folder, 'missing.png'),
    directory: folder,
    damaged: scratch('damaged.png', damaged),
    tiny: scratch('tiny.png', pngOf(() => [200, 90, 10], 1)),
    again: join(folder, 'good.png'),
  };
  const { status, rows, stderr } = run(shell, ['classify', '--json', ...Object.values(inputs)]);
  assert.equal(status, 1);
  const row = Object.fromEntries(Object.keys(inputs).map((name, i) => [name, rows[i]]));
  assert.equal(rows.length, Object.keys(inputs).length);
  assert.equal(row.good.top.length, 3);
  assert.deepEqual(row.again.top, row.good.top);
  assert.equal(row.tiny.top.length, 3);
  assert.equal(row.good.warning, undefined);
  assert.match(row.empty.error, /empty/);
  assert.match(row.text.error, /not a picture/);
  assert.match(row.huge.error, /30,?000/);
  assert.ok(row.short.error);
  assert.match(row.missing.error, /cannot be opened/);
  assert.match(row.directory.error, /is a directory/);
  assert.match(row.damaged.warning ?? row.damaged.error, /checksum|damaged/);
  for (const name of ['empty', 'text', 'huge', 'short', 'missing', 'directory']) assert.ok(stderr.includes(row[name].error), name);
});

onEveryShell('all eight EXIF orientations give the same prediction', kFull, (shell) => {
  const files = Array.from({ length: 8 }, (_, i) => data(`decoder/exif/Portrait_${i + 1}.jpg`));
  const { status, rows } = run(shell, ['classify', '--json', '--top', '4', ...files]);
  assert.equal(status, 0);
  for (const row of rows) {
    for (const { label, p } of row.top) {
      const expected = rows[0].top.find((c) => c.label === label).p;
      assert.ok(Math.abs(p - expected) < 0.05, `${row.file}: ${label} ${p}, upright ${expected}`);
    }
  }
});

onEveryShell('every file of the decoder corpus is answered or named', kFull, (shell) => {
  const files = ['decoder/pngsuite/png', 'decoder/jpeg', 'decoder/jpeg/corrupt', 'decoder/exif']
    .flatMap((dir) => readdirSync(data(dir)).filter((f) => /\.(png|jpe?g|gif|bmp)$/.test(f)).map((f) => data(`${dir}/${f}`)));
  const { rows } = run(shell, ['classify', '--json', '--top', '1', ...files]);
  assert.deepEqual(rows.map((row) => row.file), files);
  assert.ok(rows.length > 200);
  for (const row of rows) {
    assert.ok(row.error || row.top.length === 1, row.file);
    // PngSuite: the files that begin with x are corrupt, all others are fine.
    const [name, corrupt] = /pngsuite\/png\/(.).*$/.exec(row.file) ?? [];
    if (name && corrupt === 'x') assert.ok(row.error || row.warning, row.file);
    if (name && corrupt !== 'x') assert.ok(!row.error && !row.warning, `${row.file}: ${row.error ?? row.warning}`);
  }
});

onEveryShell('damaged models are refused with the field', {}, (shell) => {
  const whole = readFileSync(kHead);
  const picture = scratch('x.bmp', 'irrelevant');
  const rewrite = (change) => {
    const tensors = {};
    for (const [name, shape] of [['hidden/kernel', [1280, 5]], ['hidden/bias', [5]], ['output/kernel', [5, 2]], ['output/bias', [2]]]) {
      tensors[name] = { shape, values: new Float32Array(shape.reduce((a, b) => a * b)) };
    }
    const metadata = {
      format: 'handful-model', format_version: '1', network: 'mobilenet_v2_head', title: 't', classes: '["a","b"]', input_side: '224',
      input_scale: '0.00784', input_offset: '-1', crop_mode: 'center', alpha: '0.35',
      backbone_sha256: kOwnBackbone,
    };
    change(tensors, metadata);
    return writeSafetensors(tensors, metadata);
  };
  for (const [name, bytes, sentence] of [
    ['cut', whole.subarray(0, whole.length / 2), /cut short/],
    ['magic', Buffer.concat([Buffer.from('PNG!PNG!PNG!'), whole]), /not a|unknown|no model/i],
    ['nan', rewrite((t) => { t['hidden/kernel'].values[7] = NaN; }), /hidden\/kernel.*nan.*7/],
    ['shape', rewrite((t) => { t['hidden/kernel'].shape = [1279, 5]; t['hidden/kernel'].values = new Float32Array(1279 * 5); }), /1279/],
    ['hash', rewrite((t, m) => { m.backbone_sha256 = 'ff00'; }), /stands on the backbone ff00…, but the one in use is /],
    ['empty', Buffer.alloc(0), /empty/],
  ]) {
    const model = scratch(`${name}.safetensors`, bytes);
    const { status, rows, stderr } = run(shell, ['classify', '--json', '--model', model, picture]);
    assert.equal(status, 1, name);
    assert.match(rows[0].error, sentence, name);
    assert.equal(stderr, `${model}: ${rows[0].error}\n`, 'named once');
  }
});

onEveryShell('without a backbone it says what is missing and how to get it', {}, (shell) => {
  const { status, stderr } = run(shell, ['features', scratch('y.bmp', '')], { env: { HANDFUL_MODELS: join(folder, 'nowhere') } });
  assert.equal(status, 1);
  assert.match(stderr, /nowhere\/backbones\.json: cannot be opened/);
  assert.match(stderr, /--backbone FILE/);
});

onEveryShell('features are a NumPy array of n × 1280 float32', kFull, (shell) => {
  const out = join(folder, 'features.npy');
  const images = readFileSync(data('golden/images.txt'), 'utf8').trim().split('\n').map(data);
  assert.equal(run(shell, ['features', '--out', out, ...images]).status, 0);
  const numbers = (path) => {
    const file = readFileSync(path);
    const begin = 10 + file.readUInt16LE(8);
    return { header: file.toString('latin1', 10, begin), values: new Float32Array(Uint8Array.from(file.subarray(begin)).buffer) };
  };
  const [ours, golden] = [numbers(out), numbers(data('golden/features.npy'))];
  assert.match(ours.header, /'descr': '<f4', 'fortran_order': False, 'shape': \(16, 1280\)/);
  const worst = ours.values.reduce((w, v, i) => Math.max(w, Math.abs(v - golden.values[i])), 0);
  assert.ok(worst <= 1e-4, `max |Δ| ${worst}`);
});

onEveryShell('names may come from a list, and --json says what became of each and what made the features', {}, (shell) => {
  const files = [scratch('a.png', draw('discs', 1)), scratch('broken.png', 'a letter'), scratch('b.png', draw('stripes', 2))];
  const list = scratch('names.txt', `${files.slice(1).join('\n')}\n\n`), out = join(folder, `list-${shell.name}.npy`);
  const { status, rows } = run(shell, ['features', files[0], '--files', list, '--json', '--out', out]);
  assert.equal(status, 1);
  const made = rows.pop();
  assert.deepEqual(rows.map(({ file, error }) => [file, Boolean(error)]), files.map((file) => [file, file.endsWith('broken.png')]));
  assert.deepEqual([made.rows, made.columns, made.network, made.crop_mode, made.input_range], [2, 1280, 'mobilenet_v2_backbone', 'center', 'pm1']);
  assert.match(made.backbone_sha256, /^[0-9a-f]{64}$/);
  assert.equal(`handful ${made.handful}\n`, run(shell, ['--version']).stdout);
  assert.match(readFileSync(out).toString('latin1', 10, 128), /'shape': \(2, 1280\)/);

  const nothing = run(shell, ['features', '--files', scratch('none.txt', ''), '--json', '--out', out]);
  assert.deepEqual(nothing.rows, [{ ...made, rows: 0 }]);
  assert.match(readFileSync(out).toString('latin1', 10, 128), /'shape': \(0, 1280\)/);
  const answered = run(shell, ['classify', '--json', '--model', kHead, '--files', list]);
  assert.deepEqual(answered.rows.map(({ file }) => file), files.slice(1));
  const missing = run(shell, ['classify', '--files', join(folder, 'no list')]);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /no list: cannot be opened/);
});

// A few pictures of each class and session, so that a training takes seconds.
const fewPictures = () => drawFolders(join(folder, 'few'));

onEveryShell('train, eval, classify and features go together on drawn pictures', {}, (shell) => {
  const directory = fewPictures();
  const out = join(folder, `trained-${shell.name}.safetensors`);
  const trained = run(shell, ['train', directory, '--out', out, '--recipe', 'writeup', '--epochs', '12', '--json', '--seed', '3']);
  assert.equal(trained.status, 0, trained.stderr);
  const last = trained.rows.at(-1);
  assert.deepEqual(Object.keys(last), ['train_accuracy', 'val_accuracy', 'val_loss', 'seconds', 'seed']);
  assert.equal(last.seed, 3);
  assert.ok(last.train_accuracy > 0.9, `${last.train_accuracy}`);
  assert.equal(trained.rows.filter((row) => row.epoch).length, 12);
  assert.equal(last.val_accuracy, trained.rows.filter((row) => row.epoch).at(-1).val_accuracy);

  // Pictures that it has never seen.
  const others = drawFolders(join(folder, 'others'), { sessions: ['99'], each: 6, from: 500 });
  const evaluated = run(shell, ['eval', out, others, '--json']);
  assert.equal(evaluated.status, 0, evaluated.stderr);
  const result = evaluated.rows.at(-1);
  assert.equal(result.n, 12);
  assert.deepEqual(result.labels, kKinds);
  assert.equal(result.accuracy, result.confusion.reduce((sum, row, i) => sum + row[i], 0) / 12);
  assert.ok(result.accuracy > 0.9, `${result.accuracy}`);
  const files = kKinds.flatMap((kind) => readdirSync(join(others, kind)).sort().map((name) => join(others, kind, name)));
  const { status, rows } = run(shell, ['classify', '--model', out, '--json', '--top', '1', ...files]);
  assert.equal(status, 0);
  const right = rows.filter(({ file, top: [{ label }] }) => file.includes(`/${label}/`)).length;
  assert.equal(right / 12, result.accuracy, 'classify and eval agree');

  const array = join(folder, `few-${shell.name}.npy`);
  assert.equal(run(shell, ['features', '--out', array, ...files]).status, 0);
  const npy = readFileSync(array), begin = 10 + npy.readUInt16LE(8);
  assert.match(npy.toString('latin1', 10, begin), /'descr': '<f4', 'fortran_order': False, 'shape': \(12, 1280\)/);
  assert.equal(npy.length - begin, 12 * 1280 * 4);

  const info = run(shell, ['info', out, '--json']).rows[0];
  assert.deepEqual(info.classes, kKinds);
  assert.equal(info.network, 'mobilenet_v2_head');
  assert.equal(JSON.parse(info.notes.settings).seed, 3);
});

onEveryShell('the same seed gives the same bytes, and each fold holds out one session', {}, (shell) => {
  const directory = fewPictures();
  const [a, b] = ['a', 'b'].map((name) => join(folder, `${name}.safetensors`));
  const args = ['train', directory, '--epochs', '3', '--group', '^(\\d\\d)-', '--folds', 'group', '--json'];
  const first = run(shell, [...args, '--out', a]);
  assert.equal(first.status, 0, first.stderr);
  const { folds, mean_val_accuracy: mean } = first.rows.at(-1);
  assert.deepEqual(folds.map(({ group, n }) => [group, n]), [['12', 16], ['13', 16], ['17', 16]]);
  assert.ok(Math.abs(mean - folds.reduce((sum, f) => sum + f.val_accuracy, 0) / 3) < 1e-9);
  assert.equal(run(shell, [...args, '--out', b]).status, 0);
  assert.deepEqual(readFileSync(a), readFileSync(b));
  const without = run(shell, args);
  assert.equal(without.status, 0, '--out is optional with folds');
  assert.deepEqual(without.rows.at(-1).folds, folds);
});

test('simd128 and native learn alike', { ...kShells[0].options, ...kShells[1].options }, () => {
  const directory = fewPictures();
  const kernels = kShells.slice(0, 2).map((shell) => {
    const out = join(folder, `alike-${shell.name}.safetensors`);
    // one epoch of 38 pictures is three steps
    assert.equal(run(shell, ['train', directory, '--out', out, '--epochs', '1', '--json']).status, 0);
    return readSafetensors(readFileSync(out))['hidden/kernel'].values;
  });
  const worst = kernels[0].reduce((w, v, i) => Math.max(w, Math.abs(v - kernels[1][i])), 0);
  assert.ok(worst <= 1e-4, `max |Δ| of the weights after one epoch: ${worst}`);
});

onEveryShell('the example is the same from every shell, and most of its held-out pictures are told', {}, (shell) => {
  const zip = join(folder, `example-${shell.name}.zip`);
  const { status, stdout, stderr } = run(shell, ['example', '--out', zip]);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  const first = kShells.map(({ name }) => join(folder, `example-${name}.zip`)).find(existsSync);
  assert.ok(readFileSync(zip).equals(readFileSync(first)), 'its bytes');
  const training = run(shell, ['train', zip, '--out', join(folder, 'fruit.safetensors'), '--json']);
  assert.equal(training.status, 0, training.stderr);
  const { val_accuracy: held, train_accuracy: learned } = training.rows.at(-1);
  assert.ok(held >= 0.85 && held < 1 && learned >= held, `held out ${held}, learned ${learned}`);
});

onEveryShell('an example that cannot be written gets a sentence', {}, (shell) => {
  for (const [args, code, sentence] of [
    [['example'], 2, /--out FILE is missing/], [['example', 'fruit', '--out', join(folder, 'x.zip')], 2, /one argument too many: fruit/],
    [['example', '--out', join(folder, 'nowhere/x.zip')], 1, /nowhere\/x\.zip cannot be written: /],
  ]) {
    const { status, stderr } = run(shell, args);
    assert.equal(status, code, stderr);
    assert.match(stderr, sentence);
  }
});

test('the declarations of the messages are those of the page', kShells[0].options, () => {
  const { stdout } = run(kShells[0], ['declarations']);
  assert.equal(stdout, readFileSync(join(kRoot, 'web/engine/messages.d.ts'), 'utf8'));
});
