import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FakeEngine, postedOf } from './fixtures/fake_engine.mjs';
import { faultsOf } from './lib/store_cases.mjs';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { EngineHost } = await importTypeScript('web/engine/host.ts');
const { MemoryStore } = await importTypeScript('web/engine/store.ts');

const bytesOf = (text) => new TextEncoder().encode(text).buffer;
const textOf = (buffer) => new TextDecoder().decode(buffer);
const batch = (changes) => ({ puts: [], removes: [], removePrefixes: [], copyFrom: '', copyTo: '', ...changes });
const put = (store, key, text) => ({ store, key, value: bytesOf(text) });

test('the store in memory does what every store does', async () => {
  assert.deepEqual(await faultsOf(new MemoryStore(''), JSON.parse(readFileSync(new URL('../fixtures/store_cases.json', import.meta.url)))), []);
});

test('a batch that names a store that is not there changes nothing', async () => {
  const store = new MemoryStore('');
  await assert.rejects(store.write(batch({ puts: [put('samples', 'a', ''), put('nothing', 'a', '')] })), /There is no store "nothing"/);
  assert.deepEqual((await store.list('samples', '', '', 9, false)).keys, []);
});

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

// An engine that says these events when it is told `Undo`.
async function hostWith(store, asked, locks = { acquire: async () => true, release() {} }) {
  const wanted = asked.filter(([{ ticket }]) => ticket).length;
  const sent = [];
  let engine;
  let events;
  const host = new EngineHost({
    load: async (onEvent) => {
      engine = new FakeEngine(onEvent);
      const answer = engine.answer.bind(engine);
      engine.received = [];
      engine.answer = (command, buffers) => {
        engine.received.push({ command, buffers });
        if (command.type === 'Undo') for (const [event, values = []] of asked) engine.emit(event, values.map((text) => new Uint8Array(bytesOf(text))));
        answer(command, buffers);
      };
      return engine;
    },
    send: (message) => sent.push(message),
    later: (task) => setImmediate(task),
    decode: async () => { throw new Error('no'); },
    toPng: async () => { throw new Error('no'); },
    convertModel: async (files) => ({ files, source: '', warning: '' }),
    openStore: store && (async (given) => {
      events = given;
      return { store, locks };
    }),
  });
  await host.start();
  host.post(postedOf({ type: 'Undo' }), []);
  await until(() => engine.received.filter(({ command }) => command.ticket).length === wanted && engine.blocks.size === 0);
  return {
    host, engine, sent, events,
    answers: engine.received.filter(({ command }) => command.type.startsWith('Store')),
    get said() { return sent.filter(({ kind }) => kind === 'event').map(({ event }) => JSON.parse(event.body)); },
  };
}

const write = (ticket, key) => ({
  type: 'StoreWrite', ticket, puts: [{ store: 'samples', key }], removes: [], remove_prefixes: [], copy_from: '', copy_to: '' });

test('the engine hears of the store first, and what it asks of it never reaches the page', async () => {
  const store = new MemoryStore('');
  const { engine, said, answers } = await hostWith(store, [
    [write(1, 'p/1'), ['hello']],
    [{ type: 'StoreRead', ticket: 2, store: 'samples', keys: ['p/1', 'p/9'] }],
    [{ type: 'StoreList', ticket: 3, store: 'samples', prefix: 'p/', after: '', limit: 5, values: false }],
    [{ type: 'StoreLock', ticket: 4, name: 'p', take: false }],
    [{ type: 'StoreUnlock', name: 'p' }],
  ]);
  assert.equal(engine.received[0].command.type, 'UseStore');
  assert.deepEqual(new Set(said.map(({ type }) => type)), new Set(['Ready', 'StorageState']));
  const byTicket = Object.fromEntries(answers.map(({ command, buffers }) => [command.ticket, { ...command, values: buffers.map(textOf) }]));
  assert.deepEqual(byTicket[1], { type: 'StoreDone', ticket: 1, error: '', values: [] });
  assert.deepEqual(byTicket[2], { type: 'StoreData', ticket: 2, keys: ['p/1'], more: false, error: '', values: ['hello'] });
  assert.deepEqual(byTicket[3], { type: 'StoreData', ticket: 3, keys: ['p/1'], more: false, error: '', values: [] });
  assert.deepEqual(byTicket[4], { type: 'StoreDone', ticket: 4, error: '', values: [] });
  assert.equal(engine.blocks.size, 0);
});

test('without a store the engine is told of none', async () => {
  const { engine, answers } = await hostWith(undefined, [[{ type: 'StoreRead', ticket: 1, store: 'samples', keys: ['a'] }]]);
  assert.ok(!engine.received.some(({ command }) => command.type === 'UseStore'));
  assert.deepEqual(answers.map(({ command }) => command.error), ['There is no store.']);
});

test('a write that fails is answered with its sentence, and the page hears it', async () => {
  const store = new MemoryStore('');
  store.write = async () => { throw new Error('There is no room left.'); };
  const host = await hostWith(store, [[write(1, 'p/1'), ['hello']]]);
  const { answers } = host;
  assert.deepEqual(answers.map(({ command }) => command.error), ['There is no room left.']);
  await until(() => host.said.findLast(({ type }) => type === 'StorageState')?.message === 'There is no room left.');
});

test('a lock that another tab has is refused, and one it takes is told', async () => {
  const { answers, engine, events } = await hostWith(new MemoryStore(''), [[{ type: 'StoreLock', ticket: 1, name: 'p', take: false }]],
                                                     { acquire: async () => false, release() {} });
  assert.match(answers[0].command.error, /another tab/);
  events.lost('p');
  await until(() => engine.received.at(-1).command.type === 'StoreLost');
  assert.deepEqual(engine.received.at(-1).command, { type: 'StoreLost', lock: 'p' });
});

test('answers of the store overtake pictures that wait', async () => {
  const store = new MemoryStore('');
  const { host, engine } = await hostWith(store, [[write(1, 'p/1'), ['hello']]]);
  host.post(postedOf({ type: 'Undo' }), []);
  for (let id = 1; id <= 50; ++id) host.post(postedOf({ type: 'Classify', id }), [new Blob(['x'])]);
  await until(() => engine.taken.filter(({ type }) => type === 'Classify').length === 50);
  const types = engine.taken.map(({ type }) => type);
  assert.ok(types.lastIndexOf('StoreDone') < types.indexOf('Classify') + 10, types.join());
});
