// The 1,380 finger photos in the page: dropped as folders, trained with the write-up's settings, and compared with the shell.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataPath, dropFiles, test } from './lib/harness.mjs';
import { dropFolders, dropOnClasses, trainingWeights, untilTrained } from './lib/kept.mjs';
import { untilCount } from './lib/studio.mjs';
import { mainThreadTasks } from './lib/trace.mjs';
import { until, untilStill } from './lib/waiting.mjs';
import { draw, kKinds } from '../node/lib/drawn.mjs';
import { zipOf } from '../node/lib/zip.mjs';

const kRoot = fileURLToPath(new URL('../..', import.meta.url));
const kLabels = ['0', '1', '2', '3'];
const kPhotos = 1380;

/** Tensors of a safetensors file by name: their bytes. */
function tensorsOf(bytes) {
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerBytes).toString());
  return Object.fromEntries(Object.entries(header).filter(([name]) => name !== '__metadata__')
    .map(([name, { data_offsets: [from, to] }]) => [name, bytes.subarray(8 + headerBytes + from, 8 + headerBytes + to)]));
}

/** Answers the site's list of models as a site would that was built without a backbone. */
async function withoutBackbone(page) {
  await page.route('**/models/index.json', async (route) => {
    const index = await (await route.fetch()).json();
    const files = index.files.filter(({ metadata }) => metadata.network === 'finger_cnn');
    await route.fulfill({ json: { backbones: [], files } });
  });
}

async function openWithoutBackbone(context) {
  const page = await context.newPage({ viewport: { width: 1440, height: 900 } });
  await withoutBackbone(page);
  await page.goto(context.site);
  await page.getByRole('heading', { name: 'raised fingers, from scratch' }).waitFor();
  return page;
}

test('a page without a backbone opens with the network from scratch, which knows fingers', { needsData: true }, async (context) => {
  const page = await openWithoutBackbone(context);
  await dropFiles(page, kLabels.map((label) => `fingers/${label}/${readdirSync(dataPath(`fingers/${label}`)).sort()[7]}`));
  await page.getByRole('status').filter({ hasText: '4 pictures answered' }).waitFor({ state: 'attached' });
  const rows = await page.getByRole('table', { name: 'Pictures and answers' }).getByRole('row').evaluateAll((all) =>
    all.slice(1).map((row) => row.querySelectorAll('[role=cell]')[1].textContent.trim()));
  assert.deepEqual(rows, kLabels);
});

test('a page without a backbone trains a network from scratch on drawn pictures', { minutes: 4 }, async (context) => {
  const page = await openWithoutBackbone(context);
  await untilStill(page);
  await page.screenshot({ path: 'build/screenshots/no-backbone-1440-light-1.png' });
  const pictures = kKinds.flatMap((kind) => Array.from({ length: 24 }, (_, number) => [`${kind}/${number}.png`, draw(kind, number)]));
  await dropOnClasses(page, [{ name: 'drawn.zip', bytes: zipOf(pictures) }]);
  for (const kind of kKinds) await untilCount(page, kind, 24, 60_000);
  const settings = page.getByRole('button', { name: 'Advanced settings' });
  await settings.dispatchEvent('click');
  await page.getByRole('radio', { name: 'From scratch' }).and(page.locator(':checked, [aria-checked=true]')).waitFor();
  for (const [name, value] of [['Epochs', '2'], ['Picture side, px', '48'], ['Batch', '16']]) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Enter');
  }
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  await untilTrained(page);
  await page.getByText('a network from scratch').first().waitFor({ state: 'attached' });
  await page.screenshot({ path: 'build/screenshots/scratch-1440-light-1.png' });
});

