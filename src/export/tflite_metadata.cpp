#include "export/tflite_metadata.h"

#include <utility>

#include "base/version.h"
#include "export/common_files.h"
#include "export/flat_table.h"
#include "export/tflite_schema.h"
#include "import/zip_writer.h"

namespace handful::exporters::tflite {
namespace {

using flatbuffers::FlatBufferBuilder;

FlatOffset WriteStats(FlatBufferBuilder& builder, float low, float high) {
  const FlatOffset max = FlatVector(builder, std::vector{high}), min = FlatVector(builder, std::vector{low});
  return FlatTable(builder).Refer(stats::kMax, max).Refer(stats::kMin, min).End();
}

FlatOffset WriteContent(FlatBufferBuilder& builder, uint8_t type, FlatOffset properties) {
  return FlatTable(builder)
      .Add<uint8_t>(content::kContentPropertiesType, type)
      .Refer(content::kContentProperties, properties)
      .End();
}

// pixel × scale + offset = (pixel − mean) / std.
FlatOffset WriteNormalization(FlatBufferBuilder& builder, const image::InputRange& range) {
  const float std = 1.0F / range.scale;
  const FlatOffset mean = FlatVector(builder, std::vector{0.0F - range.offset * std});
  const FlatOffset deviation = FlatVector(builder, std::vector{std});
  const FlatOffset options =
      FlatTable(builder).Refer(normalization_options::kMean, mean).Refer(normalization_options::kStd, deviation).End();
  return FlatTable(builder)
      .Add<uint8_t>(process_unit::kOptionsType, process_unit::kNormalizationOptions)
      .Refer(process_unit::kOptions, options)
      .End();
}

FlatOffset WriteInput(FlatBufferBuilder& builder, const nn::Model& model, bool is_quantized) {
  const auto value = [&](float pixel) { return pixel * model.input_range.scale + model.input_range.offset; };
  const FlatOffset stats = is_quantized ? WriteStats(builder, 0, 255) : WriteStats(builder, value(0), value(255));
  const FlatOffset units = FlatList(builder, {WriteNormalization(builder, model.input_range)});
  const FlatOffset image = FlatTable(builder).Add<int8_t>(image_properties::kColorSpace, image_properties::kRgb).End();
  const FlatOffset content = WriteContent(builder, content::kImageProperties, image);
  const FlatOffset description = FlatString(builder, PreprocessingInWords(model));
  const FlatOffset name = FlatString(builder, "image");
  return FlatTable(builder)
      .Refer(tensor_metadata::kName, name)
      .Refer(tensor_metadata::kDescription, description)
      .Refer(tensor_metadata::kContent, content)
      .Refer(tensor_metadata::kProcessUnits, units)
      .Refer(tensor_metadata::kStats, stats)
      .End();
}

FlatOffset WriteOutput(FlatBufferBuilder& builder) {
  const FlatOffset stats = WriteStats(builder, 0, 1);
  const FlatOffset content = WriteContent(builder, content::kFeatureProperties, FlatTable(builder).End());
  const FlatOffset file_name = FlatString(builder, kLabelsFile);
  const FlatOffset file_description = FlatString(builder, "The classes, one a line, in the order of the output.");
  const FlatOffset file = FlatTable(builder)
                              .Refer(associated_file::kName, file_name)
                              .Refer(associated_file::kDescription, file_description)
                              .Add<int8_t>(associated_file::kType, associated_file::kTensorAxisLabels)
                              .End();
  const FlatOffset files = FlatList(builder, {file});
  const FlatOffset description = FlatString(builder, "One probability a class.");
  const FlatOffset name = FlatString(builder, "probability");
  return FlatTable(builder)
      .Refer(tensor_metadata::kName, name)
      .Refer(tensor_metadata::kDescription, description)
      .Refer(tensor_metadata::kContent, content)
      .Refer(tensor_metadata::kStats, stats)
      .Refer(tensor_metadata::kAssociatedFiles, files)
      .End();
}

}  // namespace

std::vector<uint8_t> WriteMetadata(const nn::Model& model, bool is_quantized) {
  FlatBufferBuilder builder;
  const FlatOffset inputs = FlatList(builder, {WriteInput(builder, model, is_quantized)});
  const FlatOffset outputs = FlatList(builder, {WriteOutput(builder)});
  const FlatOffset subgraph = FlatTable(builder)
                                  .Refer(sub_graph_metadata::kInputTensorMetadata, inputs)
                                  .Refer(sub_graph_metadata::kOutputTensorMetadata, outputs)
                                  .End();
  const FlatOffset subgraphs = FlatList(builder, {subgraph});
  const FlatOffset name = FlatString(builder, model.title);
  const FlatOffset description = FlatString(builder, Format("%s, trained with Handful", model.architecture->title));
  const FlatOffset author = FlatString(builder, Format("Handful %s", kVersion));
  const FlatOffset version = FlatString(builder, "1.0.0");  // of the reader: since then there is all that is used here
  builder.Finish(FlatTable(builder)
                     .Refer(model_metadata::kName, name)
                     .Refer(model_metadata::kDescription, description)
                     .Refer(model_metadata::kSubgraphMetadata, subgraphs)
                     .Refer(model_metadata::kAuthor, author)
                     .Refer(model_metadata::kMinParserVersion, version)
                     .End(),
                 kMetadataIdentifier);
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

Result<std::vector<uint8_t>> WithLabels(std::vector<uint8_t> tflite, const nn::Model& model) {
  std::string labels;
  for (const std::string& name : model.classes) labels += name + "\n";
  importers::ZipWriter zip(std::move(tflite));
  HANDFUL_TRY(zip.Add(kLabelsFile, TextFile(kLabelsFile, labels).bytes));
  return zip.Finish();
}

}  // namespace handful::exporters::tflite
