// Firefox, Debian's own, which puppeteer drives over WebDriver BiDi: the single HTML file from a folder, and the library on a static host.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from '../../tools/serve.mjs';
import { exportTo, modelsToExport } from '../node/lib/bundles.mjs';
import { draw, kThreeKinds } from '../node/lib/drawn.mjs';
import { packageOrNone } from '../node/lib/packages.mjs';
import { kShells } from '../node/lib/shell.mjs';
import { test } from './lib/harness.mjs';

const kFirefox = process.env.HANDFUL_FIREFOX || '/usr/bin/firefox-esr';
const kPuppeteer = packageOrNone('puppeteer-core');
const options = { minutes: 4, skip: !kPuppeteer ? 'puppeteer-core is not installed' : existsSync(kFirefox) ? '' : `${kFirefox} is not there` };

async function withFirefox(use) {
  const { default: puppeteer } = await import(pathToFileURL(kPuppeteer).href);
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: kFirefox, headless: true });
  try {
    const page = await browser.newPage(), faults = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
}

test('Firefox: the single HTML file answers from a folder as Handful does', options, async ({ dist }) => {
  const folder = mkdtempSync(join(tmpdir(), 'handful-firefox-'));
  try {
    const shell = kShells.find(({ options: { skip } }) => !skip);
    const bundle = exportTo(join(folder, 'html'), shell, 'html', modelsToExport(shell, folder)[0], '--site', dist);
    await withFirefox(async (page) => {
      await page.goto(pathToFileURL(join(bundle.folder, 'classify.html')).href);
      await page.waitForFunction(() => document.body.dataset.difference !== undefined, { timeout: 120_000 });
      const [difference, text] = await page.evaluate(() => [Number(document.body.dataset.difference), document.body.innerText]);
      assert.ok(difference <= 1e-4, `${difference}`);
      assert.match(text, /on 16 pictures this file answers as Handful did/);
      const [{ file, probabilities }] = bundle.description.golden;
      await (await page.$('#file')).uploadFile(join(bundle.folder, file));
      await page.waitForFunction(() => document.querySelectorAll('#answers li').length > 0, { timeout: 60_000 });
      const first = await page.$eval('#answers li', (item) => item.textContent);
      assert.ok(first.includes(`${(Math.max(...probabilities) * 100).toFixed(1)} %`), first);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Firefox: the library learns, answers and hands a model out', options, async ({ dist }) => {
  const server = await serve({ dir: dist, port: 0 });
  const pictures = kThreeKinds.flatMap((label) => [0, 1, 2, 3, 4].map((number) => ({ label, base64: draw(label, number).toString('base64') })));
  try {
    await withFirefox(async (page) => {
      await page.goto(`${server.url}LICENSES.txt`);
      const { right, largest, files } = await page.evaluate(async (all) => {
        const { createHandful } = await import(new URL('handful.js', location.href).href);
        const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const handful = await createHandful();
        for (const { label, base64 } of all) await handful.addSample(label, bytesOf(base64));
        await handful.train({ epochs: 10, validation: 0 });
        const { right } = await handful.evaluate(all.map(({ label, base64 }) => ({ label, picture: bytesOf(base64) })));
        const { verification, files } = await handful.exportModel('keras');
        handful.dispose();
        return { right, largest: verification.largest_difference, files };
      }, pictures);
      assert.equal(right, pictures.length);
      assert.ok(largest <= 1e-4);
      assert.ok(files.includes('model.keras'));
    });
  } finally {
    await server.close();
  }
});
