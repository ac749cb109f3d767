// Handful's engine trains: a head on features that came before, as a page's samples do, or a CNN on pictures of the store. On the page's
// own thread, where the peers run.
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

function post(command, buffers) {
  const json = new TextEncoder().encode(JSON.stringify(command));
  const text = copyIn(json);
  const pairs = Uint32Array.from(buffers.flatMap((buffer) => [copyIn(buffer), buffer.byteLength]));
  const table = copyIn(new Uint8Array(pairs.buffer));
  engine._handful_post(text, json.byteLength, table, buffers.length);
  engine._handful_free(table);
  engine._handful_free(text);
}

// A store that lasts as long as the page.
const stores = new Map();
const answers = [];  // to post
function answer({ type, ticket, ...asked }, buffers) {
  const of = (name) => stores.get(name) ?? stores.set(name, new Map()).get(name);
  const found = (keys) => answers.push([{ type: 'StoreData', ticket, keys }, keys.map((key) => of(asked.store).get(key))]);
  if (type === 'StoreWrite') {
    asked.puts.forEach(({ store, key }, at) => of(store).set(key, buffers[at].slice()));
    for (const { store, key } of asked.removes) of(store).delete(key);
  }
  if (type === 'StoreWrite' || type === 'StoreLock') answers.push([{ type: 'StoreDone', ticket }, []]);
  if (type === 'StoreRead') found(asked.keys.filter((key) => of(asked.store).has(key)));
  if (type === 'StoreList') found([]);  // there is nothing yet when it is asked
}

// Milliseconds spent on what the store answered: reading and decoding pictures.
let readingMs = 0;

// Posts a command and works it off; the events it brought.
function ask(command, ...buffers) {
  events.length = 0;
  post(command, buffers);
  for (;;) {
    while (engine._handful_step());
    if (answers.length === 0) break;
    const started = performance.now();
    for (const [message, values] of answers.splice(0)) {
      post(message, values);
      engine._handful_step();
    }
    readingMs += performance.now() - started;
  }
  const failed = events.find(({ type }) => type === 'Failed');
  if (failed) throw new Error(failed.message);
  return events;
}

async function start(opts) {
  const { variant, error } = chooseVariant(detectWasmFeatures(), opts.variant);
  if (error) throw new Error(error);
  const folder = new URL(opts.folder, location.href);
  engine = await startEngine(folder, variant, compileEngine(folder, variant, () => {}), (json, buffers) => {
    const event = JSON.parse(json);
    events.push(event);
    answer(event, buffers);
  });
}

export async function prepareHead(task, { samples, values, labels }, { models, opts }) {
  await start(opts);
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

const cnnCommand = ({ side, dense, batch, learningRate }, epochs) => ({ type: 'Train', settings: {
  network: 'cnn', recipe: 'writeup', size: side, dense: dense.join(','), batch, epochs, learning_rate: learningRate, validation: 0 } });

export async function prepareCnn(task, { rgba, labels }, { opts }) {
  await start(opts);
  ask({ type: 'UseStore' });
  ask({ type: 'OpenProject' });
  rgba.forEach((picture, at) => ask({ type: 'AddSample', name: `${at}`, label: `${labels[at]}`, width: task.side, height: task.side }, picture));
  ask(cnnCommand(task, 1));  // to warm up
}

/** The milliseconds of all steps from the Train command on, of it reading and decoding the pictures, and the last epoch's loss. */
export async function trainCnn(task) {
  readingMs = 0;
  const started = performance.now();
  const told = ask(cnnCommand(task, task.epochs));
  return { ms: performance.now() - started, steps: task.epochs * task.pictures / task.batch, readingMs,
           loss: told.filter(({ type }) => type === 'EpochDone').at(-1).loss };
}
