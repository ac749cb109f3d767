// ONNX files: those that Handful writes open again bit for bit; those of others are read or refused with a sentence.
#include <algorithm>

#include <gtest/gtest.h>

#include "export/protobuf_writer.h"
#include "import/onnx.h"
#include "import/protobuf_reader.h"
#include "unit/graph_files.h"

namespace handful::importers {
namespace {

using exporters::ProtobufWriter;
using testing::Bytes;
using testing::Exported;
using testing::ImportErrorOf;

nn::Model SmallCnn() {
  nn::Model model = testing::RandomCnn(16, {"a", "b", "c"}, 3);
  model.notes["how"] = "at random";
  return model;
}

Bytes OnnxOf(const nn::Model& model) { return Exported("onnx", model).files.front().bytes; }

// ---- round trips ----

TEST(Onnx, OfAHeadWithItsBackboneOpensAgainBitForBit) {
  const nn::Model model = testing::RandomWholeHead();
  const exporters::Bundle bundle = Exported("onnx", model);
  EXPECT_EQ(bundle.verification.largest_difference, 0);
  EXPECT_EQ(bundle.verification.golden, 6);
  const std::vector<InputFile> files = {{"model.onnx", bundle.files.front().bytes}};
  const Result<ImportedModel> read = ImportModel(files);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->source, "Handful (ONNX)");
  testing::ExpectSameModel(read->model, model);
}

TEST(Onnx, OfACnnOpensAgainBitForBitFromItsBundle) {
  nn::Model model = SmallCnn();
  model.crop_mode = image::CropMode::kFit;
  model.input_range = {1.0F / 127.0F, -1.0F};
  const exporters::Bundle bundle = Exported("onnx", model);
  const Result<ImportedModel> read = ImportModel(bundle.files);
  ASSERT_TRUE(read.ok()) << read.status().message();
  testing::ExpectSameModel(read->model, model);
}

TEST(Onnx, WithoutHandfulsMetadataIsKnownByItsLayers) {
  for (const nn::Model& model : {testing::RandomWholeHead(), SmallCnn()}) {
    Result<FoundNetwork> found = ReadOnnx(OnnxOf(model));
    ASSERT_TRUE(found.ok()) << found.status().message();
    found->facts.clear();
    const Result<nn::Model> read = ModelOf(*found);
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(read->network(), model.network());
    EXPECT_EQ(read->input_range, model.input_range);
    EXPECT_EQ(read->backbone_sha256, model.backbone_sha256);
    for (const nn::NamedTensor& tensor : model.weights.tensors) {
      ASSERT_NE(read->weights.Find(tensor.name), nullptr) << tensor.name;
      EXPECT_EQ(read->weights.Find(tensor.name)->values, tensor.values) << tensor.name;
    }
    EXPECT_EQ(read->classes.size(), 0U) << "the caller names them";
  }
}

// ---- other networks ----

TEST(Onnx, OfAnotherNetworkSaysWhichLayerDiffers) {
  const Result<FoundNetwork> found = ReadOnnx(OnnxOf(SmallCnn()));
  ASSERT_TRUE(found.ok());
  const auto error = [&](auto&& change) {
    FoundNetwork other = *found;
    change(other);
    const Result<nn::Model> read = ModelOf(std::move(other));
    return read.ok() ? "read" : read.status().message();
  };
  EXPECT_EQ(error([](FoundNetwork&) {}), "read");
  EXPECT_EQ(error([](FoundNetwork& other) { other.layers[2].kernel = 3; }),
            "it is not one of the networks that run here: layer 3 (\"conv2/conv\") is a convolution, 3 × 3 by 1, 16 "
            "channels, "
            "ReLU; the write-up's CNN has a convolution, 4 × 4 by 1, 16 channels, ReLU there");
  EXPECT_EQ(error([](FoundNetwork& other) { other.layers[4].inputs = {2}; }),
            "it is not one of the networks that run here: layer 5 (\"conv3/conv\") is connected otherwise than in the "
            "write-up's CNN");
  EXPECT_EQ(error([](FoundNetwork& other) { other.layers.resize(4); }),
            "it is not one of the networks that run here: it ends after 4 layers, where the write-up's CNN has a "
            "convolution");
  EXPECT_EQ(error([](FoundNetwork& other) { other.layers.push_back(other.layers[1]); }).substr(0, 61),
            "it is not one of the networks that run here: layer 10 (\"pool1");
  EXPECT_EQ(error([](FoundNetwork& other) { other.input = {16, 20, 3}; }),
            "its input is 16 × 20 with 3 channels, not a square of 16 to 1024 pixels with 3");
  EXPECT_EQ(error([](FoundNetwork& other) { other.facts["classes"] = "[\"a\", \"b\"]"; }),
            "its metadata name 2 classes, but it has 3 outputs");
  EXPECT_EQ(error([](FoundNetwork& other) { other.facts["input_side"] = "32"; }),
            "its metadata describe finger_cnn of 32 × 32 pixels, which is not what is in it");
}

// ---- small graphs, by hand ----

ProtobufWriter Node(const char* type, const std::vector<const char*>& inputs, const char* output) {
  ProtobufWriter node;
  for (const char* input : inputs) node.Text(1, input);
  node.Text(2, output);
  node.Text(4, type);
  return node;
}

ProtobufWriter Tensor(const char* name, const std::vector<int64_t>& dims, size_t values) {
  ProtobufWriter tensor;
  for (const int64_t size : dims) tensor.Int(1, size);
  tensor.Int(2, 1);
  tensor.Text(8, name);
  tensor.FloatBytes(9, std::vector<float>(values, 1.0F));
  return tensor;
}

struct Graph {
  std::vector<ProtobufWriter> nodes, tensors;
  int64_t opset = 13, side = 32;
  ProtobufWriter more = {};

