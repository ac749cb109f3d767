// Makes a TypeScript file of web/ importable under Node.
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const kRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** @param {string} file relative to the repository, e.g. "web/engine/host.ts" */
export async function importTypeScript(file) {
  const folder = await mkdtemp(join(tmpdir(), 'handful-'));
  try {
    await build({
      entryPoints: { entry: join(kRoot, file) }, outdir: folder, outExtension: { '.js': '.mjs' },
      bundle: true, splitting: true, format: 'esm', platform: 'neutral', target: 'es2022', mainFields: ['module', 'main'],
      logLevel: 'warning',
    });
    const module = await import(pathToFileURL(join(folder, 'entry.mjs')).href);
    process.once('exit', () => rm(folder, { recursive: true, force: true }));
    return module;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
