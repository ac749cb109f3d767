// The training from scratch that is measured: the small CNN on whole pictures, steps of forward, backward and Adam.
import { randomOf } from './nets.mjs';

export const kCnnTask = { side: 224, classes: 4, dense: [256, 128], batch: 32, pictures: 96, epochs: 2, learningRate: 0.001 };
/** A convolution with ReLU and its max pooling, stride 2: all "same". */
export const kCnnStages = [{ kernel: 3, filters: 6, pool: 2 }, { kernel: 4, filters: 16, pool: 4 }, { kernel: 5, filters: 16, pool: 2 }];

/** rgba: noise, with one quarter bright, of each picture; labels: which. */
export function cnnData({ side, classes, pictures }) {
  const random = randomOf(9);
  const labels = Int32Array.from({ length: pictures }, (_, at) => at % classes);
  const rgba = Array.from(labels, (label) => {
    const picture = new Uint8ClampedArray(side * side * 4);
    for (let at = 0; at < picture.length; ++at) {
      const [x, y] = [(at >> 2) % side, Math.floor(at / 4 / side)];
      const bright = 2 * (2 * y >= side) + (2 * x >= side) === label;
      picture[at] = at % 4 === 3 ? 255 : random() * 100 + (bright ? 120 : 30);
    }
    return picture;
  });
  return { rgba, labels };
}

/** Pictures' values in [0, 1], one picture after the other. */
export function cnnValues({ side }, rgba, layout) {
  const pixels = side * side;
  const values = new Float32Array(rgba.length * pixels * 3);
  rgba.forEach((picture, b) => {
    for (let p = 0; p < pixels; ++p) {
      for (let c = 0; c < 3; ++c) values[b * pixels * 3 + (layout === 'NCHW' ? c * pixels + p : p * 3 + c)] = picture[p * 4 + c] / 255;
    }
  });
  return values;
}
