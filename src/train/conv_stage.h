// A convolution with ReLU and the max pooling after it, forward and backward side by side: one stage of the CNN.
//
// Forward is a matrix product without im2col: in an input padded with zeros the taps (kx, i) of one kernel row are K·I
// neighbouring floats, so that 3 pixels × 16 filters stay in registers. Backward uses what pooling does to the
// gradient: of a 2 × 2 window one pixel gets it, of 16 pixels under overlapping 4 × 4 windows four do at most, and none
// where ReLU gave 0. So both gradients are sums of kernel-sized patches, one for each number after the pooling: a
// quarter of the work of dense ones, or less.
//
// Shapes are of one picture, row-major HWC: input (H,W,I), kernel (K,K,I,O) as Keras has it, bias (O), convolution
// (H,W,O), output (H',W',O) with H' = ⌈H/stride⌉. Both "same" in TensorFlow's sense: of an odd padding the greater part
// stands after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace handful::train {

struct ConvStageShape {
  size_t height = 0, width = 0, channels = 0;  // H, W, I
  size_t kernel = 0, filters = 0;              // K, O
  size_t pool = 0, stride = 0;

  size_t out_height() const { return (height + stride - 1) / stride; }
  size_t out_width() const { return (width + stride - 1) / stride; }
  size_t outputs() const { return out_height() * out_width() * filters; }
  size_t inputs() const { return height * width * channels; }
  size_t weights() const { return kernel * kernel * channels * filters; }
  size_t run() const { return kernel * channels; }  // taps of one kernel row
  size_t padded_width() const { return width + kernel - 1; }
  // Floats of a padded input, and of what is read beyond it.
  size_t padded() const { return (height + kernel - 1) * padded_width() * channels + 4; }
};

// What backward needs of a picture's forward pass.
struct ConvStageTrace {
  std::vector<float> padded;      // the input with its border of zeros
  std::vector<int32_t> position;  // (H',W',O): the pixel of the convolution that the pooling took, y · W + x
};

class ConvStage {
 public:
  explicit ConvStage(const ConvStageShape& shape);
  const ConvStageShape& shape() const { return shape_; }

  // The weights of the passes that follow.
  void SetWeights(std::span<const float> kernel, std::span<const float> bias);

  // out = pool(relu(in ∗ kernel + bias)).
  void Forward(std::span<const float> in, ConvStageTrace& trace, std::span<float> out);

  // d_out (H',W',O) is used up: where out is 0 it becomes 0. Adds to this stage's gradients; d_in (H,W,I) is written
  // where asked for (not empty).
  void Backward(const ConvStageTrace& trace, std::span<const float> out, std::span<float> d_out, std::span<float> d_in);

  // The gradients added up since the last call, in the shapes of the weights; they begin anew.
  void TakeGradients(std::span<float> d_kernel, std::span<float> d_bias);

 private:
  ConvStageShape shape_;
  size_t wide_;                         // filters, rounded up to whole registers
  size_t row_;                          // run, likewise
  std::vector<float> forward_kernel_;   // (K, run, wide)
  std::vector<float> bias_;             // (wide)
  std::vector<float> backward_kernel_;  // (O, K, row)
  std::vector<float> gradient_;         // (O, K, row)
  std::vector<float> bias_gradient_;    // (O)
  std::vector<float> convolution_;      // (H, W, wide)
  std::vector<float> d_padded_;
};

}  // namespace handful::train
