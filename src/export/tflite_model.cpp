#include "export/tflite_model.h"

#include <algorithm>
#include <utility>

#include "export/flat_table.h"

namespace handful::exporters::tflite {
namespace {

using flatbuffers::FlatBufferBuilder;

constexpr size_t kBufferAlignment = 16;  // of Buffer.data

FlatOffset WriteBuffer(FlatBufferBuilder& builder, const std::vector<uint8_t>& data) {
  if (data.empty()) return FlatTable(builder).End();
  builder.ForceVectorAlignment(data.size(), 1, kBufferAlignment);
  const FlatOffset bytes = FlatVector(builder, data);
  return FlatTable(builder).Refer(buffer::kData, bytes).End();
}

FlatOffset WriteTensor(FlatBufferBuilder& builder, const Tensor& tensor, uint32_t buffer) {
  FlatOffset quantization;
  if (!tensor.quantization.scale.empty()) {
    const FlatOffset scale = FlatVector(builder, tensor.quantization.scale);
    const FlatOffset zero_point = FlatVector(builder, tensor.quantization.zero_point);
    quantization = FlatTable(builder)
                       .Refer(quantization_parameters::kScale, scale)
                       .Refer(quantization_parameters::kZeroPoint, zero_point)
                       .Add<int32_t>(quantization_parameters::kQuantizedDimension, tensor.quantization.dimension)
                       .End();
  }
  const FlatOffset shape = FlatVector(builder, tensor.shape), name = FlatString(builder, tensor.name);
  return FlatTable(builder)
      .Refer(tensor::kShape, shape)
      .Add<int8_t>(tensor::kType, static_cast<int8_t>(tensor.type))
      .Add<uint32_t>(tensor::kBuffer, buffer)
      .Refer(tensor::kName, name)
      .Refer(tensor::kQuantization, quantization)
      .End();
}

FlatOffset WriteOptions(FlatBufferBuilder& builder, const Operator& op) {
  FlatTable table(builder);
  for (const Option& option : op.options) {
    switch (option.type) {
      case Option::Type::kByte: table.Add<int8_t>(option.field, static_cast<int8_t>(option.value)); break;
      case Option::Type::kInt: table.Add<int32_t>(option.field, static_cast<int32_t>(option.value)); break;
      case Option::Type::kFloat: table.Add<float>(option.field, option.value); break;
    }
  }
  return table.End();
}

FlatOffset WriteOperator(FlatBufferBuilder& builder, const Operator& op, uint32_t opcode) {
  FlatOffset options;
  if (op.options_type != BuiltinOptions::kNone) options = WriteOptions(builder, op);
  const FlatOffset inputs = FlatVector(builder, op.inputs), outputs = FlatVector(builder, op.outputs);
  return FlatTable(builder)
      .Add<uint32_t>(operator_table::kOpcodeIndex, opcode)
      .Refer(operator_table::kInputs, inputs)
      .Refer(operator_table::kOutputs, outputs)
      .Add<uint8_t>(operator_table::kBuiltinOptionsType, static_cast<uint8_t>(op.options_type))
      .Refer(operator_table::kBuiltinOptions, options)
      .End();
}

FlatOffset WriteOperatorCode(FlatBufferBuilder& builder, BuiltinOperator code, int version) {
  const auto number = static_cast<int32_t>(code);
  return FlatTable(builder)
      .Add<int8_t>(operator_code::kDeprecatedBuiltinCode, static_cast<int8_t>(std::min(number, 127)))
      .Add<int32_t>(operator_code::kVersion, version)
      .Add<int32_t>(operator_code::kBuiltinCode, number)
      .End();
}

}  // namespace

std::vector<uint8_t> Serialize(const Model& model) {
  FlatBufferBuilder builder(size_t{1} << 20U);
  std::vector<FlatOffset> buffers = {WriteBuffer(builder, {})};  // the first one is empty, for all that is computed
  std::vector<FlatOffset> tensors, operators, codes, metadata;
  for (const Tensor& tensor : model.tensors) {
    const auto buffer = tensor.data.empty() ? 0U : static_cast<uint32_t>(buffers.size());
    if (buffer > 0) buffers.push_back(WriteBuffer(builder, tensor.data));
    tensors.push_back(WriteTensor(builder, tensor, buffer));
  }
  std::vector<std::pair<BuiltinOperator, int>> known;
  for (const Operator& op : model.operators) {
    const std::pair<BuiltinOperator, int> code = {op.code, op.version};
    const auto at = static_cast<size_t>(std::ranges::find(known, code) - known.begin());
    if (at == known.size()) {
      known.push_back(code);
      codes.push_back(WriteOperatorCode(builder, op.code, op.version));
    }
    operators.push_back(WriteOperator(builder, op, static_cast<uint32_t>(at)));
  }
  for (const auto& [name, data] : model.metadata) {
    const auto buffer = static_cast<uint32_t>(buffers.size());
    buffers.push_back(WriteBuffer(builder, data));
    const FlatOffset text = FlatString(builder, name);
    metadata.push_back(FlatTable(builder).Refer(metadata::kName, text).Add(metadata::kBuffer, buffer).End());
  }

  const FlatOffset tensor_list = FlatList(builder, tensors), operator_list = FlatList(builder, operators);
  const FlatOffset inputs = FlatVector(builder, std::vector<int32_t>{model.input});
  const FlatOffset outputs = FlatVector(builder, std::vector<int32_t>{model.output});
  const FlatOffset name = FlatString(builder, "main");
  const FlatOffset subgraph = FlatTable(builder)
                                  .Refer(sub_graph::kTensors, tensor_list)
                                  .Refer(sub_graph::kInputs, inputs)
                                  .Refer(sub_graph::kOutputs, outputs)
                                  .Refer(sub_graph::kOperators, operator_list)
                                  .Refer(sub_graph::kName, name)
                                  .End();
  const FlatOffset code_list = FlatList(builder, codes), subgraphs = FlatList(builder, {subgraph});
  const FlatOffset description = FlatString(builder, model.description), buffer_list = FlatList(builder, buffers);
  const FlatOffset metadata_list = FlatList(builder, metadata);
  builder.Finish(FlatTable(builder)
                     .Add<uint32_t>(model::kVersion, kSchemaVersion)
                     .Refer(model::kOperatorCodes, code_list)
                     .Refer(model::kSubgraphs, subgraphs)
                     .Refer(model::kDescription, description)
                     .Refer(model::kBuffers, buffer_list)
                     .Refer(model::kMetadata, metadata_list)
                     .End(),
                 kFileIdentifier);
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

}  // namespace handful::exporters::tflite
