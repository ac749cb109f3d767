// What a reload leaves of a project: all that was acknowledged, what can be undone, and what was under way and can go on.
import assert from 'node:assert/strict';
import { test } from './lib/harness.mjs';
import { dropOnClasses } from './lib/kept.mjs';
import { countOf, untilCount } from './lib/studio.mjs';
import { until } from './lib/waiting.mjs';
import { draw } from '../node/lib/drawn.mjs';
import { zipOf } from '../node/lib/zip.mjs';

const kSize = { viewport: { width: 1440, height: 900 } };
const begun = (page) => page.getByRole('button', { name: /^Add a (second )?class$/ }).waitFor();
const pictures = (page, name) => page.getByRole('button', { name: `Pictures of ${name}` });

/** A zip of so many drawn pictures in two folders. */
function folders(count) {
  const kinds = ['discs', 'stripes'];
  return zipOf(Array.from({ length: count }, (_, i) => [`${i % 2 === 0 ? 'fist' : 'two'}/${i}.png`, draw(kinds[i % 2], i)]));
}

test('a reload opens the project that was open, and what was done in it can be undone', async (context) => {
  const page = await context.open('', kSize);
  await begun(page);
  await dropOnClasses(page, [{ name: 'folders.zip', bytes: folders(6) }]);
  await untilCount(page, 'fist', 3, 30_000);
  await untilCount(page, 'two', 3, 30_000);
  await pictures(page, 'two').click();
  await page.locator('#mirror div[role=option]').first().click();
  await page.getByText(/1 of \d+ pictures? selected/).waitFor();
  await page.keyboard.press('Delete');
  const notice = page.getByRole('button', { name: 'Undo', exact: true }).first();
  await page.getByText('1 picture deleted.').first().waitFor();
  await notice.waitFor();
  await page.screenshot({ path: 'build/screenshots/deleted-1440-light-1.png' });
  await page.keyboard.press('Escape');
  await until(async () => await countOf(page, 'two') === 2, '“two” to have 2 pictures');
  await until(() => page.evaluate(() => !window.handful.unfinished), 'everything to be kept');

  await page.reload();
  await pictures(page, 'two').waitFor();
  assert.equal(await countOf(page, 'two'), 2);
  await page.keyboard.press('Control+z');
  await until(async () => await countOf(page, 'two') === 3, '“two” to have its picture back');
  await until(() => page.evaluate(() => !window.handful.unfinished), 'everything to be kept');
  await page.reload();
  await pictures(page, 'two').waitFor();
  await until(async () => await countOf(page, 'two') === 3, '“two” to have 3 pictures');
});

test('an import that a reload cut short is shown, and the same file adds what is missing', { minutes: 4 }, async (context) => {
  const kAll = 90;
  const page = await context.open('', kSize);
  page.on('dialog', (dialog) => void dialog.accept());  // the page asks before it is left
  await begun(page);
  const zip = { name: 'many.zip', bytes: folders(kAll) };
  await dropOnClasses(page, [zip]);
  await untilCount(page, 'fist', 3, 60_000);
  await page.reload();
  const banner = page.getByText(/many\.zip was cut short: \d+ of 90 pictures are here/).first();
  await banner.waitFor({ timeout: 60_000 });
  await page.screenshot({ path: 'build/screenshots/cut-import-1440-light-1.png' });
  const before = Number(/(\d+) of 90/.exec(await banner.textContent())[1]);
  assert.ok(before >= 3 && before < kAll, `${before} of ${kAll}`);
  assert.equal(await countOf(page, 'fist'), Math.min(before, kAll / 2), 'the first folder comes first');
  await dropOnClasses(page, [zip]);
  await page.getByRole('status').filter({ hasText: /many\.zip: \d+ pictures added\./ }).waitFor({ state: 'attached', timeout: 120_000 });
  assert.equal(await countOf(page, 'fist') + await countOf(page, 'two'), kAll);
  await page.getByText('many.zip was cut short').waitFor({ state: 'detached' });
});

test('a training that a reload cut short can go on', { minutes: 4 }, async (context) => {
  const page = await context.open('', kSize);
  page.on('dialog', (dialog) => void dialog.accept());
  await begun(page);
  await dropOnClasses(page, [{ name: 'folders.zip', bytes: folders(12) }]);
  await untilCount(page, 'two', 6, 30_000);
  await page.getByRole('button', { name: 'Advanced settings' }).click();
  await page.getByRole('radio', { name: 'From scratch' }).waitFor({ state: 'attached' });
  await page.getByRole('radio', { name: 'From scratch' }).dispatchEvent('click');
  await page.getByRole('radio', { name: 'From scratch' }).and(page.locator(':checked, [aria-checked=true]')).waitFor();
  for (const [name, value] of [['Epochs', '2000'], ['Patience, epochs', '0']]) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Enter');
  }
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  // Its state is kept every 20 seconds.
  const stateIsKept = () => page.evaluate(async () => {
    const request = (asked) => new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const database = await request(indexedDB.open('handful'));
    const keys = await request(database.transaction('trainings').objectStore('trainings').getAllKeys());
    database.close();
    return keys.some((key) => key.includes('/state/'));
  });
  await until(stateIsKept, 'the state of the training to be kept', 90_000);
  await page.reload();
  const resume = page.getByRole('button', { name: 'Resume' });
  await resume.waitFor();
  await page.getByText('It was cut short when the page was closed, and can go on.').first().waitFor();
  await page.screenshot({ path: 'build/screenshots/cut-training-1440-light-1.png' });
  await resume.dispatchEvent('click');
  const region = page.getByRole('region', { name: 'Training', exact: true });
  await region.getByRole('status').filter({ hasText: /Training goes on with|Training: \d+ %/ }).first().waitFor({ state: 'attached', timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).dispatchEvent('click');
  await region.getByRole('status').filter({ hasText: 'Training is stopped.' }).first().waitFor({ state: 'attached', timeout: 60_000 });
});
