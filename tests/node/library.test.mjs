// Parts of the library that need no engine: what a training is to its caller, and figures out of answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { Training } = await importTypeScript('web/library/training.ts');
const { evaluationOf, wilson } = await importTypeScript('web/library/evaluation.ts');
const { contentOf } = await importTypeScript('web/library/pictures.ts');

const epochsOf = async (training) => {
  const epochs = [];
  for await (const { epoch } of training) epochs.push(epoch);
  return epochs;
};

test('a training is followed by everybody from its first epoch, whenever they come', async () => {
  let hear, end;
  const training = new Training((heard) => {
    hear = heard;
    return new Promise((resolve) => { end = resolve; });
  });
  hear({ epoch: 1 });
  const early = epochsOf(training);
  await null;
  hear({ epoch: 2 });
  hear({ epoch: 3 });
  end({ stopped: false });
  assert.deepEqual(await early, [1, 2, 3]);
  assert.deepEqual(await training, { stopped: false });
  assert.deepEqual(await epochsOf(training), [1, 2, 3]);
});

test('a training that fails rejects for who follows and for who waits, and for nobody else', async () => {
  const failing = () => new Training(async (hear) => {
    hear({ epoch: 1 });
    throw new Error('no memory');
  });
  await assert.rejects(epochsOf(failing()), /no memory/);
  await assert.rejects(Promise.resolve(failing()), /no memory/);
  failing();  // an unhandled rejection would fail the test run
  await new Promise((resolve) => setTimeout(resolve));
});

test('the interval is Wilson\'s', () => {
  // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  for (const [right, count, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]]) {
    const [from, to] = wilson(right, count);
    assert.ok(Math.abs(from - low) < 5e-5 && Math.abs(to - high) < 5e-5, `${right} of ${count}: ${from} to ${to}`);
  }
  assert.deepEqual(wilson(0, 0), [0, 1]);
});

test('answers become counts, with labels that the model does not know', () => {
  const judged = [['a', 'a'], ['a', 'b'], ['b', 'b'], ['c', 'a']].map(([label, said]) => ({ label, said, p: 0.5 }));
  const { count, right, accuracy, classes, confusion } = evaluationOf(judged, ['a', 'b']);
  assert.deepEqual({ count, right, accuracy, classes, confusion },
                   { count: 4, right: 2, accuracy: 0.5, classes: ['a', 'b', 'c'], confusion: [[1, 1, 0], [0, 1, 0], [1, 0, 0]] });
});

test('a Float32Array is a square of RGB values, or a sentence', () => {
  const { width, height, data } = contentOf(Float32Array.of(0, 127.6, 255, 1, 2, 3, 4, 5, 6, 300, -7, 9));
  assert.deepEqual([width, height], [2, 2]);
  assert.deepEqual([...new Uint8Array(data)], [0, 128, 255, 255, 1, 2, 3, 255, 4, 5, 6, 255, 255, 0, 9, 255]);
  assert.throws(() => contentOf(new Float32Array(10)), /10 numbers are no square of RGB values/);
});
