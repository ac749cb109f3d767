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
    R"js(// Asks model.tflite about a picture in a page, with MediaPipe, which reads labels and preprocessing from the file:
//
//   npm install @mediapipe/tasks-vision
//   <script type="module"> import { check } from './sample.mjs'; check(); </script>
//
// `wasm`: where the package's folder "wasm" is served.
import { FilesetResolver, ImageClassifier } from '@mediapipe/tasks-vision';

/** Compares what it says of golden/ with Handful's own numbers; throws where the first answer is another one. */
export async function check(wasm = './node_modules/@mediapipe/tasks-vision/wasm') {
  const bundle = await (await fetch('handful.json')).json();
  const classifier = await ImageClassifier.createFromOptions(await FilesetResolver.forVisionTasks(wasm),
    { baseOptions: { modelAssetPath: 'model.tflite' }, maxResults: bundle.classes.length });
  let largest = 0;
  for (const { file, probabilities } of bundle.golden) {
    const picture = await createImageBitmap(await (await fetch(file)).blob());
    const [{ categories }] = classifier.classify(picture).classifications;
    categories.forEach(({ categoryName, score }) => {
      largest = Math.max(largest, Math.abs(score - probabilities[bundle.classes.indexOf(categoryName)]));
    });
    const first = bundle.classes[probabilities.indexOf(Math.max(...probabilities))];
    if (categories[0].categoryName !== first) throw new Error(`${file} is ${categories[0].categoryName}, not ${first}`);
  }
  console.log(`${bundle.golden.length} golden pictures, largest difference ${largest.toPrecision(2)}`);
  return largest;
}
)js";

}  // namespace

Files TfliteSamples() { return {TextFile("sample.py", kPython), TextFile("sample.mjs", kPage)}; }

}  // namespace handful::exporters
