#include "export/common_files.h"
#include "export/tfjs.h"

namespace handful::exporters {

const char kTfjsSampleMjs[] =
    R"js(// Loads the model in Node, runs it on the golden pictures and checks Handful's own answers.
//   npm install @tensorflow/tfjs
//   node sample.mjs
import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';

const here = (name) => new URL(name, import.meta.url);
const json = async (name) => JSON.parse(await readFile(here(name), 'utf8'));

// The pixels of a PNG of 8-bit RGB that is not interlaced, as all golden pictures are.
function pixelsOf(png) {
  const width = png.readUInt32BE(16), height = png.readUInt32BE(20), row = 3 * width, parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const packed = inflateSync(Buffer.concat(parts)), pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; ++y) {
    for (let i = 0; i < row; ++i) {
      const at = y * row + i, left = i < 3 ? 0 : pixels[at - 3], up = y ? pixels[at - row] : 0;
      const corner = i < 3 || !y ? 0 : pixels[at - row - 3], p = left + up - corner;
      const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      pixels[at] = packed[y * (row + 1) + 1 + i] + [0, left, up, (left + up) >> 1, paeth][packed[y * (row + 1)]];
    }
  }
  return pixels;
}

const { modelTopology, weightsManifest } = await json('model.json');
const weightData = new Uint8Array(await readFile(here('weights.bin'))).buffer;
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }));

const { classes, golden, preprocessing: { side, scale, offset } } = await json('handful.json');
let largest = 0;
for (const { file, probabilities } of golden) {
  const pixels = pixelsOf(await readFile(here(file)));
  // The picture is cropped and resized already; here pixels become the model's input.
  const input = tf.tensor4d(Float32Array.from(pixels, (value) => value * scale + offset), [1, side, side, 3]);
  const output = model.predict(input);
  const answers = [...await output.data()];
  tf.dispose([input, output]);
  answers.forEach((p, i) => { largest = Math.max(largest, Math.abs(p - probabilities[i])); });
  const first = answers.indexOf(Math.max(...answers));
  console.log(`${file}: ${classes[first]} ${(100 * answers[first]).toFixed(1)} %`);
}
console.log(`largest difference to Handful's own probabilities: ${largest}`);
if (!(largest <= 1e-4)) throw new Error('the model answers otherwise than in Handful');
)js";

const char kTfjsSampleHtml[] = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A model from Handful</title>
<h1>A model from Handful</h1>
<p><input type="file" accept="image/*" aria-label="A picture to classify"></p>
<pre id="answers"></pre>
<!-- npm install @tensorflow/tfjs, then serve this folder by any web server. -->
<script src="node_modules/@tensorflow/tfjs/dist/tf.min.js"></script>
<script type="module">
const json = async (name) => (await fetch(name)).json();
const model = await tf.loadLayersModel('model.json');
const { classes, golden, preprocessing: { side, scale, offset, crop } } = await json('handful.json');
const answers = document.querySelector('#answers');

const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
const context = canvas.getContext('2d', { willReadFrequently: true });

async function classify(picture) {
  const { width, height } = picture;
  // "center": the largest square in the middle; "fit": all of it on grey.
  const seen = crop === 'fit' ? Math.max(width, height) : Math.min(width, height), zoom = side / seen;
  context.fillStyle = 'rgb(128, 128, 128)';
  context.fillRect(0, 0, side, side);
  context.drawImage(picture, (seen - width) / 2 * zoom, (seen - height) / 2 * zoom, width * zoom, height * zoom);
  const { data } = context.getImageData(0, 0, side, side);
  const input = new Float32Array(side * side * 3);
  for (let i = 0; i < side * side; ++i) for (let c = 0; c < 3; ++c) input[3 * i + c] = data[4 * i + c] * scale + offset;
  const output = tf.tidy(() => model.predict(tf.tensor4d(input, [1, side, side, 3])));
  const probabilities = [...await output.data()];
  output.dispose();
  return probabilities;
}

let largest = 0;
for (const { file, probabilities } of golden) {
  const picture = await createImageBitmap(await (await fetch(file)).blob(), { colorSpaceConversion: 'none' });
  (await classify(picture)).forEach((p, i) => { largest = Math.max(largest, Math.abs(p - probabilities[i])); });
}
answers.textContent = `largest difference to Handful's own probabilities: ${largest}`;
if (!(largest <= 1e-3)) throw new Error(`the model answers otherwise than in Handful: ${largest}`);  // a GPU rounds coarsely

document.querySelector('input').addEventListener('change', async ({ target }) => {
  const probabilities = await classify(await createImageBitmap(target.files[0]));
  answers.textContent = classes.map((name, i) => `${name}: ${(100 * probabilities[i]).toFixed(1)} %`).join('\n');
});
</script>
</html>
)html";

namespace {

constexpr char kReadmeBegin[] = R"md(# A TensorFlow.js model

`model.json`, `weights.bin` and `metadata.json` are what Teachable Machine's own export is made of: put them where a
sketch that uses `@teachablemachine/image` expects its model. `sample.mjs` (Node) and `sample.html` (browser) load them
with `@tensorflow/tfjs` alone and check the numbers in `handful.json`.

## How a picture becomes the input

)md";

constexpr char kReadmeEnd[] = R"md(.

`@teachablemachine/image` computes value = pixel / 127 − 1 whatever the model was taught with, and its canvas resizes by
a filter of its own.
)md";

// How far that is from what the model was taught with.
const char* DifferenceInWords(const image::InputRange& range) {
  if (range == kTeachableMachineRange) return "This model was taught with just these numbers.\n";
  return "This model wants pixel / 127.5 − 1, which is within 0.4 %: probabilities differ a little in such a sketch.\n"
         "For the very numbers of Handful, compute the input as `sample.mjs` does.\n";
}

}  // namespace

std::string TfjsReadme(const nn::Model& model) {
  return kReadmeBegin + PreprocessingInWords(model, TfjsRange(model)) + kReadmeEnd +
         DifferenceInWords(TfjsRange(model));
}

}  // namespace handful::exporters
