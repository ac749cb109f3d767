// The user interface in the browser: mouse, keyboard, touch, theme, and what is said where Handful cannot run.
import assert from 'node:assert/strict';
import { drawn, dropFiles, inputFile, test } from './lib/harness.mjs';
import { until, untilStill } from './lib/waiting.mjs';
import { kKinds } from '../node/lib/drawn.mjs';

const kPictures = [0, 1, 2, 3].map((number) => drawn(kKinds[number % 2], number));
const kNames = kPictures.map((file) => file.split('/').pop());

const ready = (page) => page.getByRole('button', { name: 'Choose pictures…' }).waitFor();
const frames = (page) => page.evaluate(() => window.handful.frames);

/** On a phone one step of three is seen at a time. */
async function showTry(page) {
  await page.getByRole('main').waitFor();
  const tab = page.getByRole('tab', { name: 'Try' });
  if (await tab.count() > 0) await tab.click();
}

async function withPictures(page, files = kPictures) {
  await showTry(page);
  await page.getByRole('button', { name: 'Choose pictures…' }).setInputFiles(files.map(inputFile));
  await page.getByRole('status').filter({ hasText: `${files.length} pictures answered` }).waitFor({ state: 'attached' });
}

const selected = (page) => page.getByRole('region', { name: 'Selected picture' }).getByRole('heading').first();

test('the mouse operates every control at the place where its element stands', async ({ open }) => {
  const page = await open();
  await withPictures(page);
  await page.getByRole('button', { name: kNames[2] }).click();
  await selected(page).filter({ hasText: kNames[2] }).waitFor();
  await page.getByRole('columnheader', { name: 'Answer' }).getByRole('button').click();
  await page.locator('[role=columnheader][aria-sort=ascending]').filter({ hasText: 'Answer' }).waitFor();
  await page.getByRole('radio', { name: 'Fit with border' }).click();
  await page.getByRole('status').filter({ hasText: '4 pictures answered' }).waitFor({ state: 'attached' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  assert.equal((await download).suggestedFilename(), 'handful.csv');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('table').waitFor({ state: 'detached' });
});

test('the keyboard alone reaches and operates everything', async ({ open }) => {
  const page = await open();
  await withPictures(page);
  const focused = () => page.evaluate(() => {
    const e = document.activeElement;
    return e.getAttribute('aria-label') ?? (e.textContent || e.getAttribute('title'));
  });
  const seen = [];
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press('Tab');
    seen.push(await focused());
  }
  for (const name of ['Switch to the dark theme', 'About Handful and licences', 'Load a model…', 'Choose pictures…',
                      'Choose a folder…', 'Centre square', 'Download CSV', 'Clear', 'Picture', 'Answer', ...kNames]) {
    assert.ok(seen.includes(name), `Tab never came to "${name}" but to ${seen.join(', ')}`);
  }
  await page.getByRole('button', { name: kNames[3] }).focus();
  await page.keyboard.press('Enter');
  await selected(page).filter({ hasText: kNames[3] }).waitFor();
  await page.getByRole('radio', { name: 'Centre square' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('radio', { name: 'Fit with border', checked: true }).waitFor();
  await page.getByRole('button', { name: 'About Handful and licences' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'About Handful' }).waitFor();
  assert.equal(await focused(), 'Close');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), 'About Handful and licences');
});

test('a finger scrolls the page, and a tap still presses', async ({ open }) => {
  const page = await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await withPictures(page);
  const top = async () => (await page.getByRole('button', { name: kNames[0] }).boundingBox()).y;
  const before = await top();
  const touch = await page.context().newCDPSession(page);
  const send = (type, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: y === null ? [] : [{ x: 200, y }] });
  await send('touchStart', 700);
  for (let y = 690; y >= 400; y -= 10) await send('touchMove', y);
  await send('touchEnd', null);
  await until(async () => await top() < before - 250, 'the page to scroll by 250 px');
  await untilStill(page);
  const row = page.getByRole('button', { name: kNames[1] });
  await row.scrollIntoViewIfNeeded();
  await row.tap();
  await selected(page).filter({ hasText: kNames[1] }).waitFor({ state: 'attached' });
});

test('the theme follows the system until one is chosen, and the choice outlives a reload', async ({ open }) => {
  const page = await open('', { colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Switch to the light theme' }).click();
  await page.getByRole('button', { name: 'Switch to the dark theme' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Switch to the dark theme' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
});

test('a picture from the clipboard is taken', async ({ open }) => {
  const page = await open();
  await ready(page);
  await page.evaluate(async (path) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(await window.fileOf(path));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, kPictures[1]);
  await page.getByRole('meter').first().waitFor();
});

test('hostile file names are text and nothing else', async ({ open }) => {
  const page = await open();
  await ready(page);
  const name = '<img src=x onerror=alert(1)> "&\' %s.png';
  await dropFiles(page, [{ name, text: 'no' }, { name: '写真 тест 😀.png', text: 'no' }]);
  await page.getByRole('button', { name }).waitFor();
  await page.getByRole('button', { name: '写真 тест 😀.png' }).waitFor();
  assert.equal(await page.locator('#mirror img').count(), 0);
});

test('a page without a backbone says what is missing and where it is to be had', async (context) => {
  const page = await context.newPage({});
  await page.route('**/models/index.json', (route) => route.fulfill({ json: { backbones: [], files: [] } }));
  await page.goto(context.site);
  await page.getByRole('heading', { name: 'No model yet' }).waitFor();
  await page.getByText('models/backbone-handful.safetensors').waitFor();
});

test('a browser without WebGL 2 gets a sentence', async (context) => {
  const page = await context.newPage({});
  await page.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null; });
  await page.goto(context.site);
  await page.getByRole('heading', { name: 'Handful cannot run here' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'WebGL 2' }).waitFor();
});

test('losing the graphics card is said in a sentence', async ({ open }) => {
  const page = await open();
  await ready(page);
  await page.evaluate(() => document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.getByRole('heading', { name: 'Nothing can be drawn' }).waitFor();
  await page.getByText('Reload the page').waitFor();
});

test('resizing and zooming keep elements where the canvas shows them', async ({ open }) => {
  const page = await open();
  await withPictures(page);
  for (const width of [1440, 1024, 700, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const before = await frames(page);
    await page.waitForFunction((n) => window.handful.frames > n, before);
    const canvas = await page.locator('#canvas').evaluate((c) => ({ width: c.width, css: c.clientWidth }));
    assert.equal(canvas.css, width);
    const box = await page.getByRole('button', { name: 'Clear' }).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, `Clear stands at ${box.x} of ${width}`);
  }
});
