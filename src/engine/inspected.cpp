#include "engine/inspected.h"

#include <algorithm>

#include "insight/layer_maps.h"

namespace handful::engine {
namespace {

constexpr int kMostMaps = 2048;  // in one picture: higher ones would be too large for graphics cards

void Add(insight::Sheet sheet, schema::InspectedLayer& layer, std::vector<schema::Bytes>& buffers) {
  layer.shown = sheet.shown;
  layer.columns = sheet.columns;
  layer.picture_width = sheet.width;
  layer.picture_height = sheet.height;
  buffers.push_back(std::move(sheet.rgba8));
}

}  // namespace

Result<schema::EventEnvelope> ToEvent(const schema::Inspect& command, const Answers::Inspection& inspection) {
  if (command.most < 1 || command.most > kMostMaps)
    return Errorf("field \"most\" is %d, outside 1 … %d", command.most, kMostMaps);
  schema::LayersInspected event{.id = command.id, .name = command.name, .layer = command.layer};
  std::vector<schema::Bytes> buffers;
  const bool all = command.layer.empty();
  if (all) {
    const nn::Filters& f = inspection.filters;
    event.filters = {.name = f.name, .height = f.height, .width = f.width, .channels = f.outputs};
    Add(insight::FilterSheet(f), event.filters, buffers);
  }
  for (const nn::LayerOutput& layer : inspection.layers) {
    if (!all && layer.name != command.layer) continue;
    event.layers.push_back({.name = layer.name,
                            .height = layer.shape.height,
                            .width = layer.shape.width,
                            .channels = layer.shape.channels,
                            .ms = layer.ms});
    Add(insight::MapSheet(layer, all ? command.most : kMostMaps), event.layers.back(), buffers);
  }
  if (event.layers.empty()) return Errorf("no layer is called \"%s\"", command.layer.c_str());
  return schema::EventEnvelope{std::move(event), std::move(buffers)};
}

}  // namespace handful::engine
