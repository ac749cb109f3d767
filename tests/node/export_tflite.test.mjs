// The TensorFlow Lite bundles, float and 8 bits, in LiteRT and in MediaPipe's image classifier, which reads preprocessing and labels from
// the file: the golden pictures, and with data every picture of the fingers, give Handful's answers.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { answersOf, exportTo, firstOf, goldenPixels, largestDifference, modelsToExport } from './lib/bundles.mjs';
import { kDataFolder, kLong, kNeedsData } from './lib/data.mjs';
import { pngPixels } from './lib/drawn.mjs';
import { needsPackages, openLoaderPage } from './lib/loader_page.mjs';
import { kShells } from './lib/shell.mjs';

const kSameTensor = 1e-4, kEndToEnd = 1e-3;
const shell = kShells[0];
const folder = mkdtempSync(join(tmpdir(), 'handful-export-tflite-'));
const models = modelsToExport(shell, folder);
const needsLiteRt = needsPackages('@litertjs/core');
const needsMediaPipe = needsPackages('@mediapipe/tasks-vision');
let browser;
before(async () => {
  if (needsLiteRt.skip && needsMediaPipe.skip) return;
  browser = await openLoaderPage(folder, {
    '@litertjs/core': '@litertjs/core/dist/index.js', '@litertjs/wasm-utils': '@litertjs/wasm-utils/dist/index.js',
    '@mediapipe/tasks-vision': '@mediapipe/tasks-vision/vision_bundle.mjs',
  });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** @returns {Promise<(rgb: Uint8Array) => Promise<number[]>>} probabilities of pixels, by LiteRT on the CPU */
async function inLiteRt(bundle) {
  const { preprocessing } = bundle.description;
  await browser.page.evaluate(async (file) => {
    const litert = window.litert ??= await import('@litertjs/core');
    window.runtime ??= await litert.loadLiteRt('/npm/@litertjs/core/wasm/');
    window.model = await litert.loadAndCompile(file, { accelerator: 'wasm' });
  }, `/files/${basename(bundle.folder)}/model.tflite`);
  return (rgb) => browser.page.evaluate(async ([base64, { side, scale, offset }, integers]) => {
    const pixels = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const value = (pixel) => Math.fround(pixel * Math.fround(scale)) + Math.fround(offset);
    const input = new window.litert.Tensor(integers ? pixels : Float32Array.from(pixels, value), [1, side, side, 3]);
    const [output] = await window.model.run([input]);
    const values = [...await output.data()];
    input.delete();
    output.delete();
    return integers ? values.map((stored) => stored / 256) : values;
  }, [Buffer.from(rgb).toString('base64'), preprocessing, bundle.description.target === 'tflite-int8']);
}

/** The golden pictures' probabilities by MediaPipe, as its users call it. */
const inMediaPipe = (bundle) => browser.page.evaluate(async ([at, { golden, classes }]) => {
  const { FilesetResolver, ImageClassifier } = await import('@mediapipe/tasks-vision');
  const files = await FilesetResolver.forVisionTasks('/npm/@mediapipe/tasks-vision/wasm');
  const classifier = await ImageClassifier.createFromOptions(files, { baseOptions: { modelAssetPath: `${at}model.tflite` }, maxResults: -1 });
  const answers = [];
  for (const { file } of golden) {
    const picture = await createImageBitmap(await (await fetch(at + file)).blob());
    const [{ categories }] = classifier.classify(picture).classifications;
    answers.push(classes.map((name) => categories.find(({ categoryName }) => categoryName === name)?.score));
  }
  classifier.close();
  return answers;
}, [`/files/${basename(bundle.folder)}/`, bundle.description]);

function compare(golden, answers) {
  const largest = golden.reduce((most, { probabilities }, i) => Math.max(most, largestDifference(answers[i], probabilities)), 0);
  return { largest, same: golden.filter(({ probabilities }, i) => firstOf(probabilities) === firstOf(answers[i])).length };
}

for (const model of models) {
  const options = { ...shell.options, ...model.options };
  test(`${model.name}: LiteRT gives the numbers of the golden pictures`, { ...options, ...needsLiteRt }, async (t) => {
    const bundle = exportTo(join(folder, `lite ${model.name}`), shell, 'tflite', model), { golden } = bundle.description;
    assert.match(bundle.said, /largest difference 0\n/, 'folded it computes with the very same numbers');
    const classify = await inLiteRt(bundle), answers = [];
    for (const picture of golden) answers.push(await classify(goldenPixels(bundle, picture)));
    const { largest, same } = compare(golden, answers);
    assert.equal(same, golden.length);
    assert.ok(largest <= kSameTensor, `largest difference ${largest}`);
    t.diagnostic(`largest difference ${largest}`);
  });

  test(`${model.name}: MediaPipe finds preprocessing and labels in the file`, { ...options, ...needsMediaPipe }, async (t) => {
    for (const format of ['tflite', 'tflite-int8']) {
      const bundle = exportTo(join(folder, `pipe ${format} ${model.name}`), shell, format, model), { golden } = bundle.description;
      const answers = await inMediaPipe(bundle);
      assert.ok(answers.flat().every((score) => typeof score === 'number'), 'every class is found by its name');
      const { largest, same } = compare(golden, answers);
      if (format === 'tflite') assert.ok(largest <= kEndToEnd, `largest difference ${largest}`);
      assert.ok(same >= golden.length - (format === 'tflite' ? 0 : 1), `${same} of ${golden.length} have the same first answer`);
      t.diagnostic(`${format}: largest difference ${largest}, ${same} of ${golden.length} have the same first answer`);
    }
  });

  test(`${model.name}: 8 bits give the golden pictures' first answers in LiteRT, too`, { ...options, ...needsLiteRt }, async (t) => {
    const bundle = exportTo(join(folder, `int8 ${model.name}`), shell, 'tflite-int8', model), { golden } = bundle.description;
    const classify = await inLiteRt(bundle), answers = [];
    for (const picture of golden) answers.push(await classify(goldenPixels(bundle, picture)));
    const { largest, same } = compare(golden, answers);
    assert.ok(same >= golden.length - 1, `${same} of ${golden.length}`);
    t.diagnostic(`largest difference ${largest}, ${same} of ${golden.length} have the same first answer`);
    const floats = exportTo(join(folder, `float ${model.name}`), shell, 'tflite', model);
    const size = ({ folder: at }) => readFileSync(join(at, 'model.tflite')).length;
    assert.ok(size(bundle) < 0.4 * size(floats), `${size(bundle)} of ${size(floats)} bytes`);
    t.diagnostic(`${size(bundle)} bytes, float ${size(floats)}`);
  });
}

test('every picture of the fingers has the same answer in LiteRT, 98 % of them in 8 bits', { ...shell.options, ...kNeedsData, ...kLong, ...needsLiteRt }, async (t) => {
  const model = models.at(-1);
  for (const format of ['tflite', 'tflite-int8']) {
    const bundle = exportTo(join(folder, `all ${format}`), shell, format, model), classify = await inLiteRt(bundle);
    let largest = 0, same = 0, count = 0;
    for (const [file, expected] of answersOf(shell, model, folder, join(kDataFolder, 'fingers'), bundle.description.classes)) {
      const answers = await classify(pngPixels(readFileSync(file)));
      largest = Math.max(largest, largestDifference(answers, expected));
      same += firstOf(answers) === firstOf(expected) ? 1 : 0;
      ++count;
    }
    assert.ok(count > 1000, `${count} pictures`);
    assert.ok(same >= (format === 'tflite' ? 1 : 0.98) * count, `${same} of ${count}`);
    if (format === 'tflite') assert.ok(largest <= kSameTensor, `largest difference ${largest}`);
    t.diagnostic(`${format}: ${same} of ${count} have the same first answer, largest difference ${largest}`);
  }
});

test('the sample for a page runs as it is', { ...shell.options, ...needsLiteRt }, async () => {
  for (const format of ['tflite', 'tflite-int8']) {
    const bundle = exportTo(join(folder, `sample ${format}`), shell, format, models[0]);
    await browser.page.reload();  // a page loads LiteRT once
    const largest = await browser.page.evaluate(async (file) => (await import(file)).check('/npm/@litertjs/core/wasm/'),
      `/files/${basename(bundle.folder)}/sample.mjs`);
    assert.ok(largest > 0 && largest <= (format === 'tflite' ? kEndToEnd : 0.5), `largest difference ${largest}`);
  }
});

test('nobody threw, and nothing but MediaPipe wanted to say something elsewhere', { skip: needsLiteRt.skip ?? needsMediaPipe.skip }, () => {
  assert.deepEqual(browser.faults, []);
  assert.deepEqual(browser.kept.filter((url) => !url.startsWith('https://odml.pa.googleapis.com/')), []);
});
