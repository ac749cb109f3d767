import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeEngine, postedOf } from './fixtures/fake_engine.mjs';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { EngineHost } = await importTypeScript('web/engine/host.ts');

// A host around a fake engine; `events` fills with what it sends.
async function startHost({ heapBytes, decode, convertModel, load, openStore, toPng } = {}) {
  const sent = [];
  let engine = null;
  let ticks = 0;
  const listeners = new Set();
  const host = new EngineHost({
    load: load ?? (async (onEvent) => engine = new FakeEngine(onEvent, heapBytes)),
    send: (message) => {
      sent.push(message);
      for (const listener of listeners) listener();
    },
    later: (task) => setImmediate(() => {
      ++ticks;
      task();
    }),
    decode: decode ?? (async () => { throw new Error('unknown format'); }),
    convertModel: convertModel ?? (async (files) => ({ files, source: '', warning: '' })),
    toPng: toPng ?? (async () => { throw new Error('unknown format'); }),
    openStore,
  });
  await host.start();
  const events = () => sent.filter(({ kind }) => kind === 'event').map(({ event }) => JSON.parse(event.body));
  const until = (condition) => new Promise((resolve) => {
    const check = () => condition() && resolve(listeners.delete(check));
    listeners.add(check);
    check();
  });
  return {
    host, engine, sent, events, until,
    ticks: () => ticks,
    post: (command, sources = []) => host.post(postedOf(command), sources),
    eventOf: async (id) => {
      await until(() => events().some((event) => event.id === id));
      return events().find((event) => event.id === id);
    },
  };
}
const fileOf = (text) => new Blob([text]);
const idle = () => new Promise((resolve) => setTimeout(resolve, 30));

test('every picture is answered in the order of the drop, and all memory is given back', async () => {
  const { post, events, engine, until } = await startHost();
  for (let id = 1; id <= 40; ++id) post({ type: 'Classify', id, name: `${id}.png` }, [fileOf('x'.repeat(id))]);
  await until(() => events().length === 41);
  assert.deepEqual(events().slice(1).map(({ id }) => id), Array.from({ length: 40 }, (_, i) => i + 1));
  assert.deepEqual(events().slice(1).map(({ bytes }) => bytes), Array.from({ length: 40 }, (_, i) => i + 1));
  assert.equal(engine.blocks.size, 0);
});

test('files are read ahead of the engine, but only a few', async () => {
  const { post } = await startHost();
  const reading = [];
  for (let id = 1; id <= 20; ++id) {
    const file = fileOf('x');
    file.arrayBuffer = () => new Promise(() => reading.push(id));
    post({ type: 'Classify', id }, [file]);
  }
  await idle();
  assert.deepEqual(reading, [1, 2, 3, 4]);
});

test('a picture too big for the memory fails with its size, and the next one is answered', async () => {
  const { post, eventOf, engine } = await startHost({ heapBytes: 4096 });
  post({ type: 'Classify', id: 1, name: 'huge.png' }, [fileOf('x'.repeat(5000))]);
  post({ type: 'Classify', id: 2, name: 'small.png' }, [fileOf('x')]);
  const failed = await eventOf(1);
  assert.equal(failed.type, 'Failed');
  assert.equal(failed.name, 'huge.png');
  assert.equal(failed.command, 'Classify');
  assert.match(failed.message, /not enough memory: 0\.0 MB were needed/);
  assert.equal((await eventOf(2)).type, 'Prediction');
  assert.equal(engine.blocks.size, 0);
});

test('a file that cannot be read fails by name, and the others are answered', async () => {
  const { post, eventOf } = await startHost();
  const gone = fileOf('x');
  gone.arrayBuffer = async () => { throw new Error('it was moved'); };
  post({ type: 'Classify', id: 1, name: 'gone.png' }, [gone]);
  post({ type: 'Classify', id: 2 }, [fileOf('x')]);
  assert.equal((await eventOf(1)).message, 'gone.png: the file could not be read (it was moved)');
  assert.equal((await eventOf(2)).type, 'Prediction');
});

test('what the engine cannot decode the browser decodes, and the engine gets the pixels', async () => {
  let closed = 0;
  const decode = async (blob) => {
    assert.equal(await blob.text(), 'webp');
    return {
      width: 2, height: 3,
      copyPixels: (put) => {
        put(new Uint8ClampedArray(16).fill(7), 0);
        put(new Uint8ClampedArray(8).fill(9), 16);
      },
      close: () => ++closed,
    };
  };
  const { post, eventOf, events, sent } = await startHost({ decode });
  post({ type: 'Classify', id: 5, name: 'a.webp' }, [fileOf('webp')]);
  const prediction = await eventOf(5);
  assert.deepEqual([prediction.type, prediction.width, prediction.height], ['Prediction', 2, 3]);
  const { buffers } = sent.find(({ event }) => event?.type === 'Prediction');
  assert.deepEqual([...new Uint8Array(buffers[0])], [...Array(16).fill(7), ...Array(8).fill(9)]);
  assert.equal(closed, 1);
  assert.ok(!events().some(({ type }) => type === 'NeedsDecoding'));
});

