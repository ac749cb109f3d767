// Pictures of the page in its states: node tools/screenshots.mjs [--dist dist] [--out build/screenshots] [--only WORD] [--chromium FILE]
// Serves the built site, operates it by role and name, and writes <scene>-<width>-<theme>-<dpr>.png.
// With HANDFUL_DATA set the scenes have photos in them; without it there are only the empty page and the dialog.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
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
const choose = (page, files) => page.getByRole('button', { name: 'Choose pictures…' }).setInputFiles(files);
const settled = (page) => page.getByRole('status').filter({ hasText: /pictures? answered/ }).waitFor({ state: 'attached' });

/** Each goes on from where the one before it left the page. */
const kScenes = [
  ['empty', async (page) => { await page.getByRole('list', { name: 'Classes' }).or(page.getByText('tools/fetch-backbone')).first().waitFor(); }],
  ['about', async (page) => {
    await page.getByRole('button', { name: 'About Handful and licences' }).click();
    await page.getByRole('dialog').getByText('Permission').first().waitFor();
  }, async (page) => { await page.keyboard.press('Escape'); }],
  ...(data ? [
    ['one', async (page) => {
      await choose(page, [join(data, 'photos/coffee.png')]);
      await page.getByRole('meter').first().waitFor();
    }],
    ['many', async (page) => {
      await choose(page, [...photos(), join(data, 'decoder/pngsuite/png/xdtn0g01.png'), join(data, 'decoder/exif/Portrait_6.jpg'), join(data, 'photos/chelsea.png')]);
      await settled(page);
    }],
    ['scrolled', async (page) => { await page.getByRole('row').last().scrollIntoViewIfNeeded(); }],
    ['fit', async (page) => {
      await page.getByRole('button', { name: 'chelsea.png' }).click();
      await page.getByRole('radio', { name: 'Fit with border' }).click();
      await settled(page);
      await page.getByRole('heading', { name: 'chelsea.png' }).scrollIntoViewIfNeeded();
    }],
    ['keyboard', async (page) => {
      await page.getByRole('columnheader', { name: 'Answer' }).getByRole('button').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
    }],
  ] : []),
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
      page.on('pageerror', (error) => { faults += 1; console.error(`${tag}: ${error.message}`); });
      await page.goto(server.url);
      for (const [scene, show, leave] of kScenes) {
        await show(page);
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(out, `${scene}-${tag}.png`) });
        await leave?.(page);
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
