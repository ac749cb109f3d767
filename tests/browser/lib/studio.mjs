// A camera that films photos which the test chooses, and hands that work the page as people do.
import { readdirSync } from 'node:fs';
import { dataPath } from './harness.mjs';
import { until, untilSteady } from './waiting.mjs';

export const kFingerClasses = ['0', '1', '2'];

/** Photos of raised fingers: of every class, some to show and others, taken between those, that are kept back. */
export function fingerPhotos(label, count = 40) {
  const files = readdirSync(dataPath(`fingers/${label}`)).filter((name) => name.endsWith('.png')).sort().map((name) => `fingers/${label}/${name}`);
  const every = Math.floor(files.length / count);
  const pick = (offset) => files.filter((_, i) => i % every === offset);
  const shown = pick(0);
  const kept = pick(Math.floor(every / 2));
  return { shown, kept: [0.1, 0.35, 0.6, 0.85].map((part) => kept[Math.floor(part * kept.length)]) };
}

/**
 * From now on getUserMedia gives this page a picture of 640 × 480 in whose middle stands what `film` shows.
 * @param {import('playwright-core').Page} page not loaded yet
 */
export async function installStudio(page) {
  await page.addInitScript(() => {
    const kShotsPerSecond = 10;
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const context = canvas.getContext('2d');
    let photos = [], next = 0;
    setInterval(() => {
      context.fillStyle = '#222';
      context.fillRect(0, 0, 640, 480);
      if (photos.length > 0) context.drawImage(photos[next++ % photos.length], 80, 0, 480, 480);
    }, 1000 / kShotsPerSecond);
    window.studio = {
      film: async (paths) => {
        photos = await Promise.all(paths.map(async (path) => createImageBitmap(await window.fileOf(path))));
        next = 0;
      },
    };
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(kShotsPerSecond);
  });
}

/** Shows these photos to the camera, one after the other, again and again. */
export const film = (page, photos) => page.evaluate((paths) => window.studio.film(paths), photos);

const pictures = (text) => Number(/^(\d+) pictures?/.exec(text)?.[1] ?? 0);

/** Pictures of a class, as its card says. */
export async function countOf(page, name) {
  const card = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Hold to record ${name}`, exact: true }).or(page.getByRole('button', { name: `Stop recording ${name}` })) });
  return pictures((await card.getByText(/^\d+ pictures?/).first().textContent()) ?? '');
}

/** Waits until a class has that many. */
export async function untilCount(page, name, count, timeoutMs = 120_000) {
  let now = 0;
  await until(async () => (now = await countOf(page, name)) >= count, `“${name}” to have ${count} pictures`, timeoutMs);
  return now;
}

/** The name of what has the focus. */
export const focusedName = (page) => page.evaluate(() => {
  const element = document.activeElement;
  return element.getAttribute('aria-label') ?? element.textContent ?? '';
});

/** Waits until a control of that name has the focus. */
export async function untilFocused(page, name) {
  await until(async () => await focusedName(page) === name, `“${name}” to have the focus`);
}

/** Presses Tab until a control of that name has the focus. */
export async function tabTo(page, name, key = 'Tab') {
  const matches = (text) => typeof name === 'string' ? text === name : name.test(text);
  const seen = [];
  for (let i = 0; i < 120; ++i) {
    await page.keyboard.press(key);
    const now = await focusedName(page);
    if (matches(now)) return;
    seen.push(now);
  }
  throw new Error(`Tab never came to “${name}” but to ${[...new Set(seen)].join(', ')}`);
}

/** What the live answer says of the photo shown: it has said so for thirty looks, some two seconds. */
export async function liveAnswer(page) {
  const heading = page.getByRole('region', { name: 'Live answer' }).getByRole('heading', { level: 3 }).first();
  return untilSteady(async () => (await heading.textContent()).trim(), 30, 90_000);
}
