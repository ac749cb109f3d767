// MobileNetV2 α = 0.35 in float64, written from docs/NUMERICS.md and Keras' definition for tests alone: plain loops, no batch norm
// folded, nothing shared with the engine.
import { readFileSync } from 'node:fs';

// expansion, output channels, blocks, stride of the first
const kStages = [[1, 8, 1, 1], [6, 8, 2, 2], [6, 16, 3, 2], [6, 24, 4, 2], [6, 32, 3, 1], [6, 56, 3, 2], [6, 112, 1, 1]];
const kEpsilon = 1e-3;

function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * @param {string | Buffer} file a path or a content
 * @returns {Map<string, {shape: number[], values: Float64Array}>} the tensors of a safetensors file of F32 and F16
 */
export function readTensors(file) {
  const bytes = typeof file === 'string' ? readFileSync(file) : file;
  const begin = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...header } = JSON.parse(bytes.toString('utf8', 8, begin));
  return new Map(Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    const data = bytes.subarray(begin + from, begin + to);
    const wide = dtype === 'F32';
    const values = Float64Array.from({ length: data.length / (wide ? 4 : 2) }, (_, i) => wide ? data.readFloatLE(4 * i) : halfToNumber(data.readUInt16LE(2 * i)));
    return [name, { shape, values }];
  }));
}

// Maps are {side, channels, values} in HWC order.

function normalise({ side, channels, values }, tensors, name, relu6) {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) => tensors.get(`${name}/${part}`).values);
  const output = values.map((value, i) => {
    const c = i % channels;
    const y = (value - mean[c]) / Math.sqrt(variance[c] + kEpsilon) * gamma[c] + beta[c];
    return relu6 ? Math.min(6, Math.max(0, y)) : y;
  });
  return { side, channels, values: output };
}

/** TensorFlow's SAME: at stride 2 and even sizes the row and column of zeros stand below and right only. */
const padBefore = (kernel, stride) => kernel === 1 || stride === 2 ? 0 : 1;

function convolve({ side, channels, values }, { shape: [kernel, , , outputs], values: weights }, stride) {
  const out = side / stride, pad = padBefore(kernel, stride), result = new Float64Array(out * out * outputs);
  for (let y = 0; y < out; ++y) for (let x = 0; x < out; ++x) for (let ky = 0; ky < kernel; ++ky) for (let kx = 0; kx < kernel; ++kx) {
    const sy = y * stride + ky - pad, sx = x * stride + kx - pad;
    if (sy < 0 || sx < 0 || sy >= side || sx >= side) continue;
    for (let c = 0; c < channels; ++c) {
      const value = values[(sy * side + sx) * channels + c], row = ((ky * kernel + kx) * channels + c) * outputs;
      for (let o = 0; o < outputs; ++o) result[(y * out + x) * outputs + o] += value * weights[row + o];
    }
  }
  return { side: out, channels: outputs, values: result };
}

function depthwise({ side, channels, values }, { values: weights }, stride) {
  const out = side / stride, pad = padBefore(3, stride), result = new Float64Array(out * out * channels);
  for (let y = 0; y < out; ++y) for (let x = 0; x < out; ++x) for (let ky = 0; ky < 3; ++ky) for (let kx = 0; kx < 3; ++kx) {
    const sy = y * stride + ky - pad, sx = x * stride + kx - pad;
    if (sy < 0 || sx < 0 || sy >= side || sx >= side) continue;
    for (let c = 0; c < channels; ++c) result[(y * out + x) * channels + c] += values[(sy * side + sx) * channels + c] * weights[(ky * 3 + kx) * channels + c];
  }
  return { side: out, channels, values: result };
}

/**
 * @param {ReturnType<typeof readTensors>} tensors of a backbone, by Keras' names
 * @param {Uint8Array} rgb 224 × 224 × 3
 * @returns {Float64Array} 1280 features
 */
export function referenceFeatures(tensors, rgb) {
  let x = { side: 224, channels: 3, values: Float64Array.from(rgb, (value) => value / 127.5 - 1) };
  x = normalise(convolve(x, tensors.get('Conv1/kernel'), 2), tensors, 'bn_Conv1', true);
  let number = 0;
  for (const [expansion, outputs, blocks, firstStride] of kStages) {
    for (let i = 0; i < blocks; ++i, ++number) {
      const stride = i === 0 ? firstStride : 1, name = number === 0 ? 'expanded_conv' : `block_${number}`;
      let y = x;
      if (expansion > 1) y = normalise(convolve(y, tensors.get(`${name}_expand/kernel`), 1), tensors, `${name}_expand_BN`, true);
      y = normalise(depthwise(y, tensors.get(`${name}_depthwise/depthwise_kernel`), stride), tensors, `${name}_depthwise_BN`, true);
      y = normalise(convolve(y, tensors.get(`${name}_project/kernel`), 1), tensors, `${name}_project_BN`, false);
      if (stride === 1 && x.channels === outputs) y.values.forEach((_, j) => { y.values[j] += x.values[j]; });
      x = y;
    }
  }
  x = normalise(convolve(x, tensors.get('Conv_1/kernel'), 1), tensors, 'Conv_1_bn', true);
  const features = new Float64Array(x.channels);
  x.values.forEach((value, i) => { features[i % x.channels] += value / (x.side * x.side); });
  return features;
}
