// A page with nothing on it but pieces of web/, under the content security policy of the real one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const kWeb = fileURLToPath(new URL('../../../web/', import.meta.url));

/**
 * @param {import('./harness.mjs').Context} context
 * @param {string} exports what the page has in `window.pieces`, as `export { … } from './page/…';`
 * @param {(page: import('playwright-core').Page) => Promise<void>} [before] what is done before the page is loaded
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openPieces({ newPage, site }, exports, before, options = {}) {
  const { outputFiles: [{ text: script }] } = await build({
    stdin: { contents: exports, resolveDir: kWeb, loader: 'ts' }, bundle: true, write: false, format: 'esm',
    target: 'es2022', loader: { '.vert': 'text', '.frag': 'text' }, logLevel: 'warning',
  });
  const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/.exec(readFileSync(`${kWeb}index.html`, 'utf8'))[0];
  const page = await newPage(options);
  await page.route(`${site}pieces.html`, (route) => route.fulfill({ contentType: 'text/html',
    body: `<!doctype html><html lang="en"><meta charset="utf-8">${policy}<title>Pieces</title><link rel="icon" href="data:,"><script type="module" src="pieces_start.js"></script></html>` }));
  const serveScript = (name, body) => page.route(site + name, (route) => route.fulfill({ contentType: 'text/javascript', body }));
  await serveScript('pieces.js', script);
  await serveScript('pieces_start.js', "import * as pieces from './pieces.js';\nwindow.pieces = pieces;");
  await before?.(page);
  await page.goto(`${site}pieces.html`);
  return page;
}
