// Tests of the built site in a real browser. A test file (tests/browser/*.test.mjs) calls
//
//   test('what holds', async ({ open, site }) => { const page = await open(); … });
//   test('…', { needsData: true, long: true, minutes: 5 }, async (context) => …);
//
// Whatever a test does, it fails if a request leaves the site's origin, if the content security policy is violated, or
// if the page throws an error that nobody catches.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { draw } from '../../node/lib/drawn.mjs';

/** @type {{name: string, needsData: boolean, long: boolean, skip: string, minutes: number, run: (context: Context) => Promise<void>}[]} */
export const kTests = [];

export const kDataFolder = process.env.HANDFUL_DATA ?? '';

/**
 * @param {string} name a sentence
 * @param {{needsData?: boolean, long?: boolean, skip?: string, minutes?: number} | ((context: Context) => Promise<void>)} options
 *   skip: why it cannot be run on this machine
 * @param {(context: Context) => Promise<void>} [run]
 */
export function test(name, options, run) {
  if (typeof options === 'function') return test(name, {}, options);
  const { needsData = false, long = false, skip = '', minutes = 2 } = options;
  kTests.push({ name, needsData, long, skip, minutes, run });
}

/** What a test gets. */
export class Context {
  /** @type {string[]} */
  faults = [];
  contexts = [];

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} site address of the site, with the subpath it is served from
   * @param {string} dist its folder
   */
  constructor(browser, site, dist) {
    this.browser = browser;
    this.site = site;
    this.dist = dist;
    this.newPage = this.newPage.bind(this);
    this.open = this.open.bind(this);
    this.openBlank = this.openBlank.bind(this);
  }

  /**
   * A page of the site in a fresh browser context.
   * @param {string} path relative to the site
   * @param {import('playwright-core').BrowserContextOptions} options
   */
  async open(path = '', options = {}) {
    const page = await this.newPage(options);
    await page.goto(this.site + path);
    return page;
  }

  /** A page of somebody else's, at the site's address, that has nothing but a strict content security policy. */
  async openBlank(options = {}) {
    const page = await this.newPage(options);
    const address = `${this.site}somebody-elses-page.html`;
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: kBlankPage }));
    await page.goto(address);
    return page;
  }

  /** @param {import('playwright-core').BrowserContextOptions} options */
  async newPage(options) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    this.contexts.push(context);
    const page = await context.newPage();
    const { origin } = new URL(this.site);
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) this.faults.push(`a request left for ${url}`);
    });
    page.on('pageerror', (error) => this.faults.push(`uncaught in the page: ${error.message}`));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.faults.push(message.text());
    });
    await installFiles(page);
    return page;
  }

  async close() {
    for (const context of this.contexts) await context.close();
    assert.deepEqual(this.faults, []);
  }
}

/** An absolute path in the test data. */
export const dataPath = (file) => join(kDataFolder, file);

/** The name by which tests mean a picture that they draw themselves, where a path in the test data would do as well. */
export const drawn = (kind, number, take = 0) => `drawn/${kind}/${number}${take > 0 ? `-${take}` : ''}.png`;

/** The content of a file of the test data, or of a drawn picture. */
export function contentOf(file) {
  const [, kind, number, take = 0] = /^drawn\/(\w+)\/(\d+)(?:-(\d+))?\.png$/.exec(file) ?? [];
  return kind ? draw(kind, Number(number), Number(take)) : readFileSync(dataPath(file));
}

/** What Playwright's setInputFiles takes for it. */
export const inputFile = (file) => ({ name: basename(file), mimeType: 'image/png', buffer: contentOf(file) });

/** Gives a page `fileOf(path)`: a File of the test data, or a drawn picture. */
export async function installFiles(page) {
  await page.exposeFunction('dataFile', (file) => contentOf(file).toString('base64'));
  await page.addInitScript(() => {
    window.fileOf = async (path) => {
      const bytes = Uint8Array.from(atob(await window.dataFile(path)), (character) => character.charCodeAt(0));
      return new File([bytes], path.split('/').pop());
    };
  });
}

const kBlankPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Somebody else's page</title>
<link rel="icon" href="data:,"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"></html>`;

/**
 * Finds by role and accessible name, waits until it is there, and clicks through the DOM, as a screen reader would.
 * @param {import('playwright-core').Page} page
 * @param {Parameters<import('playwright-core').Page['getByRole']>[0]} role
 * @param {string | RegExp} name
 */
export async function clickByRole(page, role, name) {
  await page.getByRole(role, { name }).first().dispatchEvent('click');
}

/**
 * Gets a drop of files ready, onto the part of the page where models and pictures are tried.
 * @param {import('playwright-core').Page} page
 * @param {(string | {name: string, text?: string, base64?: string})[]} files paths in the test data, drawn pictures, or contents
 * @returns {Promise<import('playwright-core').JSHandle<() => void>>} a function of the page that lets go of them
 */
export function prepareDrop(page, files) {
  const contents = files.map((file) => typeof file === 'string'
    ? { name: basename(file), base64: contentOf(file).toString('base64') }
    : { name: file.name, base64: file.base64 ?? Buffer.from(file.text).toString('base64') });
  return page.evaluateHandle((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of all) {
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
    }
    return () => {
      const { x = 0, y = 0, width = 800, height = 800 } = document.querySelector('[aria-label="Try it"]')?.getBoundingClientRect() ?? {};
      const place = { clientX: x + width / 2, clientY: y + height / 2 };
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, ...place }));
      }
    };
  }, contents);
}

/** Drops files on the page, all at once; takes what prepareDrop takes. */
export async function dropFiles(page, files) {
  await (await prepareDrop(page, files)).evaluate((drop) => drop());
}
