// The library as a package for npm and bundlers, out of the assembled site: node web/package.mjs [--site dist] [--out build/package]
// Everything lies inside scripts, so that any bundler and any static host can take it in without being told of other files; `npm pack
// build/package` makes one file of it.
import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const kRoot = fileURLToPath(new URL('..', import.meta.url));
const { site, out } = parseArgs({ options: {
  site: { type: 'string', default: join(kRoot, 'dist') }, out: { type: 'string', default: join(kRoot, 'build/package') } } }).values;
const fromWeb = (...parts) => join(kRoot, 'web', ...parts);
const fromSite = (...parts) => resolve(site, ...parts);
const toPackage = (...parts) => resolve(out, ...parts);

const kScript = { bundle: true, write: false, minify: true, target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning',
  external: ['module'] };  // which Emscripten's loaders ask for in Node only

/** Puts what lies inside in place of the files of the site. */
const inside = (texts, thread) => ({
  name: 'inside',
  setup({ onResolve, onLoad }) {
    const instead = { parts: 'package/parts.ts', loaders: 'package/loaders.ts', thread: `package/${thread}.ts` };
    onResolve({ filter: /\/(parts|loaders|thread)$/ }, ({ path }) => ({ path: fromWeb(instead[path.split('/').pop()]) }));
    onResolve({ filter: /^inside:.*\.mjs$/ }, ({ path }) => ({ path: fromSite(path.slice('inside:'.length)) }));
    onResolve({ filter: /^inside:.*\.js$/ }, ({ path }) => ({ path: path.slice('inside:'.length), namespace: 'text' }));
    onLoad({ filter: /.*/, namespace: 'text' }, ({ path }) => ({ contents: texts[path], loader: 'text' }));
    onResolve({ filter: /^part:/ }, ({ path }) => ({ path: `./parts/${path.slice('part:'.length)}.js`, external: true }));
    onResolve({ filter: /^\.\/handful$/ }, ({ importer }) => importer.endsWith('element.ts') ? { path: './handful.js', external: true } : null);
  },
});

/** A Worker's script, all in one: where such a script lies it has no address that others could be relative to. */
async function workerText(name) {
  const { outputFiles: [{ text }] } = await build({ ...kScript, entryPoints: [fromWeb('engine', `${name}.ts`)], format: 'iife',
    define: { 'import.meta.url': '"file:///handful"' }, plugins: [inside({}, 'thread')] });
  return text;
}

async function script(source, name, texts, thread) {
  const { outputFiles: [{ text }] } = await build({ ...kScript, entryPoints: [fromWeb(source)], format: 'esm', plugins: [inside(texts, thread)],
    external: [...kScript.external, 'node:worker_threads'] });
  writeFileSync(toPackage(name), text);
}

function part(name, file) {
  const base64 = gzipSync(readFileSync(file), { level: 9 }).toString('base64');
  writeFileSync(toPackage('parts', `${name}.js`), `export default '${base64}';\n`);
}

const kVersion = /project\(handful VERSION ([\d.]+)/i.exec(readFileSync(join(kRoot, 'CMakeLists.txt'), 'utf8'))[1];
const kDescription = {
  name: 'handful', version: kVersion, type: 'module', license: 'SEE LICENSE IN LICENSES.txt',
  description: 'Teaches an image classifier in the browser from a handful of pictures.',
  types: './handful.d.ts', main: './handful.js',
  exports: {
    '.': { types: './handful.d.ts', node: './handful.node.js', default: './handful.js' },
    './element': './handful-classifier.js',
  },
  sideEffects: ['./handful-classifier.js'],
};

async function main() {
  if (!existsSync(fromSite('handful.js'))) throw new Error(`${site} is not assembled: ./tools/run --build-only does that`);
  if (existsSync(out) && !existsSync(toPackage('package.json'))) throw new Error(`${out} holds something else, which would be erased`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(toPackage('parts'), { recursive: true });
  const { backbones: [backbone] } = JSON.parse(readFileSync(fromSite('models/index.json'), 'utf8'));
  for (const name of ['engine.simd', 'engine.relaxed', 'converter']) part(name, fromSite(`${name}.wasm`));
  part('offline', fromSite('offline.html'));
  part('hdf5_writer', fromSite('hdf5_writer.js'));
  part('backbone', fromSite('models', backbone.file));
  const texts = { 'worker.js': await workerText('worker'), 'converter_worker.js': await workerText('converter_worker') };
  await script('library/handful.ts', 'handful.js', texts, 'thread');
  await script('library/handful.ts', 'handful.node.js', texts, 'thread_node');
  await script('library/element.ts', 'handful-classifier.js', texts, 'thread');
  for (const file of ['handful.d.ts', 'LICENSES.txt']) copyFileSync(fromSite(file), toPackage(file));
  copyFileSync(fromWeb('package/README.md'), toPackage('README.md'));
  writeFileSync(toPackage('package.json'), `${JSON.stringify(kDescription, null, 2)}\n`);
  const sizes = ['handful.js', 'parts/engine.simd.js', 'parts/backbone.js'].map((file) => `${file} ${Math.round(statSync(toPackage(file)).size / 1000)} KB`);
  console.log(`${dirname(toPackage('package.json'))}: the package is complete (${sizes.join(', ')}).`);
}

try {
  await main();
} catch (error) {
  console.error(`The package could not be made: ${error.message}`);
  process.exit(1);
}
