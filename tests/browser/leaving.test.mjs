// The page asks before it is left while something goes on that would be lost, and only then.
import assert from 'node:assert/strict';
import { test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';
import { until } from './lib/waiting.mjs';

/** Tries to reload and stays; resolves to whether the page asked. */
async function asksBeforeItIsLeft(page) {
  let asked = false;
  const stay = async (dialog) => {
    asked = dialog.type() === 'beforeunload';
    await dialog.dismiss();
  };
  page.once('dialog', stay);
  await page.evaluate(() => {
    window.marker = 'still there';
    location.reload();
  }).catch(() => {});  // it may be gone at once
  await until(async () => asked || await page.evaluate(() => window.marker === undefined).catch(() => false), 'the page to ask, or to be left');
  page.off('dialog', stay);
  return asked;
}

test('the page asks before it is left during an import and a training, and not before or after', { minutes: 4 }, async (context) => {
  const page = await context.open('', { viewport: { width: 1440, height: 900 } });
  const open = page.getByRole('button', { name: 'Open an example' });
  await open.waitFor();
  await page.mouse.click(700, 880);  // browsers ask only where something was done
  assert.equal(await asksBeforeItIsLeft(page), false, 'nothing is lost yet');
  await open.click();
  await until(() => page.evaluate(() => window.handful.unfinished), 'the import to begin');
  assert.equal(await asksBeforeItIsLeft(page), true, 'while it is imported');
  await page.getByRole('status').filter({ hasText: 'example.zip: 100 pictures added.' }).waitFor({ state: 'attached', timeout: 60_000 });
  const train = page.getByRole('button', { name: 'Train', exact: true });
  await train.click();
  await until(() => page.evaluate(() => window.handful.unfinished), 'the training to begin');
  assert.equal(await asksBeforeItIsLeft(page), true, 'while it trains');
  await untilTrained(page);
  await until(() => page.evaluate(() => !window.handful.unfinished), 'everything to be kept');
  await page.mouse.click(700, 880);
  assert.equal(await asksBeforeItIsLeft(page), false, 'all is kept');
});
