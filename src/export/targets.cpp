// All targets there are.
#include "export/common_files.h"
#include "export/export.h"
#include "export/html.h"

namespace handful::exporters {
namespace {

// Handful's own file (docs/FORMATS.md), with the backbone inside.
Result<Files> WriteSafetensors(const Material& material) {
  return Files{{"model.safetensors", nn::WriteModel(material.model)}};
}

constexpr Target kTargets[] = {
    {"html", "One HTML file", "For anybody with a browser: opens without a network and classifies camera and pictures.",
     WriteHtml, ReadHtml},
    {"safetensors", "Handful", "To open again in Handful, on any machine, and to go on training.", WriteSafetensors,
     ReadByImporting},
};

}  // namespace

std::span<const Target> Targets() { return kTargets; }

}  // namespace handful::exporters
