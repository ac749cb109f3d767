// Makes a TypeScript file of web/ importable under Node.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const kRoot = fileURLToPath(new URL('../../', import.meta.url));

/** @param {string} file relative to the repository, e.g. "web/engine/host.ts" */
export async function importTypeScript(file) {
  const folder = mkdtempSync(join(tmpdir(), 'handful-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));  // parts may be loaded on demand till then
  await build({
    entryPoints: { entry: join(kRoot, file) }, outdir: folder, outExtension: { '.js': '.mjs' },
    bundle: true, splitting: true, format: 'esm', platform: 'neutral', target: 'es2022', mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return import(pathToFileURL(join(folder, 'entry.mjs')).href);
}
