// The browser's database as commit 85c0966 left it (tests/fixtures/85c0966): today's page opens it, and goes on with it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dropFiles, test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';
import { openProjectPage, tabsOf } from './lib/project_page.mjs';
import { countOf, untilCount } from './lib/studio.mjs';
import { until } from './lib/waiting.mjs';

const fixture = (name) => new URL(`../fixtures/85c0966/${name}`, import.meta.url);
const kDatabase = JSON.parse(gunzipSync(readFileSync(fixture('database.json.gz'))));
const kShapes = kDatabase.stores.projects.find(([, record]) => JSON.parse(Buffer.from(record, 'base64')).name === 'Shapes')[0];
const kPictures = readdirSync(fixture('pictures')).sort().map((name) => ({ name, base64: readFileSync(fixture(`pictures/${name}`)).toString('base64') }));
const kClasses = { discs: 5, bands: 7, 'Kreuze ✚': 6 };
const kNow = { discs: 'discs', stripes: 'bands', crosses: 'Kreuze ✚' };  // what the kind that a picture's name begins with is called
const kOfficial = 'mobilenet_v2_035_224_backbone.safetensors';  // made the features, and carries the head

/** What 85c0966 said of a picture: [label of today, probability], the most probable first. */
const answersOf = (name) => Object.entries(JSON.parse(readFileSync(fixture('answers.json')))['project.zip'][name])
  .map(([label, p]) => [kNow[label] ?? label, p]).sort(([, a], [, b]) => b - a);

const hasOfficial = async ({ site }) =>
  (await (await fetch(`${site}models/index.json`)).json()).backbones[0].file === kOfficial;

/** Writes the dump into a browser that has kept nothing yet. */
async function restore(page, site) {
  await page.route(`${site}nothing.html`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }));
  await page.goto(`${site}nothing.html`);
  await page.evaluate(({ name, version, stores }) => new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version), names = Object.keys(stores);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => names.forEach((store) => request.result.createObjectStore(store));
    request.onsuccess = () => {
      const transaction = request.result.transaction(names, 'readwrite');
      for (const store of names) {
        for (const [key, base64] of stores[store]) {
          transaction.objectStore(store).put(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer, key);
        }
      }
      transaction.onerror = () => reject(transaction.error);
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  }), kDatabase);
}

/** The page with a project of the dump open. It comes with the one that was changed last, as 85c0966 did. */
async function openOld(context, project) {
  const page = await context.newPage({ viewport: { width: 1440, height: 900 } });
  await restore(page, context.site);
  await page.goto(context.site);
  const open = page.getByRole('button', { name: 'Project: New project' });
  await open.waitFor();
  if (project === 'New project') return page;
  await open.dispatchEvent('click');
  await page.getByRole('button', { name: `Open ${project}` }).dispatchEvent('click');
  await page.getByRole('button', { name: `Project: ${project}` }).waitFor();
  return page;
}

async function hasAllPictures(page) {
  for (const [name, count] of Object.entries(kClasses)) {
    await untilCount(page, name, count);
    assert.equal(await countOf(page, name), count, name);
  }
  await page.getByText('2 pictures, left out of training').first().waitFor({ state: 'attached' });
}

/** The first two columns of the table of answers, once there are so many: [file, class]. */
async function tryAll(page, prefix) {
  await dropFiles(page, kPictures.map(({ name, base64 }) => ({ name: prefix + name, base64 })));
  for (const { name } of kPictures) await page.getByRole('button', { name: new RegExp(`^${prefix}${name.replace('.', '\\.')}`) }).first().waitFor({ state: 'attached' });
  await page.getByRole('status').filter({ hasText: /^\d+ pictures answered$/ }).waitFor({ state: 'attached' });
  return page.getByRole('table', { name: 'Pictures and answers' }).getByRole('row').evaluateAll((rows) =>
    rows.slice(1).map((row) => [...row.querySelectorAll('[role=cell]')].slice(0, 2).map(({ textContent }) => textContent.trim())));
}

const kept = (page) => until(() => page.evaluate(() => !window.handful.unfinished), 'everything to be kept');

test('the dump is of a database of version 1 with two projects', () => {
  assert.equal(kDatabase.version, 1);
  assert.equal(kDatabase.stores.projects.length, 2);
  assert.equal(kDatabase.stores.samples.length, 28);
  for (const store of ['features', 'pixels', 'thumbnails']) assert.equal(kDatabase.stores[store].length, 28, store);
});

