// Assembles the complete static site: node web/build.mjs --out dist [--debug] [--no-page] [--builds DIR]
//   --debug    readable scripts with source maps, and licence texts that are not there are not missed
//   --no-page  only the library for other pages: handful.js, the worker, the engine, the models
//   --builds DIR  where the folders web-simd and web-relaxed lie that the WebAssembly modules come from (build)
// HANDFUL_MODELS names another folder of models than models/.
// All addresses are relative: any folder will do.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync }
  from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { collectLicenses } from './licenses.mjs';

const kRoot = fileURLToPath(new URL('..', import.meta.url));
const kUsage = 'usage: node web/build.mjs --out FOLDER [--debug] [--no-page] [--builds DIR]';

function options() {
  try {
    const { values } = parseArgs({
      options: { out: { type: 'string' }, debug: { type: 'boolean' }, 'no-page': { type: 'boolean' },
                 builds: { type: 'string', default: fileURLToPath(new URL('../build', import.meta.url)) } } });
    const { out, debug = false, 'no-page': noPage = false, builds } = values;
    if (out) return { out: resolve(out), debug, page: !noPage, builds: resolve(builds) };
  } catch { /* said below */ }
  console.error(kUsage);
  process.exit(2);
}

const { out, debug, page, builds } = options();
const fromRoot = (...parts) => join(kRoot, ...parts);
const toDist = (...parts) => join(out, ...parts);

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`${from} is missing: ./tools/run --build-only makes it`);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** What is imported on demand stays a script of its own, beside the one that asks for it. */
const onDemand = {
  name: 'on-demand',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').pop()}.js`, external: true } : null);
    onResolve({ filter: /^\.\/handful$/ }, () => ({ path: './handful.js', external: true }));  // the element's
  },
};

/** Bundles one script. `source` is relative to web/. */
async function bundle(source, script) {
  await build({
    entryPoints: [fromRoot('web', source)], outfile: toDist(script),
    bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', plugins: [onDemand], loader: { '.vert': 'text', '.frag': 'text' },
    minify: !debug, sourcemap: debug ? 'inline' : false, legalComments: 'none', logLevel: 'warning',
  });
}

/** Emscripten's loader and its module. */
async function copyWasm(preset, name) {
  const script = join(builds, preset, 'bin', `${name}.mjs`);
  copy(script, toDist(`${name}.mjs`));
  copy(join(builds, preset, 'bin', `${name}.wasm`), toDist(`${name}.wasm`));
  if (debug) return;
  await build({ entryPoints: [script], outfile: toDist(`${name}.mjs`), minify: true, format: 'esm', target: 'es2022',
                logLevel: 'warning', allowOverwrite: true });
}

