// The command line as its users call it: natively by tools/handful, or as WebAssembly under Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { needsBuilt } from './built.mjs';
import { kRoot } from '../../../tools/lib/import_typescript.mjs';

/** The builds there are to test: name, and what to put before the arguments. */
export const kShells = [
  { name: 'native', program: join(kRoot, 'build/native-release/bin/handful'), command: [join(kRoot, 'build/native-release/bin/handful')] },
  { name: 'simd', program: join(kRoot, 'build/web-simd/bin/handful.mjs'), command: [process.execPath, join(kRoot, 'tools/handful-wasm.mjs')] },
  {
    name: 'relaxed',
    program: join(kRoot, 'build/web-relaxed/bin/handful.mjs'),
    command: [process.execPath, join(kRoot, 'tools/handful-wasm.mjs'), '--variant', 'relaxed'],
  },
].map((shell) => ({ ...shell, options: needsBuilt(shell.program) }));

/** Where the models lie. HANDFUL_DATA=none ./tools/test names a folder with nothing but the committed ones. */
export const kModels = resolve(process.env.HANDFUL_MODELS || join(kRoot, 'models'));
export const kOfficial = join(kModels, 'mobilenet_v2_035_224_backbone.safetensors');

/** What compares with figures of the official weights needs them; the project's own backbone is always there. */
export const kNeedsOfficial = existsSync(kOfficial) ? {} : { skip: `the official weights are not in ${kModels}` };

/** @returns {{status: number, stdout: string, stderr: string, rows: object[]}} rows: stdout's lines that are JSON */
export function run(shell, args, { cwd, env } = {}) {
  const [program, ...before] = shell.command;
  const { status, stdout, stderr } = spawnSync(program, [...before, ...args], {
    cwd, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, HANDFUL_MODELS: kModels, ...env },
  });
  const rows = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return { status, stdout, stderr, rows };
}
