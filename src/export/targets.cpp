// All targets there are.
#include <algorithm>

#include "export/c_source.h"
#include "export/common_files.h"
#include "export/export.h"
#include "export/hdf5.h"
#include "export/html.h"
#include "export/keras.h"
#include "export/onnx.h"
#include "export/tfjs.h"
#include "export/tflite.h"
#include "import/tflite_integers.h"

namespace handful::exporters {
namespace {

// Handful's own file (docs/FORMATS.md), with the backbone inside.
Result<Files> WriteSafetensors(const Material& material) {
  return Files{{"model.safetensors", nn::WriteModel(material.model)}};
}

// Runs the file's own integers, which ImportModel turns back into float32.
Result<std::vector<Probabilities>> ReadInIntegers(const Files& files, Squares squares) {
  const auto file =
      std::ranges::find_if(files, [](const InputFile& one) { return importers::LooksLikeTflite(one.bytes); });
  if (file == files.end()) return Errorf("there is no .tflite");
  Result<importers::TfliteFile> tflite = importers::ReadTfliteFile(file->bytes);
  if (!tflite.ok()) return tflite.status();
  return importers::RunIntegers(*tflite, squares);
}

constexpr Target kTargets[] = {
    {"html", "One HTML file", "For anybody with a browser: opens without a network and classifies camera and pictures.",
     WriteHtml, ReadHtml},
    {"tfjs", "TensorFlow.js (Teachable Machine)", "For web pages, and for every sketch that uses Teachable Machine.",
     WriteTfjs, ReadByImporting, TfjsRange},
    {"h5", "Keras .h5", "For Python: every version of Keras and TensorFlow reads it.", WriteKerasH5, ReadByImporting},
    {"keras", "Keras .keras", "For Python with Keras 3.", WriteKerasZip, ReadByImporting},
    {"c", "C source", "For small devices, and for programs in C or C++ that want no library.", WriteC, ReadC},
    {"safetensors", "Handful", "To open again in Handful, on any machine, and to go on training.", WriteSafetensors,
     ReadByImporting},
    {"onnx", "ONNX", "For onnxruntime, OpenCV and whatever else reads ONNX: Python, C#, C++, Java, web pages.",
     WriteOnnx, ReadByImporting},
    {"tflite", "TensorFlow Lite", "For Android, iOS, MediaPipe and LiteRT, in 32-bit numbers.", WriteTflite,
     ReadByImporting},
    {"tflite-int8", "TensorFlow Lite, 8 bits", "For small devices: a quarter of the size, in integers only.",
     WriteTfliteInt8, ReadInIntegers, nullptr, 1.0F},
};

}  // namespace

std::span<const Target> Targets() {
  static const std::vector<Target> there = [] {
    std::vector<Target> targets(std::begin(kTargets), std::end(kTargets));
    if (!CanWriteHdf5())
      std::erase_if(targets, [](const Target& one) { return one.write == WriteKerasH5 || one.write == WriteKerasZip; });
    return targets;
  }();
  return there;
}

}  // namespace handful::exporters
