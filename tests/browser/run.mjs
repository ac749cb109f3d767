// Runs the browser tests: node tests/browser/run.mjs [--filter WORD] [--long] [--dist dist] [--headed]
// The site is served from a subpath, without any special header. The last line is `N passed, N failed, N skipped`.
import { chromium } from 'playwright-core';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '../../tools/serve.mjs';
import { Context, kDataFolder, kTests } from './lib/harness.mjs';

const kHere = dirname(fileURLToPath(import.meta.url));
const kUsage = 'usage: node tests/browser/run.mjs [--filter WORD] [--long] [--dist dist] [--headed] [--chromium FILE]';

function options() {
  try {
    return parseArgs({ options: {
      filter: { type: 'string', default: '' }, long: { type: 'boolean', default: Boolean(process.env.HANDFUL_LONG) },
      dist: { type: 'string', default: join(kHere, '..', '..', 'dist') }, headed: { type: 'boolean' },
      chromium: { type: 'string', default: '/usr/bin/chromium' } } }).values;
  } catch {
    console.error(kUsage);
    process.exit(2);
  }
}

const { filter, long, dist, headed, chromium: executablePath } = options();
if (!existsSync(join(dist, 'handful.js'))) {
  console.error(`${resolve(dist)} holds no built site: run ./tools/run --build-only first.`);
  process.exit(2);
}
for (const file of readdirSync(kHere).filter((name) => name.endsWith('.test.mjs')).sort()) {
  await import(join(kHere, file));
}

const server = await serve({ dir: dist, port: 0, base: '/some/folder/' });
const browser = await chromium.launch({
  executablePath, headless: !headed,
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader',
         '--enable-unsafe-swiftshader', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { name, needsData, long: isLong, skip, minutes, run } of kTests) {
  if (!name.toLowerCase().includes(filter.toLowerCase())) continue;
  const reason = needsData && !kDataFolder ? 'HANDFUL_DATA is not set' : isLong && !long ? 'only with --long' : skip;
  if (reason) {
    counts.skipped += 1;
    console.log(`skipped  ${name} (${reason})`);
    continue;
  }
  const context = new Context(browser, server.url, resolve(dist));
  const started = Date.now();
  let timer;
  try {
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${minutes} minutes`)), minutes * 60_000);
    });
    try {
      await Promise.race([run(context), limit]);
    } finally {
      clearTimeout(timer);
      await context.close();
    }
    counts.passed += 1;
    console.log(`passed   ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED   ${name}\n${String(error.stack ?? error).replace(/^/gm, '         ')}`);
    for (const fault of context.faults) console.log(`         ${fault}`);
  }
}
await browser.close();
await server.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