test('what the browser cannot decode either fails with the engine\'s sentence', async () => {
  const { post, eventOf } = await startHost();
  post({ type: 'Classify', id: 1, name: 'a.heic' }, [fileOf('webp')]);
  post({ type: 'Classify', id: 2, name: 'b.png' }, [fileOf('png')]);
  const failed = await eventOf(1);
  assert.deepEqual([failed.type, failed.name, failed.message], ['Failed', 'a.heic', 'a format no one knows']);
  assert.equal((await eventOf(2)).type, 'Prediction');
});

test('a decoded picture above the limit is refused before its pixels are copied', async () => {
  const decode = async () => ({
    width: 20000, height: 5001, close() {}, copyPixels: () => assert.fail('copied') });
  const { post, eventOf } = await startHost({ decode });
  post({ type: 'Classify', id: 1, name: 'a.webp' }, [fileOf('webp')]);
  assert.equal((await eventOf(1)).message, '20000×5001 pixels are more than the 100 megapixels allowed');
});

test('Stop overtakes pictures that wait and ends the training at once', async () => {
  const { post, engine, until, events } = await startHost();
  post({ type: 'Train' });
  await until(() => true);
  await idle();
  for (let id = 1; id <= 10; ++id) post({ type: 'Classify', id }, [fileOf('x')]);
  post({ type: 'Stop' });
  await until(() => events().some(({ type }) => type === 'TrainDone'));
  assert.ok(engine.taken.findIndex(({ type }) => type === 'Stop') <= 2, JSON.stringify(engine.taken));
});

test('Stop does not overtake the training it is meant for', async () => {
  const { post, engine, until, events } = await startHost();
  post({ type: 'Classify', id: 1 }, [fileOf('x')]);
  post({ type: 'Train' });
  post({ type: 'Stop' });
  await until(() => events().some(({ type }) => type === 'TrainDone'));
  assert.deepEqual(engine.taken.map(({ type }) => type), ['Classify', 'Train', 'Stop']);
});

test('pictures are answered while a training goes on', async () => {
  const { post, eventOf, engine } = await startHost();
  post({ type: 'Train' });
  post({ type: 'Classify', id: 1 }, [fileOf('x')]);
  await eventOf(1);
  assert.ok(engine.training > 0);
  post({ type: 'Stop' });
});

test('nothing runs while nothing is asked', async () => {
  const { post, eventOf, ticks } = await startHost();
  post({ type: 'Classify', id: 1 }, [fileOf('x')]);
  await eventOf(1);
  await idle();
  const before = ticks();
  await idle();
  assert.equal(ticks(), before);
});

test('a trap is reported once, and the engine is not touched again', async () => {
  const { post, sent, until, engine } = await startHost();
  post({ type: 'Classify', id: 1, name: 'trap' }, [fileOf('x')]);
  await until(() => sent.some(({ kind }) => kind === 'crashed'));
  const steps = engine.taken.length;
  post({ type: 'Classify', id: 2 }, [fileOf('x')]);
  await idle();
  assert.equal(engine.taken.length, steps);
  assert.deepEqual(sent.filter(({ kind }) => kind === 'crashed'),
                   [{ kind: 'crashed', message: 'The engine stopped: unreachable.' }]);
});

test('an engine that does not start is reported as a crash', async () => {
  const { sent } = await startHost({ load: async () => { throw new Error('engine.simd.wasm: the server answered 404'); } });
  assert.deepEqual(sent, [
    { kind: 'crashed', message: 'The engine could not be started: engine.simd.wasm: the server answered 404.' }]);
});

test('a model\'s files go through the converter, and its names into the command', async () => {
  let ready;
  const convertModel = async ([{ name }]) => {
    await new Promise((resolve) => { ready = resolve; });
    return { files: [{ name, bytes: new Uint8Array(3) }], source: 'ONNX', warning: 'no labels' };
  };
  const { post, eventOf, engine } = await startHost({ convertModel });
  post({ type: 'LoadModel', id: 1, names: ['m.onnx', 'labels.txt'] }, [fileOf('onnx'), fileOf('labels')]);
  // The engine works on while it is converted, and must not take what is not ready.
  for (let id = 2; id < 20; ++id) post({ type: 'Classify', id }, [fileOf('x')]);
  while (!ready) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(engine.taken.filter(({ type }) => type === 'LoadModel'), []);
  ready();
  assert.deepEqual((await eventOf(1)).sizes, [3]);
  const { names, source, warning } = engine.taken.find(({ type }) => type === 'LoadModel');
  assert.deepEqual({ names, source, warning }, { names: ['m.onnx'], source: 'ONNX', warning: 'no labels' });
});

