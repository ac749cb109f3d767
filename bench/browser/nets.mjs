// The two networks that are measured, with seeded random weights, as a list of operations that every format is written
// from. Layouts are TensorFlow's: activations NHWC, convolutions HWIO, depthwise HWC, dense (in, out), padding SAME.

/** mulberry32: a small generator whose numbers are the same everywhere. */
export function randomOf(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) >>> 0;
    let t = seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * @typedef {object} Operation
 * @property {'conv'|'depthwise'|'add'|'maxpool'|'mean'|'flatten'|'dense'|'softmax'} op
 * @property {string} id      names its output
 * @property {string[]} inputs ids of what it reads; "x" is the network's input
 * @property {number[]} inputShape
 * @property {number[]} shape of the output
 * @property {string} [layer]  what Keras calls it
 * @property {'relu'|'relu6'} [activation]
 * @property {number} [kernel] side of the window
 * @property {number} [stride]
 * @property {Float32Array} [weights]
 * @property {Float32Array} [bias]
 */

class Network {
  /** @type {Operation[]} */
  operations = [];

  constructor(name, seed) {
    this.name = name;
    this.random = randomOf(seed);
    this.last = { id: 'x', shape: [1, 224, 224, 3] };
  }

  get inputShape() { return [1, 224, 224, 3]; }

  // Normally distributed, scaled so that activations neither vanish nor explode.
  numbers(count, deviation) {
    const gauss = () => Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    return Float32Array.from({ length: count }, () => gauss() * deviation);
  }

  append(operation, shape, inputs = [this.last]) {
    this.last = { id: `t${this.operations.length}`, inputs: inputs.map(({ id }) => id), inputShape: inputs[0].shape, shape,
                  ...operation };
    this.operations.push(this.last);
    return this.last;
  }

  window(op, kernel, stride, channels, rest) {
    const [n, h, w] = this.last.shape;
    return this.append({ op, kernel, stride, ...rest }, [n, Math.ceil(h / stride), Math.ceil(w / stride), channels]);
  }

  conv(layer, kernel, stride, channels, activation) {
    const fanIn = kernel * kernel * this.last.shape[3];
    return this.window('conv', kernel, stride, channels, {
      layer, activation, weights: this.numbers(fanIn * channels, Math.sqrt((activation ? 2 : 1) / fanIn)),
      bias: this.numbers(channels, 0.05) });
  }

  depthwise(layer, kernel, stride) {
    const channels = this.last.shape[3];
    return this.window('depthwise', kernel, stride, channels, {
      layer, activation: 'relu6', weights: this.numbers(kernel * kernel * channels, Math.sqrt(2 / (kernel * kernel))),
      bias: this.numbers(channels, 0.05) });
  }

  maxPool(kernel, stride) { return this.window('maxpool', kernel, stride, this.last.shape[3], {}); }

  dense(layer, units, activation) {
    const [n, fanIn] = this.last.shape;
    return this.append({ op: 'dense', layer, activation,
                         weights: this.numbers(fanIn * units, Math.sqrt((activation ? 2 : 1) / fanIn)),
                         bias: this.numbers(units, 0.05) }, [n, units]);
  }

  mean() { return this.append({ op: 'mean' }, [1, this.last.shape[3]]); }
  flatten() { return this.append({ op: 'flatten' }, [1, this.last.shape.reduce((a, b) => a * b)]); }
  softmax() { return this.append({ op: 'softmax' }, this.last.shape); }
}

/** MobileNetV2, alpha 0.35, without its top: 1280 features, 58.0 M multiply-adds. */
function mobileNetV2() {
  const alpha = 0.35;
  const channelsOf = (filters) => {
    const v = filters * alpha;
    const n = Math.max(8, Math.floor((v + 4) / 8) * 8);
    return n < 0.9 * v ? n + 8 : n;
  };
  const net = new Network('mobilenet', 12345);
  net.conv('Conv1', 3, 2, channelsOf(32), 'relu6');
  let block = 0;
  for (const [filters, strides] of [[16, [1]], [24, [2, 1]], [32, [2, 1, 1]], [64, [2, 1, 1, 1]], [96, [1, 1, 1]],
                                    [160, [2, 1, 1]], [320, [1]]]) {
    for (const stride of strides) {
      const input = net.last;
      const name = block === 0 ? 'expanded_conv' : `block_${block}`;
      if (block > 0) net.conv(`${name}_expand`, 1, 1, 6 * input.shape[3], 'relu6');
      net.depthwise(`${name}_depthwise`, 3, stride);
      const output = net.conv(`${name}_project`, 1, 1, channelsOf(filters));
      if (stride === 1 && input.shape[3] === output.shape[3]) net.append({ op: 'add' }, output.shape, [input, output]);
      ++block;
    }
  }
  net.conv('Conv_1', 1, 1, 1280, 'relu6');
  net.mean();
  return net;
}

/** The small CNN: three convolutions, three dense layers, four classes, 50.7 M multiply-adds. */
function smallCnn() {
  const net = new Network('cnn', 777);
  net.conv('conv1', 3, 1, 6, 'relu');
  net.maxPool(2, 2);
  net.conv('conv2', 4, 1, 16, 'relu');
  net.maxPool(4, 2);
  net.conv('conv3', 5, 1, 16, 'relu');
  net.maxPool(2, 2);
  net.flatten();
  net.dense('dense1', 256, 'relu');
  net.dense('dense2', 128, 'relu');
  net.dense('output', 4);
  net.softmax();
  return net;
}

export const kNetworks = { mobilenet: mobileNetV2, cnn: smallCnn };

/** How TensorFlow's SAME pads one side of a picture: [before, after]. */
export function samePadding(size, kernel, stride) {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [total >> 1, total - (total >> 1)];
}
