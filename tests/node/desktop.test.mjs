// The desktop window under Xvfb: opens, classifies, and tells what it shows.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kRoot } from '../../tools/lib/import_typescript.mjs';
import { skipUnless } from './lib/built.mjs';
import { kDataFolder, kNeedsData } from './lib/data.mjs';
import { draw, kKinds } from './lib/drawn.mjs';
import { kModels, kShells, run as runShell } from './lib/shell.mjs';

const program = ['native-release', 'native-debug']
  .map((preset) => join(kRoot, 'build', preset, 'bin/handful_ui_desktop')).find(existsSync);
const hasXvfb = spawnSync('xvfb-run', ['--help']).status === 0;
const { skip = false } = skipUnless(program && hasXvfb, program ? 'xvfb-run is not installed' : 'the desktop window is not built');

const folder = mkdtempSync(join(tmpdir(), 'handful-desktop-'));
after(() => rmSync(folder, { recursive: true }));
const inter = join(kRoot, 'node_modules/@expo-google-fonts/inter');
copyFileSync(join(inter, '400Regular/Inter_400Regular.ttf'), join(folder, 'Inter-Regular.ttf'));
copyFileSync(join(inter, '600SemiBold/Inter_600SemiBold.ttf'), join(folder, 'Inter-SemiBold.ttf'));

function run(args, models) {
  const report = join(folder, 'report.json'), screenshot = join(folder, 'window.ppm');
  execFileSync('xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', program, '--size', '1280x800', '--report', report,
    '--screenshot', screenshot, ...args],
    { env: { ...process.env, HANDFUL_FONTS: folder, HANDFUL_MODELS: models }, timeout: 120_000, stdio: ['ignore', 'ignore', 'inherit'] });
  return { tree: JSON.parse(readFileSync(report, 'utf8')), pixels: readFileSync(screenshot) };
}

function all(node, role, found = []) {
  if (node.role === role) found.push(node);
  for (const child of node.children ?? []) all(child, role, found);
  return found;
}

test('the window without a backbone says how to get one', { skip }, () => {
  const { tree, pixels } = run([], join(folder, 'none'));
  assert.ok(all(tree, 'text').some(({ name }) => name.includes('backbones.json')));
  assert.equal(pixels.subarray(0, 15).toString(), 'P6 1280 800 255');
  const colors = new Set();
  for (let i = 16; i + 2 < pixels.length; i += 3 * 97) colors.add(pixels.readUIntBE(i, 3));
  assert.ok(colors.size > 5, `the window shows ${colors.size} colours`);
});

const answersOf = (tree) => all(tree, 'row').slice(1).map((row) => all(row, 'cell').map(({ name }) => name));

test('the window answers drawn pictures as the shell does, and shows the one that cannot be read', { skip: skip || kShells[0].options.skip }, () => {
  const files = [...kKinds, ...kKinds].map((kind, i) => {
    const file = join(folder, `${kind} ${i}.png`);
    writeFileSync(file, draw(kind, i));
    return file;
  });
  const { rows } = runShell(kShells[0], ['classify', '--json', '--top', '1', ...files]);
  const answers = answersOf(run([...files, join(folder, 'missing.png')], kModels).tree);
  assert.equal(answers.length, 5);
  assert.deepEqual(answers.slice(0, 4).map((cells) => cells[1]), rows.map(({ top: [{ label }] }) => label));
  assert.equal(answers[4].length, 2, 'a picture that cannot be read has one sentence in place of an answer');
});

test('the window tells raised fingers', { ...kNeedsData, ...(skip ? { skip } : {}) }, () => {
  const photos = ['0', '1', '2', '3'].map((label) => {
    const dir = join(kDataFolder, 'fingers', label);
    return join(dir, readdirSync(dir).sort()[0]);
  });
  assert.deepEqual(answersOf(run(photos, kModels).tree).map((cells) => cells[1]), ['0', '1', '2', '3']);
});
