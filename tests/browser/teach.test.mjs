// Teaching from start to end: three classes recorded by the camera, of finger photos or drawn pictures, trained, and asked for others.
import assert from 'node:assert/strict';
import { drawn, dropFiles, test } from './lib/harness.mjs';
import { untilTrained } from './lib/kept.mjs';
import { film, fingerPhotos, installStudio, kFingerClasses, liveAnswer, tabTo, untilCount, untilFocused } from './lib/studio.mjs';
import { animationFrames } from './lib/waiting.mjs';
import { kThreeKinds } from '../node/lib/drawn.mjs';

const kFrames = 60, kDrawnFrames = 24;

/** Three classes, each with a name, pictures to show and others to be asked about. Photos need test data. */
const ofPhotos = () => kFingerClasses.map((label, i) => ({ name: ['fist', 'one finger', 'two fingers'][i], ...fingerPhotos(label) }));
const kDrawn = kThreeKinds.map((kind) => ({
  name: kind, shown: Array.from({ length: 20 }, (_, i) => drawn(kind, i)), kept: [100, 101].map((number) => drawn(kind, number)),
}));

async function openStudio(context) {
  const page = await context.newPage({ viewport: { width: 1440, height: 900 } });
  await installStudio(page);
  await page.goto(`${context.site}?engine=simd`);
  await page.getByRole('button', { name: 'Add a class', exact: true }).waitFor();
  return page;
}

// What stands below the camera's picture has come to rest then.
const cameraOn = (page) => page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn off the camera' }).waitFor();

/** The live answer names the right class for pictures that were never recorded. */
async function namesHeldOut(page, classes) {
  const wrong = [];
  for (const { name, kept } of classes) {
    for (const picture of kept) {
      await film(page, [picture]);
      const answer = await liveAnswer(page);
      if (answer !== name) wrong.push(`${picture} is “${answer}”`);
    }
  }
  assert.deepEqual(wrong, []);
}

test('three classes recorded with the mouse, trained, and told apart live', { needsData: true, minutes: 8 }, async (context) => {
  const page = await openStudio(context), classes = ofPhotos();
  await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
  await cameraOn(page);
  for (const [i, { name }] of classes.entries()) {
    await page.getByRole('button', { name: /^Add a (second )?class$/ }).click();
    await untilFocused(page, `Name of class ${'ABC'[i]}`);
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Hold to record ${name}`, exact: true }).waitFor();
  }
  for (const { name, shown } of classes) {
    await film(page, shown);
    await page.getByRole('button', { name: `Hold to record ${name}`, exact: true }).hover();
    await page.mouse.down();
    await untilCount(page, name, kFrames);
    await page.mouse.up();
  }
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await untilTrained(page);
  await namesHeldOut(page, classes);
});

test('under the hood follows the camera until a picture is chosen', async (context) => {
  const page = await openStudio(context);
  await film(page, [drawn('discs', 0), drawn('discs', 1)]);
  await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
  await page.getByRole('button', { name: 'Under the hood' }).dispatchEvent('click');
  const hood = page.getByRole('region', { name: 'Under the hood' });
  const first = await hood.getByText(/^What the camera sees: 65 layers, .* together$/).textContent();
  await hood.getByText(/^What the camera sees: /).and(page.getByText(first, { exact: true })).waitFor({ state: 'detached' });  // others have other times
  await animationFrames(page, 30);
  await page.screenshot({ path: 'build/screenshots/hood-live-1440-light-1.png' });
  const picture = drawn('stripes', 100);
  await dropFiles(page, [picture]);
  await hood.getByRole('status').filter({ hasText: picture.split('/').at(-1) }).waitFor({ state: 'attached' });
});

test('the same by keyboard alone, on drawn pictures', { minutes: 8 }, async (context) => {
  const page = await openStudio(context), classes = kDrawn;
  await tabTo(page, 'Turn on the camera');
  await page.keyboard.press('Enter');
  await cameraOn(page);
  for (const [i, { name }] of classes.entries()) {
    await tabTo(page, /^Add a (second )?class$/);
    await page.keyboard.press('Enter');
    await untilFocused(page, `Name of class ${'ABC'[i]}`);
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
  }
  for (const { name, shown } of classes) {
    await film(page, shown);
    await tabTo(page, `Hold to record ${name}`);
    await page.keyboard.down('Space');
    await untilCount(page, name, kDrawnFrames);
    await page.keyboard.up('Space');
  }
  await tabTo(page, 'Train');
  await page.keyboard.press('Enter');
  await untilTrained(page);
  await namesHeldOut(page, classes);
});
