// A project in the page: names of any kind, keys, undo, and archives that are not what they should be.
import assert from 'node:assert/strict';
import { drawn, test } from './lib/harness.mjs';
import { dropOnClasses } from './lib/kept.mjs';
import { film, installStudio, untilCount, untilFocused } from './lib/studio.mjs';
import { untilStill } from './lib/waiting.mjs';
import { draw } from '../node/lib/drawn.mjs';
import { zipOf } from '../node/lib/zip.mjs';

const kSize = { viewport: { width: 1440, height: 900 } };
const begun = (page) => page.getByRole('button', { name: /^Add a (second )?class$/ }).waitFor();

async function addClass(page, letter, name) {
  await page.getByRole('button', { name: /^Add a (second )?class$/ }).click();
  await untilFocused(page, `Name of class ${letter}`);
  await page.keyboard.insertText(name);
  await page.keyboard.press('Enter');
}

const alertOf = (page, text) => page.getByRole('alert').filter({ hasText: text }).first();

test('classes may be called anything, and a name that cannot be is explained', async (context) => {
  const page = await context.open('', kSize);
  await begun(page);
  const names = ['<img src=x onerror=alert(1)>', '👍🏽 gut', 'يد مفتوحة', '石头', '%s %n "&\''];
  for (const [i, name] of names.entries()) {
    await addClass(page, 'ABCDE'[i], name);
    await page.getByRole('button', { name: `Hold to record ${name}`, exact: true }).waitFor();
  }
  assert.equal(await page.locator('#mirror img').count(), 0);
  await untilStill(page);
  await page.screenshot({ path: 'build/screenshots/names-1440-light-1.png' });
  // The field itself stops at what a name may have.
  await addClass(page, 'F', 'x'.repeat(10_000));
  await page.getByRole('textbox', { name: 'Name of class F' }).waitFor();
  const kept = await page.getByRole('textbox', { name: 'Name of class F' }).inputValue();
  assert.ok(kept.length >= 1 && kept.length <= 200, `${kept.length} letters`);
  // A name that is another's already is refused with a sentence.
  await addClass(page, 'G', names[3]);
  await alertOf(page, names[3]).waitFor();
});

test('digits choose a class, Space shoots, Delete deletes, Ctrl+Z and Ctrl+Y undo and redo', async (context) => {
  const page = await context.newPage(kSize);
  await installStudio(page);
  await page.goto(context.site);
  await begun(page);
  await addClass(page, 'A', 'fist');
  await addClass(page, 'B', 'two');
  await film(page, [drawn('discs', 1), drawn('discs', 2)]);
  await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
  await page.getByRole('img', { name: 'Camera picture' }).waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('2');
  await page.keyboard.press('Space');
  await untilCount(page, 'two', 1, 20_000);
  await page.keyboard.press('1');
  await page.keyboard.press('Space');
  await untilCount(page, 'fist', 1, 20_000);
  const pictures = (name) => page.getByRole('button', { name: `Pictures of ${name}` });
  await pictures('two').click();
  await page.locator('#mirror div[role=option]').first().click();
  await page.getByText(/1 of \d+ pictures? selected/).waitFor();
  await page.keyboard.press('Delete');
  await pictures('two').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await pictures('two').waitFor();
  await page.keyboard.press('Control+y');
  await pictures('two').waitFor({ state: 'detached' });
  await pictures('fist').waitFor();
});

test('archives that are cut short, too new or lead elsewhere get a sentence, and one bad picture costs only itself', async (context) => {
  const page = await context.open('', kSize);
  await begun(page);
  const png = draw('discs', 0);
  const good = zipOf([['fist/a.png', png], ['fist/b.png', draw('discs', 1)], ['two/c.png', draw('stripes', 0)], ['two/broken.png', png.subarray(0, 900)]]);
  await dropOnClasses(page, [{ name: 'folders.zip', bytes: good }]);
  await untilCount(page, 'fist', 2, 30_000);
  await untilCount(page, 'two', 1, 30_000);
  await page.getByText(/1 picture could not be read: .*broken\.png/).first().waitFor();

  await dropOnClasses(page, [{ name: 'cut.zip', bytes: good.subarray(0, good.length - 40) }]);
  await alertOf(page, 'cut.zip').waitFor();

  await dropOnClasses(page, [{ name: 'evil.zip', bytes: zipOf([['../../out.png', png], ['fist/d.png', draw('discs', 2)]]) }]);
  await page.getByText(/could not be read: .*leads out of the archive/).first().waitFor();
  await untilCount(page, 'fist', 3, 30_000);

  const newer = { format: 'handful-project', version: 99, project: {}, samples: [], trainings: [] };
  await dropOnClasses(page, [{ name: 'newer.zip', bytes: zipOf([['project.json', Buffer.from(JSON.stringify(newer))]]) }]);
  await alertOf(page, 'version').waitFor();
  await page.screenshot({ path: 'build/screenshots/bad-archives-1440-light-1.png' });
  assert.equal(await page.getByRole('button', { name: 'Hold to record two', exact: true }).count(), 1);
});

test('training on pictures that are all the same, or one a class, is done or explained, and never a number that is none', async (context) => {
  const page = await context.open('', kSize);
  await begun(page);
  const png = draw('discs', 0);
  await dropOnClasses(page, [{ name: 'same.zip', bytes: zipOf([['a/1.png', png], ['b/1.png', png]]) }]);
  await untilCount(page, 'a', 1, 30_000);
  await untilCount(page, 'b', 1, 30_000);
  const region = page.getByRole('region', { name: 'Train', exact: true });
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  await region.getByRole('heading', { level: 3 }).or(region.getByRole('alert')).first().waitFor({ timeout: 60_000 });
  await untilStill(page);
  assert.doesNotMatch(await region.ariaSnapshot(), /nan|inf/i);
  await page.screenshot({ path: 'build/screenshots/same-1440-light-1.png' });
});
