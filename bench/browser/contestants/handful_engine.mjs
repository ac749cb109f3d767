// Handful's engine on the page's own thread, where the peers run: pixels and a command in, an event out.
// opts: {variant, folder}
import { EngineHost } from '../../../web/engine/host.ts';
import { compileEngine, startEngine } from '../../../web/engine/load_engine.ts';
import { chooseVariant, detectWasmFeatures } from '../../../web/engine/variant.ts';
import { commandFor, loadCommand } from './shared/handful.mjs';

let host;
let network;
let answer;  // {resolve, reject} of the command under way
let lastForwardMs = 0;

const ask = (command, sources) => new Promise((resolve, reject) => {
  answer = { resolve, reject };
  host.post(JSON.stringify(command), sources);
});

function receive({ kind, json, buffers, message }) {
  if (kind === 'crashed') return answer.reject(new Error(message));
  const event = JSON.parse(json);
  if (event.type === 'Failed') answer.reject(new Error(event.message));
  else if (event.type !== 'Ready') answer.resolve({ event, buffers });
}

export async function init({ net, models, opts }) {
  network = net;
  const { variant, error } = chooseVariant(detectWasmFeatures(), opts.variant);
  if (error) throw new Error(error);
  const folder = new URL(opts.folder, location.href);
  host = new EngineHost({
    load: (onEvent) => startEngine(folder, variant, compileEngine(folder, variant, () => {}), onEvent),
    send: (message) => message.kind !== 'progress' && receive(message),
    later: (task) => queueMicrotask(task),
    decode: () => Promise.reject(new Error('not measured here')),
    convertModel: async (files) => files,
  });
  const loaded = ask(loadCommand(net), [{ url: `${models}/${net}.safetensors` }]);
  await host.start();
  await loaded;
}

export async function infer(_values, { rgba }) {
  const { event, buffers } = await ask(commandFor(network), [rgba.slice().buffer]);
  lastForwardMs = event.forward_ms;
  if (network === 'mobilenet') return new Float32Array(buffers[0]);
  return Float32Array.from('abcd', (label) => event.top.find((entry) => entry.label === label).p);
}

export const forwardMs = () => lastForwardMs;
