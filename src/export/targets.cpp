// All targets there are.
#include "export/c_source.h"
#include "export/common_files.h"
#include "export/export.h"
#include "export/html.h"
#include "export/keras.h"
#include "export/tfjs.h"

namespace handful::exporters {
namespace {

// Handful's own file (docs/FORMATS.md), with the backbone inside.
Result<Files> WriteSafetensors(const Material& material) {
  return Files{{"model.safetensors", nn::WriteModel(material.model)}};
}

constexpr Target kTargets[] = {
    {"html", "One HTML file", "For anybody with a browser: opens without a network and classifies camera and pictures.",
     WriteHtml, ReadHtml},
    {"tfjs", "TensorFlow.js (Teachable Machine)", "For web pages, and for every sketch that uses Teachable Machine.",
     WriteTfjs, ReadByImporting},
    {"h5", "Keras .h5", "For Python: every version of Keras and TensorFlow reads it.", WriteKerasH5, ReadByImporting},
    {"keras", "Keras .keras", "For Python with Keras 3.", WriteKerasZip, ReadByImporting},
    {"c", "C source", "For small devices, and for programs in C or C++ that want no library.", WriteC, ReadC},
    {"safetensors", "Handful", "To open again in Handful, on any machine, and to go on training.", WriteSafetensors,
     ReadByImporting},
};

}  // namespace

std::span<const Target> Targets() { return kTargets; }

}  // namespace handful::exporters
