// Handful's engine trains on features that came before, as a page's samples do. On the page's own thread, where the peers run.
// opts: {variant, folder}
import { compileEngine, startEngine } from '../../../web/engine/load_engine.ts';
import { chooseVariant, detectWasmFeatures } from '../../../web/engine/variant.ts';

let engine;
const events = [];

function copyIn(bytes) {
  const pointer = engine._handful_alloc(bytes.byteLength);
  engine.HEAPU8.set(bytes, pointer);
  return pointer;
}

// Posts a command and works it off; the events it brought.
function ask(command, ...buffers) {
  events.length = 0;
  const json = new TextEncoder().encode(JSON.stringify(command));
  const text = copyIn(json);
  const pairs = Uint32Array.from(buffers.flatMap((buffer) => [copyIn(buffer), buffer.byteLength]));
  const table = copyIn(new Uint8Array(pairs.buffer));
  engine._handful_post(text, json.byteLength, table, buffers.length);
  engine._handful_free(table);
  engine._handful_free(text);
  while (engine._handful_step());
  const failed = events.find(({ type }) => type === 'Failed');
  if (failed) throw new Error(failed.message);
  return events;
}

export async function prepareHead(task, { samples, values, labels }, { models, opts }) {
  const { variant, error } = chooseVariant(detectWasmFeatures(), opts.variant);
  if (error) throw new Error(error);
  const folder = new URL(opts.folder, location.href);
  engine = await startEngine(folder, variant, compileEngine(folder, variant, () => {}), (json) => events.push(JSON.parse(json)));
  const backbone = await fetch(`${models}/mobilenet.safetensors`);  // the trained model names it
  ask({ type: 'LoadBackbone', name: 'mobilenet' }, new Uint8Array(await backbone.arrayBuffer()));
  for (let i = 0; i < samples; ++i) {
    const row = values.subarray(i * task.features, (i + 1) * task.features);
    ask({ type: 'AddFeatures', name: `${i}`, label: `class ${labels[i]}` }, new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  }
}

/** → accuracy on the validation part, after the last epoch. */
export async function trainHead({ training, validation, hidden, dropout, batch, epochs, learningRate }) {
  const told = ask({ type: 'Train', settings: {
    recipe: 'writeup', hidden, dropout, batch, epochs, learning_rate: learningRate, validation: validation / (training + validation) } });
  return told.find(({ type }) => type === 'TrainDone').val_accuracy;
}
