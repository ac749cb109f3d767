// The TypeScript compiles as it stands, and so does what others write against the declarations that ship.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsBuilt } from './lib/built.mjs';
import { kRoot } from '../../tools/lib/import_typescript.mjs';

const node = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: kRoot, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};
const tsc = (...args) => node('node_modules/typescript/bin/tsc', ...args);

test('web/ is free of type errors', () => {
  assert.deepEqual(tsc('-p', 'web/tsconfig.json'), { status: 0, output: '' });
});

const kEngines = ['simd', 'relaxed'].map((variant) => join(kRoot, `build/web-${variant}/bin/engine.${variant}.mjs`));
const kBuilt = needsBuilt(...kEngines);

const kConsumer = `
import { createHandful, type HandfulError, type Prediction } from './handful.js';
export async function use(file: File, canvas: HTMLCanvasElement, signal: AbortSignal): Promise<string> {
  const handful = await createHandful({ base: '/handful/', variant: 'simd', onProgress: ({ what, loaded }) => { what satisfies string; loaded satisfies number; } });
  const answer: Prediction = await handful.classify(file, { top: 3 });
  const { features } = await handful.embed(canvas);
  features satisfies Float32Array;
  await handful.addSample('cat', file, { group: 'morning' });
  const training = handful.train({ epochs: 3, signal });
  for await (const { epoch, val_loss } of training) [epoch, val_loss] satisfies number[];
  const { model, val_accuracy } = await training;
  (await handful.evaluate([{ label: 'cat', picture: file }])).interval satisfies [number, number];
  (await handful.save()) satisfies Blob;
  model satisfies Blob | null;
  val_accuracy satisfies number;
  // @ts-expect-error a picture is not a number
  await handful.classify(1).catch((error: HandfulError) => error.file);
  handful.dispose();
  return answer.top[0].label;
}
`;

test('the site holds all of the library, and its declarations serve others', kBuilt, () => {
  const folder = mkdtempSync(join(tmpdir(), 'handful-test-'));
  try {
    const { status, output } = node('web/build.mjs', '--out', join(folder, 'site'), '--no-page');
    assert.equal(status, 0, output);
    const site = join(folder, 'site');
    for (const file of ['handful.js', 'handful.d.ts', 'worker.js', 'hdf5.js', 'zip.js', 'engine.simd.mjs', 'engine.simd.wasm', 'engine.relaxed.mjs',
                        'engine.relaxed.wasm', 'models/index.json', 'LICENSES.txt', 'examples/embed.html']) {
      assert.ok(existsSync(join(site, file)), `${file} is missing`);
    }
    writeFileSync(join(site, 'consumer.ts'), kConsumer);
    assert.deepEqual(tsc('--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler',
                         '--lib', 'es2022,dom', join(site, 'consumer.ts')), { status: 0, output: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