test('a database of 85c0966 opens: classes, pictures, training; its model answers; a change is kept over a reload', { minutes: 4 },
     async (context) => {
  const page = await openOld(context, 'Shapes'), official = await hasOfficial(context);
  await hasAllPictures(page);
  if (official) {
    await page.getByRole('region', { name: 'Model' }).getByRole('heading', { name: 'Kreuze ✚, discs, stripes' }).waitFor({ state: 'attached' });
    for (const [file, answer] of await tryAll(page, 'then ')) assert.equal(answer, answersOf(file.replace('then ', ''))[0][0], file);
  }
  await page.screenshot({ path: 'build/screenshots/old-database-1440-light-1.png' });

  const field = page.getByRole('textbox', { name: 'Name of class C' });
  await field.fill('stripes again');
  await field.press('Enter');
  await page.getByRole('button', { name: 'More for stripes again', exact: true }).waitFor();
  await kept(page);
  await page.reload();
  await page.getByRole('button', { name: 'More for stripes again', exact: true }).waitFor();
  await untilCount(page, 'stripes again', kClasses.bands);
  await page.keyboard.press('Control+z');  // version 2 keeps that, too
  await page.getByRole('button', { name: 'More for bands', exact: true }).waitFor();
  await hasAllPictures(page);

  // It learns from what was kept then.
  await page.getByRole('button', { name: 'Train', exact: true }).and(page.locator(':enabled')).click();
  await untilTrained(page);
  for (const [file, answer] of await tryAll(page, 'now ')) assert.equal(answer, kNow[/(\w+)-/.exec(file)[1]], file);
  assert.equal(await page.evaluate(async () => (await indexedDB.databases()).find(({ name }) => name === 'handful').version), 2);
});

test('a training that was stopped in 85c0966 goes on', { minutes: 4 }, async (context) => {
  const page = await openOld(context, 'New project');
  for (const kind of ['discs', 'stripes']) await untilCount(page, kind, 4);
  if (!await hasOfficial(context)) return;  // a head goes on with the backbone it began with
  await page.getByRole('button', { name: 'Resume' }).dispatchEvent('click');
  const region = page.getByRole('region', { name: 'Training', exact: true });
  const says = (text) => region.getByRole('status').filter({ hasText: text }).first().waitFor({ state: 'attached' });
  await says(/Training goes on with|Training: \d+ %/);
  await page.getByRole('button', { name: 'Stop', exact: true }).dispatchEvent('click');
  await says('Training is stopped.');
  await kept(page);
});

test('the engine lists what a database of 85c0966 holds, with thumbnails and pixels, and its model gives the probabilities of then',
     async (context) => {
  const tabs = tabsOf(context), official = await hasOfficial(context);
  const first = await tabs.newPage({});
  await restore(first, context.site);
  const page = await openProjectPage(tabs, { database: kDatabase.name });
  const found = await page.evaluate(async ([pictures, shapes]) => {
    await window.wait(({ type }) => type === 'BackboneLoaded');
    window.engine.post({ type: 'OpenProject', id: 1001, project_id: shapes, take: true });
    const { samples } = await window.wait(({ type }) => type === 'SamplesListed');
    const { project, trainings } = window.heard.findLast(({ type }) => type === 'ProjectOpened');
    const ids = window.heard.filter(({ type }) => type === 'SamplesChanged').flatMap((event) => event.samples).map(({ id }) => id);
    const { sample_ids } = await window.ask({ type: 'GetThumbnails', sample_ids: ids });
    const sides = [];
    for (const id of ids) sides.push((await window.ask({ type: 'GetSample', sample_id: id })).side);
    const answers = [];
    for (const { name, base64 } of pictures) {
      const file = new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name);
      const { by, top } = await window.ask({ type: 'Classify', name, top: 10 }, [file]);
      answers.push({ name, by, top: top.map(({ label, p }) => [label, p]) });
    }
    return { name: project.name, trainings, samples, thumbnails: sample_ids.length, sides, answers,
             failed: window.heard.filter(({ type }) => type === 'Failed').map(({ message }) => message) };
  }, [kPictures, kShapes]);
  assert.deepEqual({ name: found.name, samples: found.samples, thumbnails: found.thumbnails }, { name: 'Shapes', samples: 20, thumbnails: 20 });
  assert.deepEqual(found.sides, Array(20).fill(224));
  const [{ state, current, curve, settings, seconds, ...training }, ...more] = found.trainings;
  assert.equal(more.length, 0);
  assert.deepEqual({ state, current, epochs: curve.length, hidden: settings.hidden }, { state: 'done', current: true, epochs: 20, hidden: 8 });
  assert.equal(training.training + training.validation, 18);
  if (!official) return;
  assert.deepEqual(found.failed, []);
  for (const { name, by, top } of found.answers) {
    assert.equal(by, 'model');
    assert.deepEqual(top.map(([label]) => label), answersOf(name).map(([label]) => label), name);
    answersOf(name).forEach(([label, p], i) => assert.ok(Math.abs(top[i][1] - p) <= 1e-4, `${name}: ${label} ${top[i][1]}, then ${p}`));
  }
});
