// Handful as another web page uses it: handful.js, the engine in its Worker. opts: {variant, folder}
let handful;
let network;
let lastForwardMs = 0;

export async function init({ net, models, opts }) {
  network = net;
  const { createHandful } = await import(new URL('handful.js', new URL(opts.folder, location.href)).href);
  handful = await createHandful({
    variant: opts.variant, backbone: net === 'cnn' ? null : `${models}/mobilenet.safetensors` });
  if (net === 'cnn') await handful.load(`${models}/cnn.safetensors`);
}

export async function infer(_values, { rgba }) {
  const picture = new ImageData(rgba, 224, 224);
  if (network === 'mobilenet') {
    const { features, forward_ms } = await handful.embed(picture);
    lastForwardMs = forward_ms;
    return features;
  }
  const { top, forward_ms } = await handful.classify(picture, { top: 4 });
  lastForwardMs = forward_ms;
  return Float32Array.from('abcd', (label) => top.find((entry) => entry.label === label).p);
}

export const forwardMs = () => lastForwardMs;

export async function classifyPhoto(file, { models }) {
  await handful.load(`${models}/head.safetensors`);
  const started = performance.now();
  const { decode_ms, forward_ms } = await handful.classify(file);
  return { ms: performance.now() - started, decode_ms, forward_ms };
}
