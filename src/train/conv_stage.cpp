#include "train/conv_stage.h"

#include <algorithm>

#include "train/simd.h"

namespace handful::train {
namespace {

using I4 = int32_t __attribute__((vector_size(16)));

size_t InFours(size_t n) { return (n + 3) / 4 * 4; }

// `pixels` neighbours of one row, all filters: out (pixels, 4·vectors) = relu(bias + Σ taps). The taps of kernel row ky
// begin at in + ky · in_row; a pixel's lie `step` floats after its neighbour's.
template <size_t pixels, size_t vectors>
void Pixels(const float* in, size_t in_row, size_t step, size_t kernel_rows, size_t run, const float* kernel,
            const float* bias, float* out) {
  F4 sum[pixels][vectors];
  for (size_t p = 0; p < pixels; ++p) {
    for (size_t v = 0; v < vectors; ++v) sum[p][v] = Load(bias + 4 * v);
  }
  for (size_t ky = 0; ky < kernel_rows; ++ky) {
    const float* row = in + ky * in_row;
    for (size_t t = 0; t < run; ++t, kernel += 4 * vectors) {
      F4 weights[vectors];
      for (size_t v = 0; v < vectors; ++v) weights[v] = Load(kernel + 4 * v);
      for (size_t p = 0; p < pixels; ++p) {
        const F4 x = Splat(row[p * step + t]);
        for (size_t v = 0; v < vectors; ++v) sum[p][v] = MultiplyAdd(x, weights[v], sum[p][v]);
      }
    }
  }
  for (size_t p = 0; p < pixels; ++p) {
    for (size_t v = 0; v < vectors; ++v) {
      const F4 s = sum[p][v];
      Store(out + (p * vectors + v) * 4, s > Splat(0.0F) ? s : Splat(0.0F));
    }
  }
}

template <size_t vectors>
void ConvolveRows(const ConvStageShape& s, const float* padded, const float* kernel, const float* bias, float* out,
                  size_t out_stride) {
  constexpr size_t kPixels = vectors <= 2 ? 6 : 3;  // 12 sums, and their operands, fit sixteen registers
  const size_t in_row = s.padded_width() * s.channels;
  for (size_t y = 0; y < s.height; ++y) {
    const float* in = padded + y * in_row;
    float* to = out + y * s.width * out_stride;
    size_t x = 0;
    if (out_stride == 4 * vectors) {
      for (; x + kPixels <= s.width; x += kPixels) {
        Pixels<kPixels, vectors>(in + x * s.channels, in_row, s.channels, s.kernel, s.run(), kernel, bias,
                                 to + x * out_stride);
      }
    }
    for (; x < s.width; ++x) {
      Pixels<1, vectors>(in + x * s.channels, in_row, s.channels, s.kernel, s.run(), kernel, bias, to + x * out_stride);
    }
  }
}

}  // namespace

ConvStage::ConvStage(const ConvStageShape& shape)
    : shape_(shape),
      wide_(InFours(shape.filters)),
      row_(InFours(shape.run())),
      forward_kernel_(shape.kernel * shape.run() * wide_),
      bias_(wide_),
      backward_kernel_(shape.filters * shape.kernel * row_),
      gradient_(backward_kernel_.size()),
      bias_gradient_(shape.filters),
      convolution_(shape.height * shape.width * wide_),
      d_padded_(shape.padded()) {}

void ConvStage::SetWeights(std::span<const float> kernel, std::span<const float> bias) {
  const size_t filters = shape_.filters, run = shape_.run();
  std::copy(bias.begin(), bias.end(), bias_.begin());
  for (size_t ky = 0; ky < shape_.kernel; ++ky) {
    for (size_t t = 0; t < run; ++t) {
      for (size_t o = 0; o < filters; ++o) {
        const float w = kernel[(ky * run + t) * filters + o];
        forward_kernel_[(ky * run + t) * wide_ + o] = w;
        backward_kernel_[(o * shape_.kernel + ky) * row_ + t] = w;
      }
    }
  }
}

void ConvStage::Forward(std::span<const float> in, ConvStageTrace& trace, std::span<float> out) {
  const ConvStageShape& s = shape_;
  const size_t before = (s.kernel - 1) / 2;
  trace.padded.assign(s.padded(), 0.0F);
  for (size_t y = 0; y < s.height; ++y) {
    std::copy_n(in.data() + y * s.width * s.channels, s.width * s.channels,
                trace.padded.data() + ((y + before) * s.padded_width() + before) * s.channels);
  }
  // Four registers of filters at a time, then what is left.
  size_t o = 0;
  std::vector<float> part;
  for (; o < wide_; o += 16) {
    const size_t vectors = std::min<size_t>(4, (wide_ - o) / 4);
    const float* kernel = forward_kernel_.data();
    if (wide_ > 16) {  // these filters' columns, side by side
      part.resize(s.kernel * s.run() * vectors * 4);
      for (size_t t = 0; t < s.kernel * s.run(); ++t)
        std::copy_n(kernel + t * wide_ + o, vectors * 4, part.data() + t * vectors * 4);
      kernel = part.data();
    }
    const float* padded = trace.padded.data();
    float* to = convolution_.data() + o;
    switch (vectors) {
      case 1: ConvolveRows<1>(s, padded, kernel, bias_.data() + o, to, wide_); break;
      case 2: ConvolveRows<2>(s, padded, kernel, bias_.data() + o, to, wide_); break;
      case 3: ConvolveRows<3>(s, padded, kernel, bias_.data() + o, to, wide_); break;
      default: ConvolveRows<4>(s, padded, kernel, bias_.data() + o, to, wide_); break;
    }
  }
  // Pooling: the first of the greatest, in the order of rows.
  const size_t out_h = s.out_height(), out_w = s.out_width();
  const auto border = [&](size_t outputs, size_t inputs) {
    const size_t needed = (outputs - 1) * s.stride + s.pool;
    return needed > inputs ? (needed - inputs) / 2 : 0;
  };
  const size_t top = border(out_h, s.height), left = border(out_w, s.width);
  trace.position.resize(s.outputs());
  for (size_t y = 0; y < out_h; ++y) {
    const size_t y0 = y * s.stride < top ? 0 : y * s.stride - top, y1 = std::min(s.height, y * s.stride + s.pool - top);
    for (size_t x = 0; x < out_w; ++x) {
      const size_t x0 = x * s.stride < left ? 0 : x * s.stride - left,
                   x1 = std::min(s.width, x * s.stride + s.pool - left);
      const size_t at = (y * out_w + x) * s.filters;
      for (size_t f = 0; f < wide_; f += 4) {
        const auto first = static_cast<int32_t>(y0 * s.width + x0);
        F4 best = Load(convolution_.data() + static_cast<size_t>(first) * wide_ + f);
        I4 where = {first, first, first, first};
        for (size_t yy = y0; yy < y1; ++yy) {
          for (size_t xx = x0; xx < x1; ++xx) {
            const auto index = static_cast<int32_t>(yy * s.width + xx);
            const F4 value = Load(convolution_.data() + static_cast<size_t>(index) * wide_ + f);
            const I4 greater = value > best;
            best = greater ? value : best;
            where = greater ? I4{index, index, index, index} : where;
          }
        }
        for (size_t i = 0; i < 4 && f + i < s.filters; ++i) {
          out[at + f + i] = best[i];
          trace.position[at + f + i] = where[i];
        }
      }
    }
  }
}

void ConvStage::Backward(const ConvStageTrace& trace, std::span<const float> out, std::span<float> d_out,
                         std::span<float> d_in) {
  const ConvStageShape& s = shape_;
  const size_t in_row = s.padded_width() * s.channels;
  if (!d_in.empty()) std::fill(d_padded_.begin(), d_padded_.end(), 0.0F);
  for (size_t i = 0; i < s.outputs(); ++i) {
    if (!(out[i] > 0)) d_out[i] = 0;
    const float gradient = d_out[i];
    if (gradient == 0) continue;
    const size_t o = i % s.filters;
    bias_gradient_[o] += gradient;
    const auto pixel = static_cast<size_t>(trace.position[i]);
    const size_t corner = pixel / s.width * in_row + pixel % s.width * s.channels;
    const F4 g = Splat(gradient);
    for (size_t ky = 0; ky < s.kernel; ++ky) {
      const size_t weights = (o * s.kernel + ky) * row_;
      const float* taps = trace.padded.data() + corner + ky * in_row;
      float* sums = gradient_.data() + weights;
      for (size_t t = 0; t < row_; t += 4) Store(sums + t, MultiplyAdd(g, Load(taps + t), Load(sums + t)));
      if (d_in.empty()) continue;
      const float* kernel = backward_kernel_.data() + weights;
      float* d_taps = d_padded_.data() + corner + ky * in_row;
      for (size_t t = 0; t < row_; t += 4) Store(d_taps + t, MultiplyAdd(g, Load(kernel + t), Load(d_taps + t)));
    }
  }
  if (d_in.empty()) return;
  const size_t before = (s.kernel - 1) / 2;
  for (size_t y = 0; y < s.height; ++y) {
    std::copy_n(d_padded_.data() + ((y + before) * s.padded_width() + before) * s.channels, s.width * s.channels,
                d_in.data() + y * s.width * s.channels);
  }
}

void ConvStage::TakeGradients(std::span<float> d_kernel, std::span<float> d_bias) {
  const size_t run = shape_.run();
  for (size_t ky = 0; ky < shape_.kernel; ++ky) {
    for (size_t t = 0; t < run; ++t) {
      for (size_t o = 0; o < shape_.filters; ++o)
        d_kernel[(ky * run + t) * shape_.filters + o] = gradient_[(o * shape_.kernel + ky) * row_ + t];
    }
  }
  std::copy(bias_gradient_.begin(), bias_gradient_.end(), d_bias.begin());
  std::fill(gradient_.begin(), gradient_.end(), 0.0F);
  std::fill(bias_gradient_.begin(), bias_gradient_.end(), 0.0F);
}

}  // namespace handful::train
