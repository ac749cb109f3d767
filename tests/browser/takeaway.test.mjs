// The model leaves: the dialog, what it hands out, and that the single HTML file answers as the page does, from file://.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';
import { draw, kKinds } from '../node/lib/drawn.mjs';
import { test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';

const { ZipReader } = await importTypeScript('web/engine/zip_reader.ts');
const kSize = { viewport: { width: 1440, height: 900 } };
const dialogOf = (page) => page.getByRole('dialog', { name: 'Take it with you' });

/** The example, trained. */
async function trained(context, options = kSize) {
  const page = await context.open('', options);
  await page.getByRole('button', { name: 'Open an example' }).click();
  await page.getByRole('status').filter({ hasText: 'example.zip: 100 pictures added.' }).waitFor({ state: 'attached', timeout: 60_000 });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  return page;
}

/** What Download of that target hands out: the zip's files by their names, and the sentence. */
async function taken(page, title) {
  const item = dialogOf(page).getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
  const [download] = await Promise.all([page.waitForEvent('download'), item.getByRole('button').click()]);
  const said = await item.getByText(/^.*Read back: .*$/).textContent();
  const reader = await ZipReader.open(new Blob([readFileSync(await download.path())]), { entryBytes: 1 << 28, totalBytes: 1 << 29 });
  const files = new Map();
  for (const { name } of reader.entries) files.set(name, Buffer.from(await reader.read(name)));
  return { name: download.suggestedFilename(), files, said };
}

test('a trained model leaves with its proof: read back, golden pictures, card, and it opens again with the same answers', async (context) => {
  const page = await trained(context);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('button', { name: 'Take it with you…' }).click();
  await dialogOf(page).getByRole('heading', { name: 'One HTML file' }).waitFor();
  assert.ok(asked.some((url) => url.endsWith('converter.wasm')), 'the converter is fetched when it is asked for');
  const { name, files, said } = await taken(page, 'Handful');
  assert.match(name, /^Apple-Banana-Lemon-Pear-safetensors\.zip$/);
  assert.match(said, /the same first answer on 16 of 16 pictures, probabilities differ by nothing\./);
  const description = JSON.parse(files.get('handful.json'));
  assert.deepEqual(description.classes, ['Apple', 'Banana', 'Lemon', 'Pear']);
  assert.equal(description.golden.length, 16);
  assert.equal(String(files.get('labels.txt')), 'Apple\nBanana\nLemon\nPear\n');
  for (const { file, label, probabilities } of description.golden) {
    assert.deepEqual([...files.get(file).subarray(1, 4)].map((c) => String.fromCharCode(c)).join(''), 'PNG');
    assert.ok(description.classes.includes(label));
    assert.ok(Math.abs(probabilities.reduce((sum, p) => sum + p) - 1) < 1e-5);
  }
  assert.match(String(files.get('MODEL_CARD.md')), /held out from learning \| \d+ of \d+, \d+\.\d %/);
  await page.keyboard.press('Escape');
  await dialogOf(page).waitFor({ state: 'detached' });
});

test('the single HTML file answers as Handful does when it is opened from a folder, without a network', async (context) => {
  const page = await trained(context);
  await page.getByRole('button', { name: 'Take it with you…' }).click();
  const { files } = await taken(page, 'One HTML file');
  const folder = mkdtempSync(join(tmpdir(), 'handful-html-'));
  try {
    writeFileSync(join(folder, 'classify.html'), files.get('classify.html'));
    const elsewhere = await context.browser.newContext({ offline: true });
    const single = await elsewhere.newPage();
    await single.goto(pathToFileURL(join(folder, 'classify.html')).href);
    await single.getByText('Checked: on 16 pictures this file answers as Handful did when it was made.').waitFor({ timeout: 60_000 });
    assert.ok(Number(await single.evaluate(() => document.body.dataset.difference)) <= 1e-4);
    const [{ file, probabilities }] = JSON.parse(files.get('handful.json')).golden;
    writeFileSync(join(folder, 'golden.png'), files.get(file));
    await single.locator('#file').setInputFiles(join(folder, 'golden.png'));
    const first = single.getByRole('listitem').first();
    await first.waitFor();
    const best = Math.max(...probabilities);
    assert.match(await first.textContent(), new RegExp(`${(best * 100).toFixed(1)} %`));
    await elsewhere.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what cannot be made or loaded is a sentence in the dialog, and can be asked for again', async (context) => {
  const page = await context.newPage(kSize);
  let refuse = true;
  await page.context().route('**/offline.html', (route) => refuse ? route.fulfill({ status: 503 }) : route.continue());
  await page.goto(context.site);
  await page.getByRole('button', { name: 'Take it with you…' }).click();
  const item = dialogOf(page).getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'One HTML file' }) });
  await item.getByRole('button').click();
  await item.getByText('It could not be made: offline.html: the server answered 503.').waitFor();
  refuse = false;
  const [download] = await Promise.all([page.waitForEvent('download'), item.getByRole('button').click()]);
  assert.match(download.suggestedFilename(), /^raised-fingers-html\.zip$/);
});

test('the library hands a model out, too', async (context) => {
  const page = await context.openBlank();
  const { name, names, verification, targets } = await page.evaluate(async ({ site, pictures }) => {
    const { createHandful } = await import(`${site}handful.js`);
    const handful = await createHandful();
    for (const { label, base64 } of pictures) {
      await handful.addSample(label, new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]));
    }
    await handful.train({ epochs: 5 });
    const exported = await handful.exportModel('safetensors');
    const listed = await handful.exportTargets();
    handful.dispose();
    return { name: exported.name, names: exported.files, verification: exported.verification, targets: listed.map((target) => target.name) };
  }, { site: context.site, pictures: kKinds.flatMap((label) => [0, 1, 2, 3].map((i) => ({ label, base64: draw(label, i).toString('base64') }))) });
  assert.match(name, /-safetensors\.zip$/);
  assert.ok(names.includes('model.safetensors') && names.includes('golden/15.png'));
  assert.equal(verification.largest_difference, 0);
  assert.ok(targets.includes('html'));
});
