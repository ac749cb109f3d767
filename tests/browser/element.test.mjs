// <handful-classifier>, for people who write no JavaScript.
import assert from 'node:assert/strict';
import { test, inputFile, drawn } from './lib/harness.mjs';

test('the page of ten lines answers a chosen picture and the camera, and lets go of the camera', async ({ open }) => {
  const page = await open('examples/ten_lines.html');
  const answers = page.getByRole('list', { name: 'Answers' }).getByRole('listitem');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a picture' }).click();
  await (await choosing).setFiles([inputFile(drawn('discs', 0))]);
  await answers.nth(2).waitFor();
  assert.equal(await answers.count(), 3);
  assert.match(await answers.first().textContent(), /^\d \d+\.\d %$|^\d.*\d+\.\d %$/);
  const seen = page.evaluate(() => new Promise((resolve) => {
    let count = 0;
    document.querySelector('handful-classifier').addEventListener('prediction', ({ detail }) => { if (++count === 5) resolve(detail.top.length); });
  }));
  await page.getByRole('button', { name: 'Turn on the camera' }).click();
  assert.equal(await seen, 3);
  await page.getByRole('button', { name: 'Turn off the camera' }).click();
  await page.getByRole('button', { name: 'Turn on the camera' }).waitFor();
});

test('the element says what is wrong, and comes back with another model', async ({ open }) => {
  const page = await open('examples/ten_lines.html');
  const status = page.getByRole('status');
  await page.evaluate(() => document.querySelector('handful-classifier').setAttribute('src', 'nowhere.safetensors'));
  await status.filter({ hasText: 'nowhere.safetensors: the server answered 404' }).waitFor();
  await page.evaluate(() => document.querySelector('handful-classifier').setAttribute('src', '../models/fingers-cnn.safetensors'));
  await page.evaluate(() => document.querySelector('handful-classifier').ready());
  assert.equal(await status.textContent(), '');
  await page.evaluate(() => document.querySelector('handful-classifier').remove());
  const { length } = page.workers();
  assert.ok(length <= 1, `${length} workers`);
});
