// Pictures of the page in its states: node tools/screenshots.mjs [--dist dist] [--out build/screenshots] [--only WORD] [--chromium FILE]
// Serves the built site, operates it by role and name, and writes <scene>-<width>-<theme>-<dpr>.png.
// With HANDFUL_DATA set the scenes have photos in them: finger photos before the camera, classes recorded and trained, pictures
// tried. Without it there are only the empty page, the dialogs and the example.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { installFiles } from '../tests/browser/lib/harness.mjs';
import { film, fingerPhotos, installStudio, untilCount, untilFocused } from '../tests/browser/lib/studio.mjs';
import { serve } from './serve.mjs';

const kRoot = fileURLToPath(new URL('..', import.meta.url));
const { dist, out, only, chromium: executablePath } = parseArgs({ options: {
  dist: { type: 'string', default: join(kRoot, 'dist') }, out: { type: 'string', default: join(kRoot, 'build/screenshots') },
  only: { type: 'string', default: '' }, chromium: { type: 'string', default: '/usr/bin/chromium' } } }).values;
const data = process.env.HANDFUL_DATA;
const kSizes = [[1440, 900], [1024, 768], [390, 844]];

if (!existsSync(join(dist, 'index.html'))) {
  console.error(`${dist} holds no built page: run ./tools/run --build-only first.`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const photos = () => [0, 1, 2, 3].flatMap((label) => {
  const folder = join(data, 'fingers', String(label));
  return readdirSync(folder).sort().filter((_, i) => i % 60 === 7).map((file) => join(folder, file));
});
/** Where there is no room for three columns, one step of two or three is seen at a time. */
const step = async (page, name) => {
  const tab = page.getByRole('tab', { name });
  if (page.viewportSize().width < 1200) await tab.waitFor();
  if (await tab.count() > 0) await tab.click();
};
const settled = (page) => page.getByRole('status').filter({ hasText: /pictures? answered/ }).waitFor({ state: 'attached' });
const record = async (page, label, frames) => {
  await film(page, fingerPhotos(label).shown);
  const hold = page.getByRole('button', { name: `Hold to record ${kNames[label]}`, exact: true });
  await hold.scrollIntoViewIfNeeded();
  await hold.hover();
  await page.mouse.down();
  await untilCount(page, kNames[label], frames);
};
const kNames = { 0: 'fist', 1: 'one finger', 2: 'two fingers' };
const kFrames = 16;

/** Each goes on from where the one before it left the page. */
const kScenes = [
  ['empty', async (page) => { await page.getByRole('button', { name: 'Add a class', exact: true }).waitFor(); }],
  ['about', async (page) => {
    await page.getByRole('button', { name: 'About Handful and licences' }).click();
    await page.getByRole('dialog').getByText('Permission').first().waitFor();
  }, async (page) => { await page.keyboard.press('Escape'); }],
  ['keys', async (page) => {
    if (page.viewportSize().width < 760) return;  // a phone has none
    await page.getByRole('button', { name: 'Keys' }).click();
  }, async (page) => { await page.keyboard.press('Escape'); }],
  ...(data ? [
    ['camera', async (page) => {
      await film(page, fingerPhotos('0').shown);
      await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
      await page.getByRole('img', { name: 'Camera picture' }).waitFor();
    }],
    ['naming', async (page) => {
      await page.getByRole('button', { name: 'Add a class', exact: true }).click();
      await untilFocused(page, 'Name of class A');
      await page.keyboard.type('fist');
    }, async (page) => { await page.keyboard.press('Enter'); }],
    ['recording', async (page) => {
      for (const label of ['1', '2']) {
        await page.getByRole('button', { name: /^Add a (second )?class$/ }).click();
        await untilFocused(page, `Name of class ${'ABC'[label]}`);
        await page.keyboard.type(kNames[label]);
        await page.keyboard.press('Enter');
      }
      await record(page, '0', kFrames);
    }, async (page) => { await page.mouse.up(); }],
    ['recorded', async (page) => {
      for (const label of ['1', '2']) {
        await record(page, label, kFrames);
        await page.mouse.up();
      }
    }],
    ['gallery', async (page) => {
      await page.getByRole('button', { name: 'Pictures of fist' }).click();
      await page.locator('#mirror div[role=option]').nth(2).click();
    }, async (page) => { await page.getByRole('button', { name: 'Back' }).click(); }],
    ['training', async (page) => {
      await step(page, 'Train');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.waitForTimeout(600);
    }],
    ['trained', async (page) => {
      await page.getByRole('status').filter({ hasText: 'Training is done.' }).waitFor({ state: 'attached', timeout: 120_000 });
      await film(page, fingerPhotos('2').kept);
      await page.waitForTimeout(2000);
    }],
    ['advanced', async (page) => { await page.getByRole('button', { name: 'Advanced settings' }).click(); }],
    ['live', async (page) => { await step(page, 'Try'); }],
    ['many', async (page) => {
      await page.getByRole('button', { name: 'Choose pictures…' }).setInputFiles([...photos(),
        join(data, 'decoder/pngsuite/png/xdtn0g01.png'), join(data, 'decoder/exif/Portrait_6.jpg'), join(data, 'photos/chelsea.png')]);
      await settled(page);
    }],
    ['scrolled', async (page) => { await page.getByRole('row').last().scrollIntoViewIfNeeded(); }],
    ['fit', async (page) => {
      await page.getByRole('button', { name: 'chelsea.png' }).click();
      await page.getByRole('radio', { name: 'Fit with border' }).click();
      await settled(page);
      await page.getByRole('heading', { name: 'chelsea.png' }).scrollIntoViewIfNeeded();
    }],
    ['hood', async (page) => {
      await page.getByRole('button', { name: 'Under the hood' }).click();
      await page.getByText('What each layer makes of it').waitFor({ state: 'attached' });
      await page.getByText(/^block_1_project, /).scrollIntoViewIfNeeded();
    }],
  ] : []),
  ['projects', async (page) => {
    await page.getByRole('button', { name: /^Project: / }).click();
    await page.getByRole('dialog', { name: 'Projects' }).waitFor();
  }],
  ['example', async (page) => {
    await page.getByRole('dialog').getByRole('button', { name: 'Open an example' }).click();
    if (page.viewportSize().width < 760) await step(page, 'Show');
    await page.getByText('25 pictures').nth(3).waitFor({ state: 'attached' });
  }],
  ['example-trained', async (page) => {
    await step(page, 'Train');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Training is done.' }).waitFor({ state: 'attached', timeout: 120_000 });
  }],
];

const server = await serve({ dir: dist, port: 0 });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader'] });
let faults = 0;
for (const [width, height] of kSizes) {
  for (const colorScheme of ['light', 'dark']) {
    for (const deviceScaleFactor of [1, 2]) {
      const tag = `${width}-${colorScheme}-${deviceScaleFactor}`;
      if (!tag.includes(only)) continue;
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor, hasTouch: width < 600 });
      page.setDefaultTimeout(15_000);
      page.on('pageerror', (error) => { faults += 1; console.error(`${tag}: ${error.message}`); });
      await installFiles(page);
      await installStudio(page);
      await page.goto(server.url);
      for (const [scene, show, leave] of kScenes) {
        try {
          await show(page);
          await page.waitForTimeout(700);
          await page.screenshot({ path: join(out, `${scene}-${tag}.png`) });
          await leave?.(page);
        } catch (error) {
          faults += 1;
          console.error(`${tag}, ${scene}: ${error.message}`);
          await page.screenshot({ path: join(out, `${scene}-${tag}-failed.png`) });
        }
      }
      console.log(`${tag}: ${kScenes.map(([scene]) => scene).join(', ')}`);
      await page.close();
    }
  }
}
await browser.close();
await server.close();
console.log(`${out}: done${faults ? `, ${faults} errors in the page` : ''}.`);
process.exitCode = faults ? 1 : 0;
