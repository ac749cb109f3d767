// What runs in the page: one contestant, timed. run.mjs calls window.bench.* one after the other.
//
// A contestant (contestants/*.mjs) is an ES module with
//   inputLayout                     optional: 'NCHW'; otherwise NHWC
//   init({net, models, opts})       net: 'mobilenet' | 'cnn'; models: folder of the model files
//   infer(values, {rgba})           224×224×3 float32 in [-1, 1], and the same picture as RGBA8 → its numbers
//   forwardMs()                     optional: what the last infer spent in the network itself
//   prepareHead(task, data, {models, opts}), trainHead(task)   optional: head training (head_task.mjs) → validation accuracy
//   prepareCnn(task, data, {models, opts}), trainCnn(task)     optional: training from scratch (cnn_task.mjs) → {ms, steps, loss, …}
//   classifyPhoto(file, {models})   optional: a picture file → {ms, decode_ms, forward_ms}
import { cnnData, kCnnTask } from './cnn_task.mjs';
import { headData, kHeadTask } from './head_task.mjs';
import { randomOf } from './nets.mjs';

const kSide = 224;
let contestant;
let input;
let models;

// Waves and noise, 8-bit RGBA.
function picture(width, height, seed) {
  const random = randomOf(seed);
  const phase = Array.from({ length: 6 }, () => random() * 2 * Math.PI);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      for (let c = 0; c < 3; ++c) {
        rgba[at++] = 127 + 70 * Math.sin(x / (9 + 7 * c) + phase[c]) + 50 * Math.cos(y / (11 + 5 * c) + phase[3 + c]) +
          20 * (random() - 0.5);
      }
      rgba[at++] = 255;
    }
  }
  return rgba;
}

function toFloats(rgba, layout) {
  const values = new Float32Array(kSide * kSide * 3);
  for (let p = 0; p < kSide * kSide; ++p) {
    for (let c = 0; c < 3; ++c) {
      values[layout === 'NCHW' ? c * kSide * kSide + p : p * 3 + c] = rgba[p * 4 + c] / 127.5 - 1;
    }
  }
  return values;
}

const infer = () => contestant.infer(input.values, { rgba: input.rgba });

const bench = {
  /** From nothing to the first answer: script, engine, model, one inference. */
  async load({ script, net, opts }) {
    const rgba = picture(kSide, kSide, 1);
    models = new URL('/models', location.href).href;
    const started = performance.now();
    contestant = await import(script);
    await contestant.init({ net, models, opts });
    const loaded = performance.now();
    const values = toFloats(rgba, contestant.inputLayout);
    input = { values, rgba };
    const answer = await infer();
    return { loadMs: loaded - started, loadAndFirstMs: performance.now() - started, answer: Array.from(answer) };
  },

  async warmUp({ seconds }) {
    for (const end = performance.now() + seconds * 1000; performance.now() < end;) await infer();
  },

  /** The milliseconds of each inference, for as long as said. */
  async measure({ seconds }) {
    const ms = [];
    const forwardMs = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end || ms.length < 5;) {
      const started = performance.now();
      await infer();
      ms.push(performance.now() - started);
      if (contestant.forwardMs) forwardMs.push(contestant.forwardMs());
    }
    return { ms, forwardMs };
  },

  /** The milliseconds of one head training, its data ready, and what it came to. */
  async trainHead({ script, opts }) {
    contestant = await import(script);
    await contestant.prepareHead(kHeadTask, headData(kHeadTask), { models: new URL('/models', location.href).href, opts });
    const started = performance.now();
    const accuracy = await contestant.trainHead(kHeadTask);
    return { ms: performance.now() - started, accuracy };
  },

  /** The milliseconds of a few steps of a training from scratch, its pictures ready. */
  async trainCnn({ script, opts }) {
    contestant = await import(script);
    await contestant.prepareCnn(kCnnTask, cnnData(kCnnTask), { models: new URL('/models', location.href).href, opts });
    return contestant.trainCnn(kCnnTask);
  },

  /** A 12-megapixel JPEG file, from the drop to the answer. */
  async photo({ times }) {
    const [width, height] = [4000, 3000];
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d').putImageData(new ImageData(picture(width, height, 2), width, height), 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const runs = [];
    for (let i = 0; i <= times; ++i) {
      runs.push(await contestant.classifyPhoto(new File([blob], 'photo.jpg'), { models }));
    }
    return { bytes: blob.size, runs: runs.slice(1) };
  },
};

/** Calls one of the above; an error comes back as its text. */
window.runBench = async (name, argument) => {
  try {
    return { result: await bench[name](argument) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
};
