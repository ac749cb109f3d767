// Whoever hands a message on looks at its header only: how often its body is parsed on its way through the Worker's host and the client.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { FakeEngine, postedOf } from './fixtures/fake_engine.mjs';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { EngineHost } = await importTypeScript('web/engine/host.ts');
const { MemoryStore } = await importTypeScript('web/engine/store.ts');

const { parse } = JSON;
let parsed = [];  // the types of what was parsed
JSON.parse = (text) => {
  const value = parse(text);
  parsed.push(value.type);
  return value;
};
const clear = () => { parsed = []; };
afterEach(clear);
const soon = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

async function startHost(openStore) {
  const sent = [];
  let engine;
  const host = new EngineHost({
    load: async (onEvent) => engine = new FakeEngine(onEvent),
    send: (message) => sent.push(message),
    later: (task) => setImmediate(task),
    decode: async () => { throw new Error('no'); },
    toPng: async () => { throw new Error('no'); },
    convertModel: async (files) => ({ files, source: '', warning: '' }),
    openStore,
  });
  await host.start();
  await soon();
  clear();
  return { host, sent, engine };
}

test('the host parses neither files nor camera frames nor what is said about them', async () => {
  const { host, sent } = await startHost();
  for (let id = 1; id <= 20; ++id) host.post(postedOf({ type: 'Classify', id, name: `${id}.png` }), [new Blob(['x'])]);
  while (sent.length < 21) await soon(5);
  host.post(postedOf({ type: 'Classify', id: 21, width: 2, height: 2 }), [new ArrayBuffer(16)]);
  while (sent.length < 22) await soon(5);
  assert.deepEqual(parsed, []);
  const { type, id, body } = sent.at(-1).event;
  assert.deepEqual([type, id, parse(body).width], ['Prediction', 21, 2]);
});

test('the host parses once what is meant for the store', async () => {
  const locks = { acquire: async () => true, release() {} };
  const { engine, sent } = await startHost(async () => ({ store: new MemoryStore(''), locks }));
  engine.emit({ type: 'StoreWrite', ticket: 1, puts: [{ store: 'samples', key: 'a' }], removes: [], remove_prefixes: [], copy_from: '', copy_to: '' },
              [new Uint8Array(3)]);
  engine.emit({ type: 'StoreRead', ticket: 2, store: 'samples', keys: ['a'] });
  while (engine.taken.length < 3) await soon(5);  // UseStore, StoreDone, StoreData
  assert.deepEqual(parsed, ['StoreWrite', 'StoreRead']);
  assert.ok(sent.every(({ event }) => !event?.type.startsWith('Store')));
});

test('a frame that may overtake what waits is looked at once, for its shape', async () => {
  const { host, sent } = await startHost();
  for (let id = 1; id <= 5; ++id) host.post(postedOf({ type: 'Classify', id }), [new Blob(['x'])]);
  host.post(postedOf({ type: 'Classify', id: 6, width: 2, height: 2 }), [new ArrayBuffer(16)]);
  while (sent.length < 7) await soon(5);
  assert.deepEqual(parsed, ['Classify']);
});

// ---- the page's end ----

class FakeWorker {
  constructor() { FakeWorker.last = this; }
  posted = [];
  postMessage(message) { this.posted.push(message); }
  terminate() {}
  say(event) { this.onmessage({ data: { kind: 'event', event: postedOf(event), buffers: [] } }); }
}

async function startClient() {
  Object.assign(globalThis, { Worker: FakeWorker, location: new URL('file:///site/'), document: { baseURI: 'file:///site/' } });
  globalThis.fetch = () => new Promise(() => {});  // the engine never comes
  const { EngineClient } = await importTypeScript('web/engine/client.ts');
  const client = new EngineClient({ base: 'file:///site/', variant: 'simd', store: 'test' });
  const { last: worker } = FakeWorker;
  worker.posted.length = 0;
  clear();
  return { client, worker };
}

test('the client hands commands and events on unparsed, and parses an event once for all who listen', async () => {
  const { client, worker } = await startClient();
  const bodies = [];
  client.onAny(({ body }) => bodies.push(body));
  client.post(postedOf({ type: 'Classify', id: 1, name: 'a.png' }), []);
  worker.say({ type: 'Prediction', id: 1, top: [] });
  worker.say({ type: 'TrainProgress', id: 2, done: 3 });
  assert.deepEqual([parsed, bodies.length, worker.posted.length], [[], 2, 1]);
  const heard = [];
  client.on('Prediction', ({ id }) => heard.push(id));
  client.on('Prediction', ({ top }) => heard.push(top));
  client.onAny(({ message: { type } }) => heard.push(type));
  worker.say({ type: 'Prediction', id: 4, top: [] });
  assert.deepEqual([parsed, heard], [['Prediction'], ['Prediction', 4, []]]);
});

test('the client counts what is not finished: samples until they are kept, imports and trainings until they are answered', async () => {
  const { client, worker } = await startClient();
  const seen = (samples, imports, trainings) => assert.deepEqual(client.unfinished, { samples, imports, trainings });
  client.post({ type: 'AddSample', id: 1 });
  client.post({ type: 'AddSample', id: 2 });
  client.post({ type: 'ImportArchive', id: 3 });
  client.post({ type: 'Train', id: 4 });
  seen(2, 1, 1);
  worker.say({ type: 'SampleAdded', id: 1, sample: { id: 71, saved: false } });
  worker.say({ type: 'Failed', id: 2, command: 'AddSample' });
  worker.say({ type: 'Failed', id: 3, command: 'AddSample' });  // one picture of the archive
  seen(1, 1, 1);
  worker.say({ type: 'SamplesSaved', sample_ids: [71] });
  worker.say({ type: 'ImportDone', id: 3 });
  worker.say({ type: 'TrainDone', id: 4 });
  seen(0, 0, 0);
  client.post({ type: 'ImportArchive', id: 5 });
  client.post({ type: 'ResumeTraining', id: 6 });
  worker.say({ type: 'Failed', id: 5, command: 'ImportArchive' });
  worker.say({ type: 'Failed', id: 6, command: 'ResumeTraining' });
  worker.say({ type: 'StorageState', kind: 'memory' });
  worker.say({ type: 'SampleAdded', id: 7, sample: { id: 72, saved: false } });
  worker.say({ type: 'SamplesSaved', sample_ids: [72] });
  seen(1, 0, 0);
});
