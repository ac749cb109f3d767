// A page in Chromium that loads other people's libraries from node_modules and files from a folder, and nothing else.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, sep } from 'node:path';
import { kRoot } from '../../../tools/lib/import_typescript.mjs';

const kPackages = join(kRoot, 'tests/node_modules');
const kChromium = process.env.HANDFUL_CHROMIUM || '/usr/bin/chromium';
const kTypes = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json',
                 '.png': 'image/png', '.html': 'text/html' };

/** Test options: skipped, with a sentence, where one of the packages or the browser is not there. */
export function needsPackages(...names) {
  const missing = names.find((name) => !existsSync(join(kPackages, name)));
  if (missing) return { skip: `${missing} is not installed` };
  return existsSync(kChromium) ? {} : { skip: `${kChromium} is not there` };
}

/**
 * @param {string} folder what is served as /files/; tests/node_modules is /npm/
 * @param {Record<string, string>} imports bare names of modules → their files below that
 * @returns {Promise<{page: import('playwright-core').Page, faults: string[], kept: string[], close: () => Promise<void>}>}
 *   faults: errors that nobody caught; kept: requests to elsewhere, which are not let out
 */
export async function openLoaderPage(folder, imports) {
  const map = Object.fromEntries(Object.entries(imports).map(([name, file]) => [name, `/npm/${file}`]));
  const server = createServer(({ url }, response) => {
    const [, root, ...rest] = decodeURIComponent(url.split('?')[0]).split('/');
    if (root === '') {
      return response.setHeader('content-type', 'text/html').end(`<script type="importmap">${JSON.stringify({ imports: map })}</script>`);
    }
    const base = { files: folder, npm: kPackages }[root], file = base && join(base, ...rest);
    if (!file?.startsWith(base + sep) || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.setHeader('content-type', kTypes[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  const address = `http://127.0.0.1:${server.address().port}/`;
  const { chromium } = createRequire(import.meta.url)('playwright-core');
  const browser = await chromium.launch({ executablePath: kChromium, args: ['--no-sandbox'] });
  const page = await browser.newPage(), faults = [], kept = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  await page.route((url) => /^https?:$/.test(url.protocol) && !url.href.startsWith(address), (route) => {
    kept.push(route.request().url());
    return route.abort();
  });
  await page.goto(address);
  const close = async () => { await browser.close(); server.close(); };
  return { page, faults, kept, close };
}
