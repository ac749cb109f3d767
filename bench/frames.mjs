// How evenly the page draws while it trains: node bench/frames.mjs [--rounds 5] [--seconds 6] [--dist dist] [--chromium FILE]
// One page with the camera on and the answers following it. In turn, so that a busy machine touches both alike: a training with live
// charts, and no training but a Worker that merely spins. Prints the intervals between frames, and the ratio of their 95th percentiles.
// HANDFUL_DATA has the photos.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { installFiles } from '../tests/browser/lib/harness.mjs';
import { film, fingerPhotos, installStudio } from '../tests/browser/lib/studio.mjs';
import { dropFolders } from '../tests/browser/lib/kept.mjs';
import { serve } from '../tools/serve.mjs';

const kRoot = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '6' },
  dist: { type: 'string', default: join(kRoot, 'dist') }, chromium: { type: 'string', default: '/usr/bin/chromium' } } });
const rounds = Number(values.rounds), seconds = Number(values.seconds);

const server = await serve({ dir: values.dist, port: 0 });
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox', '--disable-quic', '--no-first-run',
  '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await installFiles(page);
await installStudio(page);
await page.route('**/spin.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'for (;;);' }));
await page.goto(server.url);
await page.getByRole('heading', { name: 'Make your first class' }).waitFor();
await dropFolders(page, page.getByRole('region', { name: 'Classes', exact: true }), ['0', '1', '2', '3'].map((label) => join(process.env.HANDFUL_DATA, 'fingers', label)));
await page.getByRole('progressbar', { name: 'Adding pictures' }).waitFor();
await page.getByRole('progressbar', { name: 'Adding pictures' }).waitFor({ state: 'detached', timeout: 300_000 });
await film(page, fingerPhotos('2').shown);
await page.getByRole('region', { name: 'Camera' }).getByRole('button', { name: 'Turn on the camera' }).click();
await page.getByRole('img', { name: 'Camera picture' }).waitFor();
await page.getByRole('button', { name: 'Advanced settings' }).dispatchEvent('click');
const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
await epochs.fill('100000');
await epochs.press('Enter');

const intervals = () => page.evaluate(async (ms) => {
  const times = [];
  await new Promise((resolve) => {
    const until = performance.now() + ms;
    const frame = (now) => {
      times.push(now);
      if (now < until) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return times.slice(1).map((time, i) => time - times[i]);
}, seconds * 1000);

const train = async () => {
  await page.getByRole('button', { name: 'Train', exact: true }).dispatchEvent('click');
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await page.waitForTimeout(1500);
  const found = await intervals();
  await page.getByRole('button', { name: 'Stop', exact: true }).dispatchEvent('click');
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
  await page.waitForTimeout(1500);
  return found;
};
const spin = async () => {
  await page.evaluate(() => { window.spinner = new Worker('spin.js'); });
  await page.waitForTimeout(1500);
  const found = await intervals();
  await page.evaluate(() => window.spinner.terminate());
  return found;
};
const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))];
const median = (values) => percentile(values, 0.5);

const rows = [];
for (let round = 0; round < rounds; ++round) {
  const training = await train(), spinning = await spin();
  rows.push({ training: percentile(training, 0.95), spinning: percentile(spinning, 0.95), trainingMedian: median(training), spinningMedian: median(spinning) });
  console.log(JSON.stringify(rows.at(-1), (_, value) => typeof value === 'number' ? Math.round(value * 10) / 10 : value));
}
const of = (key) => median(rows.map((row) => row[key])).toFixed(1);
console.log(`\n| | median interval ms | 95th percentile ms |\n|---|---:|---:|\n| training | ${of('trainingMedian')} | ${of('training')} |
| a Worker that spins | ${of('spinningMedian')} | ${of('spinning')} |\n
Ratio of the 95th percentiles, median over rounds: ${median(rows.map(({ training, spinning }) => training / spinning)).toFixed(2)}`);
await browser.close();
await server.close();
