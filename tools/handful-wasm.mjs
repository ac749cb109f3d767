// Handful's command line as WebAssembly under Node: node tools/handful-wasm.mjs [--variant simd|relaxed] COMMAND…
// The program is the one of build/web-<variant>. HDF5 is read and written by JavaScript, as in the page.
import fs from 'node:fs';
import { join } from 'node:path';
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

/** Module.hdf5 (src/platform/web/hdf5_in_javascript.cpp), where it may be needed. */
async function hdf5() {
  const writes = args[0] === 'export';
  if (!writes && !args.some((arg) => ['\x89HDF', 'PK\x03\x04'].includes(magicOf(arg)))) return undefined;
  const { hdf5ToSafetensors } = await importTypeScript('web/engine/hdf5.ts');
  const write = writes ? await (await importTypeScript('web/engine/hdf5_writer.ts')).hdf5Writer() : null;
  return (wantsWriting, bytes) => {
    try {
      return wantsWriting ? write(bytes) : hdf5ToSafetensors(bytes);
    } catch (error) {
      return error.message;
    }
  };
}

const { default: createProgram } = await import(program);
await createProgram({
  arguments: args,
  thisProgram: 'handful',
  hdf5: await hdf5(),
  // Emscripten's isatty says yes to everything.
  preRun: [(module) => Object.assign(module.ENV, process.env, process.stderr.isTTY ? {} : { TERM: 'dumb' })],
});