test('a model that cannot be converted fails with the converter\'s sentence', async () => {
  const { post, eventOf } = await startHost({ convertModel: async () => { throw new Error('m.h5: not readable'); } });
  post({ type: 'LoadModel', id: 1, names: ['m.h5'] }, [fileOf('x')]);
  const failed = await eventOf(1);
  assert.deepEqual([failed.command, failed.name, failed.message], ['LoadModel', 'm.h5', 'm.h5: not readable']);
});

const takenTypes = ({ taken }) => taken.map(({ type, id }) => id === undefined ? type : `${type} ${id}`);
const pixels = () => new ArrayBuffer(16);
const took = async ({ taken }, count) => {
  while (taken.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('edits and camera frames overtake files that wait, in their own order', async () => {
  const { post, engine, until, events } = await startHost();
  for (let id = 1; id <= 200; ++id) post({ type: 'Classify', id }, [fileOf('x')]);
  await until(() => events().length >= 4);  // Ready and three predictions
  post({ type: 'EditClass', id: 301, class_id: 1, name: 'a' });
  post({ type: 'Classify', id: 302, width: 2, height: 2 }, [pixels()]);
  post({ type: 'Undo', id: 303 });
  post({ type: 'GetThumbnails', id: 304 });
  await until(() => events().length === 1 + 200 + 1);
  const order = engine.taken.map(({ id }) => id);
  assert.deepEqual(order.filter((id) => id > 300), [301, 302, 303, 304]);
  const files = order.filter((id) => id <= 200);
  assert.deepEqual(files, Array.from({ length: 200 }, (_, i) => i + 1));
  assert.ok(order.indexOf(304) <= order.indexOf(301) + 6 && order.indexOf(304) < 20, String(order.indexOf(304)));
});

test('what must wait waits: a training for its samples, a project for the samples of the one before', async () => {
  const { post, engine } = await startHost();
  post({ type: 'AddSample', id: 1 }, [fileOf('x')]);
  post({ type: 'Train', id: 2 });
  post({ type: 'OpenProject', id: 3 });
  post({ type: 'Classify', id: 4, width: 2, height: 2 }, [pixels()]);
  post({ type: 'Undo', id: 5 });
  await took(engine, 5);
  assert.deepEqual(takenTypes(engine), ['AddSample 1', 'Train 2', 'OpenProject 3', 'Classify 4', 'Undo 5']);
  post({ type: 'Stop' });  // else it trains on while the other tests run
});

test('a class is deleted after the files that were meant for it, and before those for others', async () => {
  const { post, engine } = await startHost();
  post({ type: 'AddSample', id: 1, class_id: 7 }, [fileOf('x')]);
  post({ type: 'AddSample', id: 2, class_id: 8 }, [fileOf('x')]);
  post({ type: 'DeleteClass', id: 3, class_id: 7 });
  post({ type: 'MergeClasses', id: 4, from: 8, into: 9 });
  await took(engine, 4);
  assert.deepEqual(takenTypes(engine), ['AddSample 1', 'DeleteClass 3', 'AddSample 2', 'MergeClasses 4']);
});

test('frames that are not square wait, as the crop mode concerns them', async () => {
  const { post, engine } = await startHost();
  post({ type: 'SetCropMode', crop_mode: 'fit' });
  post({ type: 'Classify', id: 1 }, [fileOf('x')]);
  post({ type: 'Classify', id: 3, width: 2, height: 2 }, [pixels()]);
  post({ type: 'Classify', id: 2, width: 1, height: 4 }, [pixels()]);
  await took(engine, 4);
  assert.deepEqual(takenTypes(engine), ['Classify 3', 'SetCropMode', 'Classify 1', 'Classify 2']);
});

test('projects open while the backbone is downloaded, and pictures wait for it', async () => {
  const { post, engine } = await startHost();
  const backbone = fileOf('x');
  let arrive;
  const arrived = new Promise((resolve) => { arrive = resolve; });
  backbone.arrayBuffer = () => arrived;
  post({ type: 'LoadBackbone', id: 1 }, [backbone]);
  post({ type: 'OpenProject', id: 2 });
  post({ type: 'GetThumbnails', id: 3 });
  post({ type: 'Classify', id: 4, width: 2, height: 2 }, [pixels()]);
  await took(engine, 2);
  assert.deepEqual(takenTypes(engine), ['OpenProject 2', 'GetThumbnails 3']);
  arrive(new ArrayBuffer(8));
  await took(engine, 4);
  assert.deepEqual(takenTypes(engine), ['OpenProject 2', 'GetThumbnails 3', 'LoadBackbone 1', 'Classify 4']);
});
