// Teaching from start to end: three classes recorded from real finger photos, trained, and asked for others.
import assert from 'node:assert/strict';
import { dropFiles, test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';
import { film, fingerPhotos, installStudio, kFingerClasses, liveAnswer, tabTo, untilCount, untilFocused } from './lib/studio.mjs';

const kFrames = 60;
const nameOf = (label) => ({ 0: 'fist', 1: 'one finger', 2: 'two fingers' })[label];
const letterOf = (label) => 'ABC'[Number(label)];

async function openStudio(context) {
  const page = await context.newPage({ viewport: { width: 1440, height: 900 } });
  await installStudio(page);
  await page.goto(`${context.site}?engine=simd`);
  await page.getByRole('button', { name: 'Add a class', exact: true }).waitFor();
  return page;
}

// What stands below the camera's picture has come to rest then.
const cameraOn = (page) => page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn off the camera' }).waitFor();

/** The live answer names the right class for photos that were never recorded. */
async function namesHeldOutPhotos(page) {
  const wrong = [];
  for (const label of kFingerClasses) {
    for (const photo of fingerPhotos(label).kept) {
      await film(page, [photo]);
      const answer = await liveAnswer(page);
      if (answer !== nameOf(label)) wrong.push(`${photo} is “${answer}”`);
    }
  }
  assert.deepEqual(wrong, []);
}

test('three classes recorded with the mouse, trained, and told apart live', { needsData: true, minutes: 8 }, async (context) => {
  const page = await openStudio(context);
  await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
  await cameraOn(page);
  for (const label of kFingerClasses) {
    await page.getByRole('button', { name: /^Add a (second )?class$/ }).click();
    await untilFocused(page, `Name of class ${letterOf(label)}`);
    await page.keyboard.type(nameOf(label));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Hold to record ${nameOf(label)}`, exact: true }).waitFor();
  }
  for (const label of kFingerClasses) {
    await film(page, fingerPhotos(label).shown);
    await page.getByRole('button', { name: `Hold to record ${nameOf(label)}`, exact: true }).hover();
    await page.mouse.down();
    await untilCount(page, nameOf(label), kFrames);
    await page.mouse.up();
  }
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  await namesHeldOutPhotos(page);
});

test('under the hood follows the camera until a picture is chosen', { needsData: true }, async (context) => {
  const page = await openStudio(context);
  await film(page, fingerPhotos('2').shown);
  await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
  await page.getByRole('button', { name: 'Under the hood' }).dispatchEvent('click');
  const hood = page.getByRole('region', { name: 'Under the hood' });
  const first = await hood.getByText(/^What the camera sees: 65 layers, .* together$/).textContent();
  await hood.getByText(/^What the camera sees: /).and(page.getByText(first, { exact: true })).waitFor({ state: 'detached' });  // others have other times
  await page.waitForTimeout(1000);
  await page.screenshot({ path: 'build/screenshots/hood-live-1440-light-1.png' });
  const photo = fingerPhotos('1').kept[0];
  await dropFiles(page, [photo]);
  await hood.getByRole('status').filter({ hasText: photo.split('/').at(-1) }).waitFor({ state: 'attached' });
});

test('the same by keyboard alone', { needsData: true, minutes: 8 }, async (context) => {
  const page = await openStudio(context);
  await tabTo(page, 'Turn on the camera');
  await page.keyboard.press('Enter');
  await cameraOn(page);
  for (const label of kFingerClasses) {
    await tabTo(page, /^Add a (second )?class$/);
    await page.keyboard.press('Enter');
    await untilFocused(page, `Name of class ${letterOf(label)}`);
    await page.keyboard.type(nameOf(label));
    await page.keyboard.press('Enter');
  }
  for (const label of kFingerClasses) {
    await film(page, fingerPhotos(label).shown);
    await tabTo(page, `Hold to record ${nameOf(label)}`);
    await page.keyboard.down('Space');
    await untilCount(page, nameOf(label), kFrames);
    await page.keyboard.up('Space');
  }
  await tabTo(page, 'Train');
  await page.keyboard.press('Enter');
  await untilTrained(page);
  await namesHeldOutPhotos(page);
});
