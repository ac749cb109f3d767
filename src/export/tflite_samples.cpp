// The programs that come with model.tflite. Each runs as it is inside the unpacked bundle.
#include "export/common_files.h"
#include "export/tflite.h"

namespace handful::exporters {
namespace {

constexpr char kPython[] =
    R"py("""Asks model.tflite about the pictures in golden/ and compares with Handful's own numbers; then about yours:

    python3 sample.py [PICTURE...]

Needs numpy, Pillow, and ai-edge-litert, tflite-runtime or TensorFlow.
"""
import json
import os
import sys

import numpy
from PIL import Image

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    try:
        from tflite_runtime.interpreter import Interpreter
    except ImportError:
        from tensorflow.lite import Interpreter

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "handful.json"), encoding="utf-8") as file:
    bundle = json.load(file)
side = bundle["preprocessing"]["side"]
interpreter = Interpreter(model_path=os.path.join(here, "model.tflite"))
interpreter.allocate_tensors()
source, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
in_integers = source["dtype"] == numpy.uint8


def square(image):
    """The part of the picture that the model sees, side × side."""
    image = image.convert("RGB")
    if image.size == (side, side):
        return image
    edge = max(image.size) if bundle["preprocessing"]["crop"] == "fit" else min(image.size)
    canvas = Image.new("RGB", (edge, edge), (128, 128, 128))
    canvas.paste(image, ((edge - image.width) // 2, (edge - image.height) // 2))
    return canvas.resize((side, side), Image.BILINEAR)


def run(path):
    """Probabilities, in the order of bundle["classes"]."""
    pixels = numpy.asarray(square(Image.open(path)))[numpy.newaxis]
    if not in_integers:  # else the pixels are the input
        scale, offset = (numpy.float32(bundle["preprocessing"][name]) for name in ("scale", "offset"))
        pixels = pixels.astype(numpy.float32) * scale + offset
    interpreter.set_tensor(source["index"], pixels)
    interpreter.invoke()
    answer = interpreter.get_tensor(result["index"])[0]
    if not in_integers:
        return answer
    scale, zero_point = result["quantization"]
    return scale * (answer.astype(numpy.float32) - zero_point)


largest = 0.0
for picture in bundle["golden"]:
    answer, expected = run(os.path.join(here, picture["file"])), numpy.float32(picture["probabilities"])
    largest = max(largest, float(numpy.abs(answer - expected).max()))
    if in_integers:
        assert answer.argmax() == expected.argmax(), picture["file"] + ": another first answer than Handful's"
print("%d golden pictures, largest difference %.2g" % (len(bundle["golden"]), largest))
assert in_integers or largest <= 1e-3, "this is not what Handful says"

for path in sys.argv[1:]:
    answer = run(path)
    best = int(answer.argmax())
    print("%s: %s, %.1f %%" % (path, bundle["classes"][best], 100 * answer[best]))
)py";

constexpr char kPage[] =
    R"js(// Asks model.tflite about pictures in a page, with LiteRT, and compares with Handful's own numbers:
//
//   npm install @litertjs/core
//   <script type="module"> import { check } from './sample.mjs'; check(); </script>
//
// (By a bundler, or with an import map for '@litertjs/core' and '@litertjs/wasm-utils'.) MediaPipe's ImageClassifier takes model.tflite
// as it is, too, labels and preprocessing from the file; it reports its use to its makers, which LiteRT does not.
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

const at = (name) => new URL(name, import.meta.url).href;

/**
 * @param {string} wasm where the package's folder "wasm" is served
 * @returns {Promise<(picture: ImageBitmap) => Promise<number[]>>} a probability for each class, in the order of labels.txt
 */
export async function load(wasm = at('node_modules/@litertjs/core/wasm/')) {
  const { target, preprocessing: { side, scale, offset, crop } } = await (await fetch(at('handful.json'))).json();
  await loadLiteRt(wasm);
  const model = await loadAndCompile(at('model.tflite'), { accelerator: 'wasm' });
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  return async (picture) => {
    const { width, height } = picture, zoom = side / (crop === 'fit' ? Math.max(width, height) : Math.min(width, height));
    context.fillStyle = 'rgb(128, 128, 128)';
    context.fillRect(0, 0, side, side);
    context.drawImage(picture, (side - zoom * width) / 2, (side - zoom * height) / 2, zoom * width, zoom * height);
    const rgb = context.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 < 3);
    const inIntegers = target === 'tflite-int8';  // there the pixels are the input
    const input = new Tensor(inIntegers ? new Uint8Array(rgb) : Float32Array.from(rgb, (pixel) => pixel * scale + offset), [1, side, side, 3]);
    const [output] = await model.run([input]);
    const answer = [...await output.data()];
    input.delete();
    output.delete();
    return inIntegers ? answer.map((stored) => stored / 256) : answer;
  };
}

/** Compares what it says of golden/ with Handful's own numbers; throws where it is not the same. */
export async function check(wasm) {
  const classify = await load(wasm), { target, golden } = await (await fetch(at('handful.json'))).json();
  const first = (values) => values.indexOf(Math.max(...values));
  let largest = 0;
  for (const { file, probabilities } of golden) {
    const answer = await classify(await createImageBitmap(await (await fetch(at(file))).blob()));
    probabilities.forEach((expected, i) => { largest = Math.max(largest, Math.abs(expected - answer[i])); });
    if (first(answer) !== first(probabilities)) throw new Error(`${file}: another first answer than Handful's`);
  }
  if (target !== 'tflite-int8' && !(largest <= 1e-3)) throw new Error(`this is not what Handful says: ${largest} apart`);
  console.log(`${golden.length} golden pictures, largest difference ${largest.toPrecision(2)}`);
  return largest;
}
)js";

}  // namespace

Files TfliteSamples() { return {TextFile("sample.py", kPython), TextFile("sample.mjs", kPage)}; }

}  // namespace handful::exporters
