#include "nn/tensor_file.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace handful::nn {
namespace {

TensorFile Sample() {
  TensorFile file;
  file.tensors = {
      {"b", {2, 3}, {1, 2, 3, 4, 5, 6.5F}}, {"a", {1}, {-0.125F}}, {"scalar", {}, {7}}, {"none", {0, 4}, {}}};
  file.metadata = {{"title", "Zähl \"Finger\""}};
  return file;
}

// A safetensors file with this header and `data_bytes` zeros.
std::vector<uint8_t> WithHeader(const std::string& header, size_t data_bytes) {
  std::vector<uint8_t> bytes(8 + header.size() + data_bytes);
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string ErrorOf(const std::vector<uint8_t>& bytes) { return ReadSafetensors(bytes).status().message(); }

TEST(Safetensors, Float32SurvivesExactlyAndInOrder) {
  const TensorFile file = Sample();
  const Result<TensorFile> back = ReadSafetensors(WriteSafetensors(file));
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(back->metadata, file.metadata);
  ASSERT_EQ(back->tensors.size(), file.tensors.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    EXPECT_EQ(back->tensors[i].name, file.tensors[i].name);
    EXPECT_EQ(back->tensors[i].shape, file.tensors[i].shape);
    EXPECT_EQ(back->tensors[i].values, file.tensors[i].values);
  }
}

TEST(Safetensors, Float16RoundsToNearestEven) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  //                     exact  tie down      tie up           largest  overflow   subnormal  below half of the smallest
  const std::vector<float> in = {0.5F, 1 + 0x1p-11F, 1 + 3 * 0x1p-11F, 65504, 65520, 3 * 0x1p-24F, 0x1p-26F, -2.0F};
  const std::vector<float> out = {0.5F, 1, 1 + 0x1p-9F, 65504, kInfinity, 3 * 0x1p-24F, 0, -2.0F};
  const Result<TensorFile> back = ReadSafetensors(WriteSafetensors({{{"x", {8}, in}}, {}}, StorageType::kFloat16));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->tensors[0].values, out);
}

TEST(Safetensors, ErrorsSayWhatIsWrongAndWhere) {
  EXPECT_EQ(ErrorOf({}), "the file is empty");
  EXPECT_EQ(ErrorOf({1, 2, 3}), "3 bytes are too few for a safetensors file");
  EXPECT_EQ(ErrorOf(std::vector<uint8_t>(100, 'x')),
            "not a safetensors file: it does not begin with a header length and \"{\"");
  EXPECT_EQ(ErrorOf(WithHeader("{\"a\":", 0)), "the header of 5 bytes is not a JSON object");
  EXPECT_EQ(ErrorOf(WithHeader(R"({"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", 8)),
            "tensor \"a\": dtype \"I64\" is not one of F32, F16, BF16");
  EXPECT_EQ(ErrorOf(WithHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4)),
            "tensor \"a\": shape [2] of F32 needs 8 bytes, but 4 are given");
  EXPECT_EQ(ErrorOf(WithHeader(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", 10)),
            "tensor \"a\" ends at byte 16 of the data, but the file holds only 10: it is cut short");
  EXPECT_EQ(ErrorOf(WithHeader(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4)),
            "tensor \"a\": a size in \"shape\" is not a whole number");
  EXPECT_NE(ErrorOf(WithHeader(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0))
                .find("too large"),
            std::string::npos);
}

TEST(Safetensors, EveryTruncationIsAnError) {
  const std::vector<uint8_t> whole = WriteSafetensors(Sample());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadSafetensors(std::span(whole).first(size)).ok()) << size;
  }
}

// What is read has as many values as its shape says and survives being written; else a sentence says what is wrong.
TEST(Safetensors, FlippedBytesGiveSoundTensorsOrASentence) {
  const std::vector<uint8_t> whole = WriteSafetensors(Sample());
  Rng rng(1);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::vector<uint8_t> damaged = whole;
    for (int flips = 0; flips < 3; ++flips)
      damaged[rng.Below(static_cast<uint32_t>(damaged.size()))] = static_cast<uint8_t>(rng.Next());
    const Result<TensorFile> read = ReadSafetensors(damaged);
    if (!read.ok()) {
      EXPECT_GT(read.status().message().size(), 10U) << i;
      ++refused;
      continue;
    }
    for (const NamedTensor& tensor : read->tensors) {
      int64_t count = 1;
      for (const int64_t size : tensor.shape) count *= size;
      EXPECT_EQ(static_cast<int64_t>(tensor.values.size()), count) << i << ": " << tensor.name;
    }
    const Result<TensorFile> again = ReadSafetensors(WriteSafetensors(*read));
    ASSERT_TRUE(again.ok()) << i << ": " << again.status().message();
    EXPECT_EQ(again->tensors.size(), read->tensors.size()) << i;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 3000);
}

TEST(TensorFile, GetChecksNameShapeAndNumbers) {
  TensorFile file = Sample();
  file.tensors.push_back({"nan", {2}, {1, std::nanf("")}});
  const int64_t two_three[] = {2, 3};
  const int64_t two[] = {2};
  EXPECT_TRUE(file.Get("b", two_three).ok());
  EXPECT_EQ(file.Get("c", two).status().message(), "tensor \"c\" is missing");
  EXPECT_EQ(file.Get("b", two).status().message(), "tensor \"b\" has shape [2, 3], expected [2]");
  EXPECT_EQ(file.Get("nan", two).status().message(), "tensor \"nan\" holds nan at position 1");
}

}  // namespace
}  // namespace handful::nn
