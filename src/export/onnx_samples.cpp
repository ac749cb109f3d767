// The programs that come with model.onnx. Each runs as it is inside the unpacked bundle.
#include "export/common_files.h"
#include "export/onnx.h"

namespace handful::exporters {
namespace {

constexpr char kPython[] =
    R"py("""Asks model.onnx about the pictures in golden/ and compares with Handful's own numbers; then about yours:

    python3 sample.py [PICTURE...]

Needs numpy, Pillow, and onnxruntime or OpenCV (4.6 or later).
"""
import json
import os
import sys

import numpy
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "handful.json"), encoding="utf-8") as file:
    bundle = json.load(file)
side = bundle["preprocessing"]["side"]


def open_model(path):
    """A function from pixels, float32 (1, 3, side, side) of RGB 0 to 255, to probabilities."""
    try:
        import onnxruntime
    except ImportError:
        import cv2
        net = cv2.dnn.readNetFromONNX(path)

        def run(pixels):
            net.setInput(pixels)
            return net.forward()[0]
        return run
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(["probabilities"], {"pixels": pixels})[0][0]


def square(image):
    """The part of the picture that the model sees, side × side."""
    image = image.convert("RGB")
    if image.size == (side, side):
        return image
    edge = max(image.size) if bundle["preprocessing"]["crop"] == "fit" else min(image.size)
    canvas = Image.new("RGB", (edge, edge), (128, 128, 128))
    canvas.paste(image, ((edge - image.width) // 2, (edge - image.height) // 2))
    return canvas.resize((side, side), Image.BILINEAR)


def pixels_of(path):
    rgb = numpy.asarray(square(Image.open(path)), dtype=numpy.float32)
    return numpy.ascontiguousarray(rgb.transpose(2, 0, 1)[numpy.newaxis])


run = open_model(os.path.join(here, "model.onnx"))
largest = 0.0
for picture in bundle["golden"]:
    answer = run(pixels_of(os.path.join(here, picture["file"])))
    largest = max(largest, float(numpy.abs(answer - numpy.float32(picture["probabilities"])).max()))
print("%d golden pictures, largest difference %.2g" % (len(bundle["golden"]), largest))
assert largest <= 1e-3, "this is not what Handful says"

for path in sys.argv[1:]:
    answer = run(pixels_of(path))
    best = int(answer.argmax())
    print("%s: %s, %.1f %%" % (path, bundle["classes"][best], 100 * answer[best]))
)py";

constexpr char kNode[] = R"js(// Asks model.onnx about the pictures in golden/ and compares with Handful's own numbers.
//
//   npm install onnxruntime-web && node sample.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import * as ort from 'onnxruntime-web';

const here = (name) => new URL(name, import.meta.url);
const bundle = JSON.parse(readFileSync(here('handful.json'), 'utf8'));
const { side } = bundle.preprocessing;

/** RGB of a PNG with 8 bits a channel, which is what golden pictures are; a page would draw any picture on a canvas. */
function readPng(bytes) {
  const parts = [];
  let width = 0, height = 0;
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)), type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
    if (type === 'IDAT') parts.push(data);
  }
  const packed = inflateSync(Buffer.concat(parts)), row = 3 * width, rgb = new Uint8Array(row * height);
  for (let y = 0; y < height; ++y) for (let x = 0; x < row; ++x) {
    const a = x < 3 ? 0 : rgb[y * row + x - 3], b = y ? rgb[(y - 1) * row + x] : 0, c = x < 3 || !y ? 0 : rgb[(y - 1) * row + x - 3];
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    const guess = [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][packed[y * (row + 1)]];
    rgb[y * row + x] = packed[y * (row + 1) + 1 + x] + guess;
  }
  return rgb;
}

ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(here('model.onnx'))), { executionProviders: ['wasm'] });

/** @param {Uint8Array} rgb side × side × 3 @returns {Promise<Float32Array>} a probability for each of bundle.classes */
async function classify(rgb) {
  const pixels = new Float32Array(3 * side * side);  // channels first, 0 … 255
  for (let i = 0; i < rgb.length; ++i) pixels[(i % 3) * side * side + Math.floor(i / 3)] = rgb[i];
  const { probabilities } = await session.run({ pixels: new ort.Tensor('float32', pixels, [1, 3, side, side]) });
  return probabilities.data;
}

let largest = 0;
for (const { file, probabilities } of bundle.golden) {
  const answer = await classify(readPng(readFileSync(here(file))));
  probabilities.forEach((expected, i) => { largest = Math.max(largest, Math.abs(expected - answer[i])); });
}
console.log(`${bundle.golden.length} golden pictures, largest difference ${largest.toPrecision(2)}`);
assert.ok(largest <= 1e-3, 'this is not what Handful says');
)js";

}  // namespace

Files OnnxSamples() { return {TextFile("sample.py", kPython), TextFile("sample.mjs", kNode)}; }

}  // namespace handful::exporters