  Bytes File() const {
    ProtobufWriter shape, tensor_type, type, input, output, graph, set, model;
    for (const int64_t size : {int64_t{1}, int64_t{3}, side, side}) {
      ProtobufWriter dim;
      dim.Int(1, size);
      shape.Message(1, dim);
    }
    tensor_type.Message(2, shape);
    type.Message(1, tensor_type);
    input.Text(1, "x");
    input.Message(2, type);
    output.Text(1, "y");
    for (const ProtobufWriter& node : nodes) graph.Message(1, node);
    for (const ProtobufWriter& tensor : tensors) graph.Message(5, tensor);
    graph.Message(11, input);
    graph.Message(12, output);
    set.Int(2, opset);
    model.Int(1, 8);
    model.Message(8, set);
    model.Message(7, graph);
    Bytes bytes = model.bytes();
    bytes.insert(bytes.end(), more.bytes().begin(), more.bytes().end());
    return bytes;
  }
  std::string Error() const { return ImportErrorOf("model.onnx", File()); }
};

TEST(Onnx, WhatIsNotUnderstoodIsNamed) {
  EXPECT_EQ((Graph{{Node("LSTM", {"x"}, "y")}, {}}.Error()),
            "node 1, LSTM \"\": this operator is not one of those that are understood");
  EXPECT_EQ((Graph{{Node("Conv", {"x", "w"}, "y")}, {}}.Error()),
            "node 1, Conv \"\": its kernel is not a float32 tensor of the file");
  EXPECT_EQ((Graph{{Node("Conv", {"x", "w"}, "y")}, {Tensor("w", {4, 2, 1, 1}, 8)}}.Error()),
            "node 1, Conv \"\": its input 2 has another shape than it must have");
  EXPECT_EQ((Graph{{Node("Conv", {"z", "w"}, "y")}, {Tensor("w", {4, 3, 1, 1}, 12)}}.Error()),
            "node 1, Conv \"\": what it reads first is not the output of a node before it");
  EXPECT_EQ((Graph{{Node("Conv", {"x", "w"}, "y")}, {Tensor("w", {4, 3, 3, 3}, 108)}}.Error()),
            "node 1, Conv \"\": it is not padded as TensorFlow's SAME");
  EXPECT_EQ((Graph{{Node("Conv", {"x", "w"}, "y")}, {Tensor("w", {4, 3, 1, 1}, 12)}}.Error()),
            "its only output is not the softmax of its last layer");
  EXPECT_EQ((Graph{{Node("Relu", {"x"}, "y")}, {}}.Error()),
            "node 1, Relu \"\": it does not come straight after a layer with weights");
  EXPECT_EQ(
      (Graph{{Node("GlobalAveragePool", {"x"}, "a"), Node("Gemm", {"a", "w"}, "y")}, {Tensor("w", {3, 2}, 6)}}.Error()),
      "node 2, Gemm \"\": what it reads first does not have the form that it needs here");
  EXPECT_EQ(
      (Graph{{Node("Flatten", {"x"}, "y")}, {}}.Error()),
      "node 1, Flatten \"\": it flattens maps channel by channel, where row by row is needed: a Transpose before it "
      "is missing");
  EXPECT_EQ((Graph{{}, {}}.Error()), "its graph has no layers");
  EXPECT_EQ((Graph{{}, {}, 21}.Error()), "it is of opset 21; 7 to 13 are read");
  EXPECT_EQ((Graph{{}, {}, 13, 1 << 20}.Error()), "its graph has no input of the shape (1, channels, height, width)");
}

TEST(Onnx, HostileFilesGetASentence) {
  Graph graph;
  graph.tensors = {Tensor("w", {1 << 20, 1 << 20}, 1)};
  EXPECT_EQ(graph.Error(), "tensor \"w\": 1048576 in its shape is not a size");
  graph.tensors = {Tensor("w", {-1}, 1)};
  EXPECT_EQ(graph.Error(), "tensor \"w\": -1 in its shape is not a size");
  graph.tensors = {Tensor("w", {1000, 1000}, 1)};
  EXPECT_EQ(graph.Error(), "tensor \"w\" has 4 bytes, but its shape wants 4000000");
  graph.tensors = {Tensor("w", std::vector<int64_t>(100, 1), 1)};
  EXPECT_EQ(graph.Error().substr(0, 34), "its tensor has too many numbers at");
  graph.tensors = {Tensor("w", {1}, 1), Tensor("w", {1}, 1)};
  EXPECT_EQ(graph.Error(), "there are two tensors \"w\"");

  // Weights in another file, wherever its path leads.
  ProtobufWriter location, external = Tensor("w", {1}, 1);
  location.Text(1, "location");
  location.Text(2, "../../../../etc/passwd");
  external.Message(13, location);
  graph.tensors = {external};
  EXPECT_EQ(graph.Error(), "tensor \"w\" lies in another file: save the model as one file");
  external = Tensor("w", {1}, 1);
  external.Int(14, 1);
  graph.tensors = {external};
  EXPECT_EQ(graph.Error(), "tensor \"w\" lies in another file: save the model as one file");

  // A graph inside a graph inside a graph …: refused at the first one.
  ProtobufWriter nested;
  for (int depth = 0; depth < 2000; ++depth) {
    ProtobufWriter attribute, node, inner;
    attribute.Text(1, "body");
    attribute.Message(6, nested);
    node.Message(5, attribute);
    inner.Message(1, node);
    nested = inner;
  }
  ProtobufWriter attribute, loop = Node("Loop", {"x"}, "y");
  attribute.Text(1, "body");
  attribute.Message(6, nested);
  loop.Message(5, attribute);
  graph.tensors = {};
  graph.nodes = {loop};
  EXPECT_EQ(graph.Error(), "node 1: its attribute \"body\" is a graph inside the graph, which is not read");

  // One large tensor that many nodes read.
  graph = {};
  graph.tensors = {Tensor("w", {3, 3, 100, 100}, 90000)};
  for (int i = 0; i < 100; ++i) graph.nodes.push_back(Node("Conv", {"x", "w"}, "z"));
  graph.side = 200;
  for (ProtobufWriter& node : graph.nodes) {
    ProtobufWriter pads;
    pads.Text(1, "auto_pad");
    pads.Text(4, "SAME_UPPER");
    node.Message(5, pads);
  }
  EXPECT_EQ(graph.Error().substr(0, 30), "node 1, Conv \"\": its kernel or");
  graph.tensors = {Tensor("w", {3, 3, 50, 50}, 22500)};
  EXPECT_EQ(graph.Error(), "node 3, Conv \"\": the same weights are read again and again");

  graph = {};
  graph.nodes.assign(20000, Node("Relu", {"x"}, "x"));
  EXPECT_EQ(graph.Error(), "it has more than 10000 nodes");
  graph = {};
  graph.more.Message(25, ProtobufWriter());
  EXPECT_EQ(graph.Error(), "it holds functions of its own, which are not read");
  EXPECT_EQ(ImportErrorOf("model.onnx", testing::Bytes{'h', 'e', 'l', 'l', 'o'}).substr(0, 9), "its model");
  EXPECT_EQ(ImportErrorOf("model.onnx", {}), "the file is empty");
}

TEST(Onnx, CutShortAnywhereOrWithAnyByteChangedItDoesNoHarm) {
  const Bytes bytes = OnnxOf(SmallCnn());
  testing::ExpectSurvivesDamage("model.onnx", bytes, bytes.size());
}

// ---- the wire format ----

TEST(Protobuf, ReadsWhatIsWritten) {
  ProtobufWriter written, inner;
  inner.Text(2, "inside");
  for (const int64_t value : {int64_t{0}, int64_t{127}, int64_t{128}, int64_t{-1}, int64_t{1} << 62U})
    written.Int(1, value);
  written.Float(3, -1.5F);
  written.Message(100, inner);
  ProtobufReader reader(written.bytes(), "message");
  std::vector<int64_t> numbers;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(reader.Next());
    reader.AddInts(numbers, 5);
  }
  EXPECT_EQ(numbers, (std::vector<int64_t>{0, 127, 128, -1, int64_t{1} << 62U}));
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.Float(), -1.5F);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.field(), 100);
  ProtobufReader nested(reader.Payload(), "inner");
  ASSERT_TRUE(nested.Next());
  EXPECT_EQ(nested.Text(), "inside");
  EXPECT_FALSE(nested.Next());
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.status().ok());
  reader.Int();
  EXPECT_EQ(reader.status().message(), "its message has a field of another kind than it must be at byte 44, field 100");
}

}  // namespace
}  // namespace handful::importers