/** The page of the single HTML file (src/export/html.h): everything in one, but for the places of the model. */
async function writeOfflinePage() {
  const bin = join(builds, 'web-simd/bin');
  const { outputFiles: [{ text: script }] } = await build({
    entryPoints: [fromRoot('web/offline/main.ts')], write: false, bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', minify: !debug,
    external: ['module'],  // which only Node has, and only there it is asked for
    alias: { 'handful-engine': join(bin, 'engine.simd.mjs') }, legalComments: 'none', logLevel: 'warning',
  });
  const parts = {
    '/*@STYLE@*/': readFileSync(fromRoot('web/offline/offline.css'), 'utf8'),
    '@ENGINE@': gzipSync(readFileSync(join(bin, 'engine.simd.wasm')), { level: 9 }).toString('base64'),
    '/*@SCRIPT@*/': script.replaceAll('</script', '<\\/script'),
  };
  const page = readFileSync(fromRoot('web/offline/offline.html'), 'utf8');
  writeFileSync(toDist('offline.html'), page.replace(/\/\*@STYLE@\*\/|@ENGINE@|\/\*@SCRIPT@\*\//g, (place) => parts[place]));
}

/** One declaration file out of those the compiler writes, so that handful.js and handful.d.ts are all one needs. */
function writeDeclarations() {
  const web = fromRoot('web');
  const folder = mkdtempSync(join(tmpdir(), 'handful-types-'));
  try {
    execFileSync(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '-p', join(web, 'tsconfig.json'),
      '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', web, '--outDir', folder],
      { stdio: 'inherit' });
    const manual = readFileSync(join(web, 'library/handful.ts'), 'utf8').split('*/')[0] + '*/\n';
    const kParts = ['library/handful', 'library/pictures', 'library/training', 'library/evaluation', 'engine/exporter', 'engine/protocol',
                    'engine/variant'];
    const declarations = [...kParts.map((name) => join(folder, `${name}.d.ts`)), join(web, 'engine/messages.d.ts')]
      .map((file) => readFileSync(file, 'utf8'));
    const betweenFiles = /^(import|export) (type )?\{[^}]*\}( from '[^']*')?;\n|^\/\/.*\n/gm;
    writeFileSync(toDist('handful.d.ts'), manual + declarations.join('\n').replace(betweenFiles, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The metadata of a safetensors file: 8 bytes length, then a JSON header. */
function metadataOf(file) {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  return JSON.parse(bytes.toString('utf8', 8, 8 + length)).__metadata__ ?? {};
}

/** Copies the models that are there and lists them (web/engine/model_index.ts). */
function copyModels() {
  const models = resolve(process.env.HANDFUL_MODELS || fromRoot('models'));
  mkdirSync(toDist('models'), { recursive: true });
  const files = readdirSync(models, { recursive: true }).filter((file) => file.endsWith('.safetensors')).sort().map((file) => {
    copy(join(models, file), toDist('models', file));
    return { file: file.replaceAll('\\', '/'), bytes: statSync(join(models, file)).size, metadata: metadataOf(join(models, file)) };
  });
  const called = (name) => files.find(({ file }) => file === name) ?? null;
  const backbones = JSON.parse(readFileSync(join(models, 'backbones.json'), 'utf8'))
    .flatMap(({ file, head, name }) => called(file) ? [{ ...called(file), name, head: called(head) }] : []);
  const index = { backbones, files };
  writeFileSync(toDist('models/index.json'), JSON.stringify(index));
  return index;
}

/** The project that the page offers to open, drawn by the shell (src/example). */
function writeExample() {
  const shell = join(builds, 'web-simd/bin/handful.mjs');
  if (!existsSync(shell)) throw new Error(`${shell} is missing, which draws example.zip: ./tools/run --build-only makes it`);
  execFileSync(process.execPath, [fromRoot('tools/run-wasm.mjs'), shell, 'example', '--out', toDist('example.zip')], { stdio: 'inherit' });
  if (!existsSync(toDist('example.zip'))) throw new Error(`${shell} drew no example.zip`);
}

function copyPage() {
  copy(fromRoot('web/index.html'), toDist('index.html'));
  copy(fromRoot('web/style.css'), toDist('style.css'));
  copy(fromRoot('web/page/takeaway.css'), toDist('takeaway.css'));
  const inter = fromRoot('node_modules/@expo-google-fonts/inter');
  copy(join(inter, '400Regular/Inter_400Regular.ttf'), toDist('fonts/Inter-Regular.ttf'));
  copy(join(inter, '600SemiBold/Inter_600SemiBold.ttf'), toDist('fonts/Inter-SemiBold.ttf'));
  copy(join(inter, 'LICENSE_FONT'), toDist('fonts/OFL.txt'));
}

/** @returns {Map<string, string>} the variables of a configured build */
function cmakeCacheOf(preset) {
  const text = readFileSync(join(builds, preset, 'CMakeCache.txt'), 'utf8');
  return new Map([...text.matchAll(/^(\w+):\w+=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

function writeLicenses() {
  try {
    writeFileSync(toDist('LICENSES.txt'), collectLicenses(kRoot, cmakeCacheOf('web-simd')));
  } catch (error) {
    if (!debug) throw error;
    console.warn(`dist/LICENSES.txt left out: ${error.message}`);
  }
}

async function main() {
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(toDist('handful.js'))) {
    throw new Error(`${out} holds something else, and assembling the site would erase it`);
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await Promise.all([
    copyWasm('web-simd', 'engine.simd'),
    copyWasm('web-relaxed', 'engine.relaxed'),
    bundle('engine/worker.ts', 'worker.js'),
    bundle('engine/hdf5.ts', 'hdf5.js'),
    bundle('engine/hdf5_writer.ts', 'hdf5_writer.js'),
    bundle('engine/zip.ts', 'zip.js'),
    copyWasm('web-simd', 'converter'),
    bundle('engine/converter.ts', 'converter.js'),
    bundle('engine/converter_worker.ts', 'converter_worker.js'),
    bundle('engine/exporter.ts', 'exporter.js'),
    bundle('library/handful.ts', 'handful.js'),
    bundle('library/element.ts', 'handful-classifier.js'),
    ...(page ? [copyWasm('web-simd', 'ui'), bundle('page/main.ts', 'main.js'), bundle('page/takeaway.ts', 'takeaway.js')] : []),
  ]);
  await writeOfflinePage();
  writeDeclarations();
  if (page) {
    copyPage();
    writeExample();
  }
  for (const file of ['embed.html', 'embed.js', 'ten_lines.html']) copy(fromRoot('web/examples', file), toDist('examples', file));
  writeLicenses();
  const { backbones } = copyModels();
  console.log(`${out}: the site is complete, with ${backbones.map(({ file }) => file).join(' and ') || 'no backbone'}.`);
}

try {
  await main();
} catch (error) {
  console.error(`The site could not be built: ${error.message}`);
  process.exit(1);
}
