// The example that the page comes with: opened, trained, and what becomes of it where it cannot be had.
import assert from 'node:assert/strict';
import { test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';
import { tabTo } from './lib/studio.mjs';

const kSize = { viewport: { width: 1440, height: 900 } };
const kClasses = ['Apple', 'Banana', 'Lemon', 'Pear'];
const open = (page) => page.getByRole('button', { name: 'Open an example' });

async function isThere(page) {
  await page.getByRole('status').filter({ hasText: 'example.zip: 100 pictures added.' }).waitFor({ state: 'attached', timeout: 60_000 });
  await page.getByRole('button', { name: /^Project: Example: fruit/ }).waitFor();
  for (const name of kClasses) await page.getByRole('button', { name: `Pictures of ${name}` }).waitFor({ state: 'attached' });
}

test('the example opens from the empty page, trains, and tells most held-out pictures', async (context) => {
  const page = await context.newPage(kSize);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(context.site);
  await open(page).waitFor();
  await page.waitForLoadState('networkidle');
  assert.ok(!asked.some((url) => url.endsWith('example.zip')), 'it is fetched when it is asked for');
  await open(page).click();
  await isThere(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  const said = await page.getByText(/^\d+ of 32 held-out pictures right$/).first().textContent();
  const right = Number(said.split(' ')[0]);
  assert.ok(right >= 27 && right < 32, said);
});

test('the example opens by keyboard and from the projects, on a phone too', async (context) => {
  const page = await context.open('', { viewport: { width: 390, height: 844 } });
  await open(page).waitFor();
  const { y, height } = await open(page).boundingBox();
  assert.ok(y + height <= 844, `it ends at ${y + height} of 844 pixels`);
  await tabTo(page, 'Open an example');
  await page.keyboard.press('Enter');
  await isThere(page);
  await page.getByRole('button', { name: /^Project: / }).click();
  await page.getByRole('dialog', { name: 'Projects' }).getByRole('button', { name: 'Open an example' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await isThere(page);
});

test('an example that cannot be fetched is a sentence, and can be asked for again', async (context) => {
  const page = await context.newPage(kSize);
  let refused = 0;
  await page.context().route('**/example.zip', (route) => ++refused === 1 ? route.fulfill({ status: 503 }) : route.continue());
  await page.goto(context.site);
  await open(page).click();
  await page.getByRole('alert').filter({ hasText: /example\.zip: the server answered 503/i }).first().waitFor();
  await open(page).click();
  await isThere(page);
});