/** The weights that the shell gets with the write-up's settings. */
function trainInShell(before, after = []) {
  const folder = mkdtempSync(join(tmpdir(), 'handful-fingers-'));
  try {
    const out = join(folder, 'head.safetensors');
    execFileSync(join(kRoot, 'tools/handful'), [...before, 'train', dataPath('fingers'), '--recipe', 'writeup', ...after, '--out', out], { stdio: 'pipe' });
    return tensorsOf(readFileSync(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Drops the photos' folders onto the classes; seconds until all have been taken. */
async function addPhotos(page) {
  const began = Date.now();
  await dropFolders(page, page.getByRole('region', { name: 'Classes', exact: true }), kLabels.map((label) => dataPath(`fingers/${label}`)));
  await page.getByRole('progressbar', { name: 'Adding pictures' }).waitFor();
  await page.getByRole('progressbar', { name: 'Adding pictures' }).waitFor({ state: 'detached', timeout: 300_000 });
  const counts = await page.getByRole('list', { name: 'Classes to teach' }).getByText(/^\d+ pictures$/).allTextContents();
  assert.equal(counts.map((text) => parseInt(text, 10)).reduce((a, b) => a + b, 0), kPhotos);
  return (Date.now() - began) / 1000;
}

async function assertSameWeights(page, there) {
  const here = tensorsOf(Buffer.from(await trainingWeights(page), 'base64'));
  assert.deepEqual(Object.keys(here).sort(), Object.keys(there).sort());
  for (const [name, bytes] of Object.entries(there)) assert.ok(here[name].equals(bytes), `${name} differs`);
}

test(`${kPhotos} photos dropped as folders train to the weights that the shell gets, bit for bit`, { needsData: true, long: true, minutes: 15 },
     async (context) => {
  const page = await context.open('?engine=simd', { viewport: { width: 1440, height: 900 } });
  await page.getByRole('heading', { name: 'Make your first class' }).waitFor();
  const addedSeconds = await addPhotos(page);
  await page.getByRole('button', { name: 'Advanced settings' }).click();
  await page.getByRole('radio', { name: 'At random' }).dispatchEvent('click');
  await page.getByText('Optimistic: neighbours').waitFor();
  const trainBegan = Date.now();
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  await untilTrained(page);
  const trainSeconds = (Date.now() - trainBegan) / 1000;
  const result = await page.getByRole('region', { name: 'Train', exact: true }).getByRole('heading', { level: 3 }).first().textContent();
  console.log(`         ${JSON.stringify({ addedSeconds, trainSeconds, result })}`);

  await assertSameWeights(page, trainInShell(['--wasm']));
});

/** Gives every worker that starts from now on `engineMemory`, the memory of its WebAssembly instance. */
async function watchMemory(page) {
  await page.route('**/engine.*.mjs', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `for (const way of ['instantiate', 'instantiateStreaming']) {
      const original = WebAssembly[way].bind(WebAssembly);
      WebAssembly[way] = async (...all) => {
        const result = await original(...all);
        const instance = result.instance ?? result;
        self.engineMemory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
        return result;
      };
    }
    ${await response.text()}` });
  });
}

test(`${kPhotos} photos teach a network from scratch, with charts that live, in little memory, to the weights that the shell gets`,
     { needsData: true, long: true, minutes: 40 }, async (context) => {
  const page = await context.newPage({ viewport: { width: 1440, height: 900 } });
  await watchMemory(page);
  await page.goto(`${context.site}?engine=simd`);
  await page.getByRole('heading', { name: 'Make your first class' }).waitFor();
  await addPhotos(page);
  const heap = async () => {
    for (const worker of page.workers()) {
      const bytes = await worker.evaluate(() => self.engineMemory?.buffer.byteLength ?? 0);
      if (bytes > 0) return bytes / 2 ** 20;
    }
    throw new Error('no engine is at work');
  };
  const heapBeforeMb = await heap();

  await page.getByRole('button', { name: 'Advanced settings' }).click();
  await page.getByRole('radio', { name: 'From scratch' }).dispatchEvent('click');
  await page.getByText('Sees only your pictures').waitFor({ state: 'attached' });
  await page.getByRole('radio', { name: 'At random' }).dispatchEvent('click');
  await page.getByText('Optimistic: neighbours').waitFor({ state: 'attached' });
  const began = Date.now();
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  const training = page.getByRole('region', { name: 'Train', exact: true });
  await training.getByRole('progressbar', { name: 'Training' }).waitFor({ state: 'attached' });

  const { result: charts, tasks } = await mainThreadTasks(page, async () => {
    const seen = new Set();
    await until(async () => seen.add(await training.getByRole('img').first().getAttribute('aria-label')).size >= 3,
                'the loss chart to have three states', 60_000);
    return seen;
  });
  assert.equal(charts.size, 3);
  const longestTaskMs = Math.max(...tasks);
  assert.ok(longestTaskMs <= 50, `a task of the page's main thread took ${longestTaskMs.toFixed(1)} ms`);
  await page.screenshot({ path: 'build/screenshots/scratch-training-1440-light-1.png' });
  await untilTrained(page, 1_500_000);
  const trainSeconds = (Date.now() - began) / 1000;
  const heapMb = await heap();
  const result = await training.getByRole('heading', { level: 3 }).first().textContent();
  await page.screenshot({ path: 'build/screenshots/scratch-trained-1440-light-1.png' });
  console.log(`         ${JSON.stringify({ trainSeconds, result, heapBeforeMb, heapMb, longestTaskMs })}`);
  assert.ok(heapMb < 450, `the engine's memory has ${heapMb} MB`);
  await assertSameWeights(page, trainInShell(['--wasm'], ['--network', 'cnn']));
});
