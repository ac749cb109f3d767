// TensorFlow Lite's file format: ids of fields and values of enumerations, by the names that they have in schema.fbs
// (tensorflow/lite/schema, schema version 3, file identifier "TFL3"), and of the metadata in it, metadata_schema.fbs
// (mediapipe/tasks/metadata, version 1.4, "M001"). Fields are numbered in the order of their declaration, a union
// taking two.
#pragma once

#include <cstdint>

namespace handful::exporters::tflite {

inline constexpr uint32_t kSchemaVersion = 3;
inline constexpr char kFileIdentifier[] = "TFL3";

enum class TensorType : int8_t { kFloat32 = 0, kInt32 = 2, kUint8 = 3, kInt8 = 9 };

enum class BuiltinOperator : int32_t {
  kAdd = 0,
  kAveragePool2D = 1,
  kConv2D = 3,
  kDepthwiseConv2D = 4,
  kFullyConnected = 9,
  kMaxPool2D = 17,
  kReshape = 22,
  kSoftmax = 25,
  kQuantize = 114,
};

enum class BuiltinOptions : uint8_t {
  kNone = 0,
  kConv2D = 1,
  kDepthwiseConv2D = 2,
  kPool2D = 5,
  kFullyConnected = 8,
  kSoftmax = 9,
  kAdd = 11,
};

inline constexpr int8_t kPaddingSame = 0, kPaddingValid = 1;
inline constexpr int8_t kActivationNone = 0, kActivationRelu = 1, kActivationRelu6 = 3;

namespace model {
inline constexpr int kVersion = 0, kOperatorCodes = 1, kSubgraphs = 2, kDescription = 3, kBuffers = 4, kMetadata = 6;
}
namespace operator_code {
inline constexpr int kDeprecatedBuiltinCode = 0, kVersion = 2, kBuiltinCode = 3;
}
namespace sub_graph {
inline constexpr int kTensors = 0, kInputs = 1, kOutputs = 2, kOperators = 3, kName = 4;
}
namespace tensor {
inline constexpr int kShape = 0, kType = 1, kBuffer = 2, kName = 3, kQuantization = 4;
}
namespace quantization_parameters {
inline constexpr int kScale = 2, kZeroPoint = 3, kQuantizedDimension = 6;
}
namespace operator_table {
inline constexpr int kOpcodeIndex = 0, kInputs = 1, kOutputs = 2, kBuiltinOptionsType = 3, kBuiltinOptions = 4;
}
namespace buffer {
inline constexpr int kData = 0;
}
namespace metadata {
inline constexpr int kName = 0, kBuffer = 1;
}
namespace conv_2d_options {
inline constexpr int kPadding = 0, kStrideW = 1, kStrideH = 2, kFusedActivation = 3;
}
namespace depthwise_conv_2d_options {
inline constexpr int kPadding = 0, kStrideW = 1, kStrideH = 2, kDepthMultiplier = 3, kFusedActivation = 4;
}
namespace pool_2d_options {
inline constexpr int kPadding = 0, kStrideW = 1, kStrideH = 2, kFilterWidth = 3, kFilterHeight = 4,
                     kFusedActivation = 5;
}
namespace fully_connected_options {
inline constexpr int kFusedActivation = 0;
}
namespace softmax_options {
inline constexpr int kBeta = 0;
}
namespace add_options {
inline constexpr int kFusedActivation = 0;
}

// ---- metadata_schema.fbs ----

inline constexpr char kMetadataName[] = "TFLITE_METADATA", kMetadataIdentifier[] = "M001";

namespace model_metadata {
inline constexpr int kName = 0, kDescription = 1, kSubgraphMetadata = 3, kAuthor = 4, kMinParserVersion = 7;
}
namespace sub_graph_metadata {
inline constexpr int kInputTensorMetadata = 2, kOutputTensorMetadata = 3;
}
namespace tensor_metadata {
inline constexpr int kName = 0, kDescription = 1, kContent = 3, kProcessUnits = 4, kStats = 5, kAssociatedFiles = 6;
}
namespace content {
inline constexpr int kContentPropertiesType = 0, kContentProperties = 1;
inline constexpr uint8_t kFeatureProperties = 1, kImageProperties = 2;
}  // namespace content
namespace image_properties {
inline constexpr int kColorSpace = 0;
inline constexpr int8_t kRgb = 1;
}  // namespace image_properties
namespace process_unit {
inline constexpr int kOptionsType = 0, kOptions = 1;
inline constexpr uint8_t kNormalizationOptions = 1;
}  // namespace process_unit
namespace normalization_options {
inline constexpr int kMean = 0, kStd = 1;
}
namespace stats {
inline constexpr int kMax = 0, kMin = 1;
}
namespace associated_file {
inline constexpr int kName = 0, kDescription = 1, kType = 2;
inline constexpr int8_t kTensorAxisLabels = 2;
}  // namespace associated_file

}  // namespace handful::exporters::tflite
