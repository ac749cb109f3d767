// The page, found and operated by role and name, as people with a screen reader do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { clickByRole, contentOf, drawn, dropFiles, inputFile, prepareDrop, test } from './lib/harness.mjs';
import { mainThreadTasks } from './lib/trace.mjs';
import { animationFrames, untilStill } from './lib/waiting.mjs';
import { kKinds } from '../node/lib/drawn.mjs';

const kFingers = ['0/12-30-28-923587.png', '1/12-24-03-734986.png', '2/12-26-35-881290.png', '3/12-29-18-790663.png']
  .map((file) => `fingers/${file}`);
const kPictures = [0, 1, 2, 3].map((number) => drawn(kKinds[number % 2], number));

/** Opens the page and waits until it knows something. */
async function openReady({ open }, path = '') {
  const page = await open(path);
  await page.getByRole('heading', { name: 'raised fingers' }).waitFor({ state: 'attached' });
  return page;
}

/** The table's cells, row by row, once the page says `text` of at least two pictures. */
async function answers(page, text) {
  await page.getByRole('status').filter({ hasText: new RegExp(`^${text}$`) }).waitFor({ state: 'attached' });
  return page.getByRole('table', { name: 'Pictures and answers' }).getByRole('row').evaluateAll((rows) =>
    rows.slice(1).map((row) => [...row.querySelectorAll('[role=cell]')].map(({ textContent }) => textContent.trim())));
}

/** A picture as WebP without loss, in base64. */
const asWebp = (page, file) => page.evaluate(async (path) => {
  const bitmap = await createImageBitmap(await window.fileOf(path));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}, file);

test('four finger photos dropped on the page get four right answers', { needsData: true }, async (context) => {
  const page = await openReady(context);
  await dropFiles(page, kFingers);
  const table = await answers(page, '4 pictures answered');
  assert.deepEqual(table.map(([name, answer]) => [name, answer]),
                   kFingers.map((file) => [file.split('/')[2], file.split('/')[1]]));
});

test('pictures can be chosen instead of dropped', async (context) => {
  const page = await openReady(context);
  const chooser = page.waitForEvent('filechooser');
  await clickByRole(page, 'button', 'Choose pictures…');
  await (await chooser).setFiles(kPictures.slice(0, 2).map(inputFile));
  for (const [i, [name, answer]] of (await answers(page, '2 pictures answered')).entries()) {
    assert.equal(name, `${i}.png`);
    assert.match(answer, /^[0-3]$/);
  }
});

