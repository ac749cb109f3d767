// The library as a package: packed and installed by npm, then in Node, on a static host, and through bundlers that are told nothing of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { serve } from '../../tools/serve.mjs';
import { draw, kThreeKinds } from '../node/lib/drawn.mjs';
import { test } from './lib/harness.mjs';

const kRoot = fileURLToPath(new URL('../..', import.meta.url));
const kVite = join(kRoot, 'tests/node_modules/vite/dist/node/index.js');
const kPictures = kThreeKinds.flatMap((label) => [0, 1, 2, 3, 4, 5].map((number) => ({ label, base64: draw(label, number).toString('base64') })));
const kUnseen = kThreeKinds.map((label) => ({ label, base64: draw(label, 9).toString('base64') }));

// What people write, once for all of them.
const kProgram = `
import { createHandful } from 'handful';
const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
globalThis.learn = async (pictures, unseen) => {
  const handful = await createHandful();
  for (const { label, base64 } of pictures) await handful.addSample(label, bytesOf(base64));
  const epochs = [];
  for await (const { epoch } of handful.train({ epochs: 8 })) epochs.push(epoch);
  const { right, count, interval } = await handful.evaluate(unseen.map(({ label, base64 }) => ({ label, picture: bytesOf(base64) })));
  const { zip, verification } = await handful.exportModel('onnx');
  const saved = await handful.save();
  const before = await handful.classify(bytesOf(unseen[0].base64));
  handful.dispose();
  const again = await createHandful({ backbone: null });
  const model = await again.load(zip);
  const after = await again.classify(bytesOf(unseen[0].base64));
  await again.load(saved);
  const square = await again.classify(new Float32Array(3 * 224 * 224).fill(200));
  again.dispose();
  return { epochs, right, count, interval, verification, classes: model.classes, source: model.source, before: before.top, after: after.top,
           answers: square.top.length };
};
`;

function check({ epochs, right, count, interval, verification, classes, source, before, after, answers }) {
  assert.deepEqual(epochs, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([right, count], [3, 3]);
  assert.ok(interval[0] > 0.3 && interval[0] < 0.5 && interval[1] === 1, `${interval}`);
  assert.ok(verification.largest_difference <= 1e-4);
  assert.deepEqual([classes, source], [kThreeKinds, 'Handful (ONNX)']);
  for (const { label, p } of before) assert.ok(Math.abs(p - after.find((one) => one.label === label).p) <= 1e-4);
  assert.equal(answers, 3);
}

// The package as npm packs it, made once for all tests.
let tarball = '';
function packed(dist) {
  if (tarball) return tarball;
  const folder = mkdtempSync(join(tmpdir(), 'handful-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(kRoot, 'web/package.mjs'), '--site', dist, '--out', join(folder, 'made')], { stdio: 'pipe' });
  execFileSync('npm', ['pack', './made', '--silent'], { cwd: folder, stdio: 'pipe' });
  return tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')));
}

/** A folder with the package installed, as `npm install handful` leaves it. Removed when `use` has ended. */
async function withProject({ dist }, use) {
  const folder = mkdtempSync(join(tmpdir(), 'handful-package-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed(dist)], { cwd: folder, stdio: 'pipe' });
    writeFileSync(join(folder, 'main.js'), kProgram);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>');
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opens the page at `address`, which may ask nobody else, and lets it learn. */
async function learnAt({ browser }, address) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage(), faults = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    context.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol === 'http:' && host !== new URL(address).host) faults.push(`asked ${host}`);
    });
    await page.goto(address);
    await page.waitForFunction(() => globalThis.learn !== undefined, null, { timeout: 60_000 });
    check(await page.evaluate(([pictures, unseen]) => globalThis.learn(pictures, unseen), [kPictures, kUnseen]));
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

async function learnIn(context, dir) {
  const server = await serve({ dir, port: 0 });
  try {
    await learnAt(context, `${server.url}index.html`);
  } finally {
    await server.close();
  }
}

test('the package: in Node it learns, measures, exports and reads what it exported', async (context) => {
  await withProject(context, async (folder) => {
    writeFileSync(join(folder, 'given.json'), JSON.stringify([kPictures, kUnseen]));
    writeFileSync(join(folder, 'node.mjs'), `import { readFileSync } from 'node:fs';\nimport './main.js';
      console.log(JSON.stringify(await globalThis.learn(...JSON.parse(readFileSync('given.json')))));`);
    check(JSON.parse(execFileSync(process.execPath, ['node.mjs'], { cwd: folder, encoding: 'utf8' })));
  });
});

test('the package: the example for Node learns from folders', async (context) => {
  await withProject(context, async (folder) => {
    for (const { label } of kPictures) mkdirSync(join(folder, 'things', label), { recursive: true });
    for (const [i, { label, base64 }] of kPictures.entries()) writeFileSync(join(folder, 'things', label, `${i}.png`), Buffer.from(base64, 'base64'));
    for (const { label, base64 } of kUnseen) writeFileSync(join(folder, `${label}.png`), Buffer.from(base64, 'base64'));
    cpSync(join(kRoot, 'web/examples/node.mjs'), join(folder, 'node.mjs'));
    const said = execFileSync(process.execPath, ['node.mjs', 'things', ...kThreeKinds.map((kind) => `${kind}.png`)], { cwd: folder, encoding: 'utf8' });
    assert.match(said, new RegExp(`^${kThreeKinds.map((kind) => `${kind}\\.png: ${kind}, \\d+ %\\n`).join('')}$`));
  });
});

test('the package: on a static host, without a bundler', async (context) => {
  await withProject(context, async (folder) => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    const map = JSON.stringify({ imports: { handful: './node_modules/handful/handful.js' } });
    writeFileSync(join(folder, 'index.html'), page.replace('<script ', `<script type="importmap">${map}</script><script `));
    await learnIn(context, folder);
  });
});

test('the package: esbuild takes it in', async (context) => {
  await withProject(context, async (folder) => {
    mkdirSync(join(folder, 'out'));
    await build({ entryPoints: [join(folder, 'main.js')], bundle: true, outfile: join(folder, 'out/main.js'), logLevel: 'error' });
    cpSync(join(folder, 'index.html'), join(folder, 'out/index.html'));
    await learnIn(context, join(folder, 'out'));
  });
});

const needsVite = { minutes: 4, skip: existsSync(kVite) ? '' : 'vite is not installed' };

test('the package: Vite builds it', needsVite, async (context) => {
  const { build: viteBuild } = await import(kVite);
  await withProject(context, async (folder) => {
    await viteBuild({ root: folder, configFile: false, logLevel: 'error' });
    await learnIn(context, join(folder, 'dist'));
  });
});

test('the package: Vite serves it while one works on a page', needsVite, async (context) => {
  const { createServer } = await import(kVite);
  await withProject(context, async (folder) => {
    const server = await createServer({ root: folder, configFile: false, logLevel: 'error', server: { port: 0, host: '127.0.0.1' } });
    try {
      await server.listen();
      await learnAt(context, server.resolvedUrls.local[0]);
    } finally {
      await server.close();
    }
  });
});
