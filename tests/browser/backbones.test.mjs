// The main flow on pictures that the test draws, with whatever backbones the site carries; and what happens when one is damaged or
// another is chosen. Nothing here needs test data.
import assert from 'node:assert/strict';
import { dropFiles, test } from './lib/harness.mjs';
import { dropOnClasses, untilTrained } from './lib/kept.mjs';
import { untilCount } from './lib/studio.mjs';
import { anotherBackbone } from '../node/lib/backbones.mjs';
import { draw, kKinds } from '../node/lib/drawn.mjs';
import { readMetadata } from '../node/lib/safetensors.mjs';
import { zipOf } from '../node/lib/zip.mjs';

const kEach = 16;

const indexOf = async ({ site }) => (await fetch(`${site}models/index.json`)).json();

async function openPage({ newPage, site }, before = async () => {}) {
  const page = await newPage({ viewport: { width: 1440, height: 900 } });
  await before(page);
  await page.goto(site);
  await page.getByRole('button', { name: 'Add a class', exact: true }).waitFor();
  return page;
}

/** Two classes of drawn pictures, numbered from `from` to `to`. */
async function teach(page, from = 0, to = kEach) {
  const pictures = kKinds.flatMap((kind) => Array.from({ length: to - from }, (_, i) => [`${kind}/${from + i}.png`, draw(kind, from + i)]));
  await dropOnClasses(page, [{ name: 'drawn.zip', bytes: zipOf(pictures) }]);
  for (const kind of kKinds) await untilCount(page, kind, to);
}

/** The answers to pictures that were not taught: [file, answer]. */
async function tryOthers(page, from, { many = 3, take = 0 } = {}) {
  const files = kKinds.flatMap((kind) => Array.from({ length: many }, (_, i) => (
    { name: `${kind} ${from + i}${take > 0 ? ` again ${take}` : ''}.png`, base64: draw(kind, from + i, take).toString('base64') })));
  await dropFiles(page, files);
  for (const { name } of files) await page.getByRole('button', { name: new RegExp(`^${name.replace('.', '\\.')}`) }).first().waitFor({ state: 'attached' });
  await page.getByRole('status').filter({ hasText: /^\d+ pictures answered$/ }).waitFor({ state: 'attached' });
  return page.getByRole('table', { name: 'Pictures and answers' }).getByRole('row').evaluateAll((rows) =>
    rows.slice(1).map((row) => [...row.querySelectorAll('[role=cell]')].slice(0, 2).map(({ textContent }) => textContent.trim())));
}

const allRight = (rows) => assert.deepEqual(rows.map(([, answer]) => answer), rows.map(([name]) => name.split(' ')[0]));

test('taught, answered by neighbours, trained, tried, and kept over a reload, on drawn pictures', { minutes: 4 }, async (context) => {
  const page = await openPage(context);
  await teach(page);
  allRight(await tryOthers(page, 100));  // nearest neighbours
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  allRight(await tryOthers(page, 200));
  await page.reload();
  for (const kind of kKinds) await untilCount(page, kind, kEach);
  await page.getByRole('region', { name: 'Model' }).getByRole('heading', { name: 'discs, stripes' }).waitFor({ state: 'attached' });
  allRight(await tryOthers(page, 300));
});

test('from two pictures of each class on their neighbours answer, on drawn pictures', async (context) => {
  const page = await openPage(context);
  await page.getByRole('region', { name: 'Model' }).getByRole('heading', { name: 'raised fingers' }).waitFor({ state: 'attached' });
  await teach(page, 0, 1);
  for (const [, answer] of await tryOthers(page, 0, { many: 1, take: 1 })) assert.match(answer, /^[0-3]$/, 'one each is too few: the fingers model answers');
  await page.getByRole('button', { name: 'Clear' }).dispatchEvent('click');
  await teach(page, 1, 2);
  allRight(await tryOthers(page, 0, { many: 2, take: 2 }));  // the same things in other noise
});

test('a damaged backbone gets a sentence and gives way to the next', { minutes: 3 }, async (context) => {
  const { backbones } = await indexOf(context);
  const good = backbones.at(-1);
  const page = await openPage(context, async (fresh) => {
    await fresh.route('**/models/index.json', (route) => route.fulfill({ json: {
      backbones: [{ ...good, file: 'cut-short.safetensors', name: 'the damaged one', head: null }, { ...good, name: 'the sound one' }], files: [],
    } }));
    await fresh.route('**/models/cut-short.safetensors', async (route) => {
      const whole = await (await fetch(`${context.site}models/${good.file}`)).arrayBuffer();
      await route.fulfill({ body: Buffer.from(whole).subarray(0, 300_000) });
    });
  });
  await page.getByText('cut-short.safetensors').first().waitFor({ state: 'attached' });
  await page.getByText('Going on with the backbone “the sound one” instead.').first().waitFor({ state: 'attached' });
  await teach(page);
  allRight(await tryOthers(page, 100));
});

test('another backbone is chosen: the pictures are looked at anew, the choice stays, and a head that has lost its backbone says so', { minutes: 4 }, async (context) => {
  const { backbones: [first] } = await indexOf(context);
  const other = anotherBackbone(Buffer.from(await (await fetch(`${context.site}models/${first.file}`)).arrayBuffer()));
  const metadata = readMetadata(other);
  const page = await openPage(context, async (fresh) => {
    await fresh.route('**/models/index.json', (route) => route.fulfill({ json: {
      backbones: [first, { file: 'other.safetensors', bytes: other.length, metadata, name: 'the other one', head: null }], files: [],
    } }));
    await fresh.route('**/models/other.safetensors', (route) => route.fulfill({ body: other }));
  });
  await teach(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  await page.getByRole('button', { name: 'Advanced settings' }).dispatchEvent('click');
  await page.getByRole('radio', { name: 'the other one' }).dispatchEvent('click');
  await page.getByText(new RegExp(`^In use: .*${metadata.backbone_sha256.slice(0, 12)}`)).waitFor({ state: 'attached' });
  await page.getByText('Stands on another backbone').first().waitFor({ state: 'attached' });
  allRight(await tryOthers(page, 100));
  // The head stands on the first one, which a reload does not load: the neighbours answer, and a sentence names both.
  await page.reload();
  for (const kind of kKinds) await untilCount(page, kind, kEach);
  allRight(await tryOthers(page, 200));
  await page.getByText("the project's trained model cannot answer").first().waitFor({ state: 'attached' });
});