test('200 pictures are answered as they come, and no task holds up the page for 50 ms', async (context) => {
  const page = await openReady(context);
  const contents = kPictures.map((file) => contentOf(file).toString('base64'));
  const files = Array.from({ length: 200 }, (_, i) => ({ name: `${i}.png`, base64: contents[i % contents.length] }));
  const drop = await prepareDrop(page, files);
  const { tasks, result: { firstMs, lastMs } } = await mainThreadTasks(page, () => drop.evaluate((fire) => new Promise((done) => {
    // Watched from inside the page: the test's own queries would be tasks, too.
    const started = performance.now();
    let firstMs = 0;
    new MutationObserver(() => {
      const texts = (role) => [...document.querySelectorAll(`[role=${role}]`)].map(({ textContent }) => textContent.trim());
      if (!firstMs && texts('cell').some((text) => text.endsWith('%'))) firstMs = performance.now() - started;
      if (texts('status').includes('200 pictures answered')) done({ firstMs, lastMs: performance.now() - started });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    fire();
  })));
  assert.ok(firstMs > 0 && firstMs < lastMs / 4, `the first answer came after ${firstMs} ms, the last after ${lastMs} ms`);
  const longest = Math.max(...tasks);
  assert.ok(tasks.length > 200, `only ${tasks.length} tasks were seen`);
  console.log(`         first answer after ${firstMs.toFixed(0)} ms, last after ${lastMs.toFixed(0)} ms, longest task ${longest.toFixed(1)} ms`);
  assert.ok(longest <= 50, `a task of the page's main thread took ${longest.toFixed(1)} ms`);
});

test('every layer of the model can be looked at, also by what a browser must decode', async (context) => {
  const page = await openReady(context);
  await dropFiles(page, [kPictures[0], { name: 'two.webp', base64: await asWebp(page, kPictures[2]) }]);
  await answers(page, '2 pictures answered');
  await clickByRole(page, 'button', 'Under the hood');
  const hood = page.getByRole('region', { name: 'Under the hood' });
  const said = (name) => hood.getByRole('status').filter({ hasText: new RegExp(`^${name}: 65 layers, [\\d.]+ ms together$`) }).waitFor({ state: 'attached' });
  await said('0.png');
  await hood.getByRole('img', { name: '16 filters of 3 × 3 pixels' }).waitFor({ state: 'attached' });
  const layers = await hood.getByRole('listitem').evaluateAll((items) => items.map(({ textContent }) => textContent));
  assert.equal(layers.length, 65);
  assert.match(layers[0], /^Conv1, 112 × 112 × 16, [\d.]+ ms8 of 16, show all: Conv1$/);
  assert.match(layers[64], /^output, 4 values, [\d.]+ ms$/);
  await clickByRole(page, 'button', 'show all: block_3_expand');
  await hood.getByRole('button', { name: 'Show fewer: block_3_expand' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'two.webp' }).dispatchEvent('click');
  await said('two.webp');
});

test('WebP is answered as the PNG with its pixels, bad files get a sentence each, and the rest of the drop is answered', async (context) => {
  const page = await openReady(context);
  await dropFiles(page, [kPictures[2], { name: 'empty.png', text: '' }, { name: 'text.jpg', text: 'no picture at all' },
                         { name: 'two.webp', base64: await asWebp(page, kPictures[2]) }]);
  const table = await answers(page, '2 pictures answered, 2 could not be read');
  const rowOf = (name) => table.find(([cell]) => cell === name);
  assert.match(rowOf('2.png')[1], /^[0-3]$/);
  assert.deepEqual(rowOf('two.webp').slice(1, 3), rowOf('2.png').slice(1, 3));
  assert.match(rowOf('empty.png')[1], /empty/);
  assert.match(rowOf('text.jpg')[1], /not a picture/);
});

test('a Teachable Machine model dropped on the page is sure of its two samples', { needsData: true }, async (context) => {
  const page = await openReady(context);
  await dropFiles(page, ['weights/mobilenet_v2_035_224_one_or_two.h5', { name: 'labels.txt', text: '0 1 finger\n1 2 fingers\n' }]);
  await page.getByRole('list', { name: 'Classes' }).getByText('2 fingers').waitFor({ state: 'attached' });
  await dropFiles(page, ['weights/samples/1.jpg', 'weights/samples/2.jpg']);
  const table = await answers(page, '2 pictures answered');
  assert.deepEqual(table.map(([, label, probability]) => [label, probability]),
                   [['1 finger', '> 99.9 %'], ['2 fingers', '> 99.9 %']]);
});

test('all a visitor loads before the first answer, models and fonts apart, is at most 500 KB with brotli', async (context) => {
  const bodies = [];
  const page = await context.newPage({});
  page.context().on('response', (response) => {
    if (!/\/(models|fonts)\//.test(response.url())) bodies.push(response.body().then((body) => [response.url(), body]));
  });
  await page.goto(context.site);
  await page.getByRole('heading', { name: 'raised fingers' }).waitFor({ state: 'attached' });
  await dropFiles(page, kPictures.slice(0, 2));
  await answers(page, '2 pictures answered');
  const sizes = (await Promise.all(bodies)).map(([url, body]) => [url.split('/').pop(), brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }).length]);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  assert.ok(sizes.some(([name]) => /^engine\..*\.wasm$/.test(name)) && sizes.some(([name]) => name === 'ui.wasm'), String(sizes));
  assert.ok(total <= 500_000, `${total} bytes: ${sizes.map(([name, bytes]) => `${name} ${bytes}`).join(', ')}`);
});

test('when nothing happens, nothing is drawn', async (context) => {
  const page = await openReady(context);
  await dropFiles(page, kPictures.slice(0, 2));
  await answers(page, '2 pictures answered');
  const frames = () => page.evaluate(() => window.handful.frames);
  // What the drop set off, keeping the project among it, may take a while on a busy machine; then there is rest.
  const atRest = async () => {
    await untilStill(page);
    const before = await frames();
    await animationFrames(page, 180);
    return (await frames()) === before;
  };
  let rests = false;
  for (let tries = 0; tries < 5 && !rests; ++tries) rests = await atRest();
  assert.ok(rests, `still drawing after ${await frames()} frames`);
});

test('?engine=simd runs the engine that gives the same bits everywhere', async (context) => {
  const page = await context.newPage({});
  const engines = [];
  page.context().on('request', (request) => engines.push(.../engine\.\w+\.wasm$/.exec(request.url()) ?? []));
  await page.goto(`${context.site}?engine=simd`);
  await page.getByRole('heading', { name: 'raised fingers' }).waitFor({ state: 'attached' });
  assert.deepEqual(engines, ['engine.simd.wasm']);
});

test('?engine=nonsense is refused with a sentence', async ({ open }) => {
  const page = await open('?engine=nonsense');
  await page.getByText('There is no engine "nonsense"').first().waitFor({ state: 'attached' });
});

test('the page says what is missing where the site has no models', async (context) => {
  const page = await context.newPage({});
  await page.route('**/models/index.json', (route) => route.fulfill({ json: { backbones: [], files: [] } }));
  await page.goto(context.site);
  await page.getByText('models/backbone-handful.safetensors').first().waitFor({ state: 'attached' });
});

test('the licences of what ships are there', async ({ site }) => {
  const text = await (await fetch(`${site}LICENSES.txt`)).text();
  for (const name of ['XNNPACK', 'stb_image', 'Dear ImGui', 'Emscripten', 'musl', 'jsfive', 'Inter', 'MobileNetV2']) {
    assert.ok(text.includes(name), `${name} is missing`);
  }
  assert.match(readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8'), /MIT License/);
});
