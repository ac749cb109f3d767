// Bundles as `handful export` makes them, unpacked into folders, of models that are taught on the spot or lie in models/.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzip } from './zip.mjs';
import { kDataFolder, kNeedsData } from './data.mjs';
import { pngPixels } from './drawn.mjs';
import { kModels, run } from './shell.mjs';

/**
 * Models to export: a head and a CNN that are taught the example project, and with data the fingers' head and a model that Teachable
 * Machine made.
 * @param {object} shell @param {string} folder where they are made
 */
export function modelsToExport(shell, folder) {
  const project = join(folder, 'example.zip');
  const make = (file, ...args) => {
    if (!existsSync(project)) check(run(shell, ['example', '--out', project]));
    const out = join(folder, file);
    if (!existsSync(out)) check(run(shell, ['train', project, '--out', out, ...args]));
    return out;
  };
  return [
    { name: 'a head', options: {}, pictures: () => project, file: () => make('head.safetensors', '--epochs', '20') },
    { name: 'the CNN', options: {}, pictures: () => project, file: () => make('cnn.safetensors', '--network', 'cnn', '--epochs', '12') },
    {
      name: 'the fingers\' head', options: kNeedsData, pictures: () => join(kDataFolder, 'fingers'),
      file: () => join(kModels, 'fingers-head-handful.safetensors'),
    },
    {
      name: 'Teachable Machine\'s own model', options: kNeedsData, pictures: () => join(kDataFolder, 'fingers'),
      file: () => join(kDataFolder, 'weights/mobilenet_v2_035_224_one_or_two.h5'),
    },
  ];
}

function check({ status, stderr }) {
  assert.equal(status, 0, stderr);
}

/** Exports a model and unpacks the bundle. @returns {{folder: string, zip: string, description: object, said: string}} */
export function exportTo(folder, shell, format, model, ...more) {
  const zip = `${folder}.zip`;
  const exported = run(shell, ['export', model.file(), '--format', format, '--pictures', model.pictures(), '--out', zip, ...more]);
  check(exported);
  for (const [name, bytes] of unzip(readFileSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const description = JSON.parse(readFileSync(join(folder, 'handful.json'), 'utf8'));
  const ofFirstClass = description.golden.map(({ probabilities: [p] }) => p);
  const spread = Math.max(...ofFirstClass) - Math.min(...ofFirstClass);
  assert.ok(spread > 0.1, `the model says all but the same of all pictures (${spread}): comparing with it proves little`);
  return { folder, zip, description, said: exported.stdout + exported.stderr };
}

/** @returns {Uint8Array} RGB of a golden picture */
export const goldenPixels = ({ folder }, { file }) => pngPixels(readFileSync(join(folder, file)));

/** @returns {Float32Array} what the model reads of these pixels */
export const tensorOf = ({ description: { preprocessing: { scale, offset } } }, pixels) =>
  Float32Array.from(pixels, (value) => Math.fround(value * Math.fround(scale)) + Math.fround(offset));

export const largestDifference = (a, b) => a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
export const firstOf = (values) => values.indexOf(Math.max(...values));

/**
 * What Handful itself says of every picture in a folder's folders.
 * @returns {Map<string, number[]>} probabilities by file, in the order of `classes`
 */
export function answersOf(shell, model, folder, pictures, classes) {
  const files = readdirSync(pictures, { recursive: true }).filter((name) => /\.(png|jpg)$/.test(name)).map((name) => join(pictures, name));
  const list = join(folder, 'pictures.txt');
  writeFileSync(list, files.join('\n'));
  const said = run(shell, ['classify', '--model', model.file(), '--top', `${classes.length}`, '--json', '--files', list]);
  check(said);
  return new Map(said.rows.map(({ file, top }) => [file, classes.map((name) => top.find(({ label }) => label === name).p)]));
}
