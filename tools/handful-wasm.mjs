// Handful's command line as WebAssembly under Node: node tools/handful-wasm.mjs [--variant simd|relaxed] COMMAND…
// The program is the one of build/web-<variant>. WebAssembly has no HDF5 library, so where it opens an .h5 (or a zip that
// holds one) it reads what the page's reader made of it; the file's name stays.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { importTypeScript, kRoot } from './lib/import_typescript.mjs';

const args = process.argv.slice(2);
let variant = 'simd';
if (args[0] === '--variant') [, variant] = args.splice(0, 2);
const program = join(kRoot, 'build', `web-${variant}`, 'bin', 'handful.mjs');
if (!fs.existsSync(program)) {
  console.error(`${program} is missing: build the target "handful" of the preset web-${variant}.`);
  process.exit(2);
}
if (variant === 'relaxed') setFlagsFromString('--experimental-wasm-relaxed-simd');  // Node 18 and 20

/** The first bytes of a file, or none where there is no such file. */
function magicOf(path) {
  if (!fs.statSync(path, { throwIfNoEntry: false })?.isFile()) return '';
  const file = fs.openSync(path);
  const magic = Buffer.alloc(4);
  fs.readSync(file, magic);
  fs.closeSync(file);
  return magic.toString('latin1');
}

/** Paths of the arguments that need conversion → files to read in their place, in a folder that ends with the process. */
async function convert(paths) {
  const replacements = new Map();
  if (paths.length === 0) return replacements;
  const { convertModel } = await importTypeScript('web/engine/model_files.ts');
  const { packZip } = await importTypeScript('web/engine/zip.ts');
  const folder = fs.mkdtempSync(join(tmpdir(), 'handful-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  for (const path of paths) {
    const original = { name: path, bytes: new Uint8Array(fs.readFileSync(path)) };
    const files = await convertModel([original]);
    if (files.length === 1 && files[0] === original) continue;
    const replacement = join(folder, String(replacements.size));
    const alone = files.length === 1 && files[0].name === path;
    fs.writeFileSync(replacement, alone ? files[0].bytes : await packZip(files));
    replacements.set(resolve(path), replacement);
  }
  return replacements;
}

let replacements;
try {
  replacements = await convert(args.filter((arg) => ['\x89HDF', 'PK\x03\x04'].includes(magicOf(arg))));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { openSync } = fs;
fs.openSync = (path, ...rest) => openSync(replacements.get(resolve(String(path))) ?? path, ...rest);

const { default: createProgram } = await import(program);
await createProgram({
  arguments: args,
  thisProgram: 'handful',
  // Emscripten's isatty says yes to everything.
  preRun: [(module) => Object.assign(module.ENV, process.env, process.stderr.isTTY ? {} : { TERM: 'dumb' })],
});
