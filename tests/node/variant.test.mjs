import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { chooseVariant, detectWasmFeatures } = await importTypeScript('web/engine/variant.ts');
const kModern = { simd: true, relaxedSimd: true };
const kOlder = { simd: true, relaxedSimd: false };
const kOldest = { simd: false, relaxedSimd: false };

test('the fastest engine that the browser validates is chosen', () => {
  assert.deepEqual(chooseVariant(kModern), { variant: 'relaxed' });
  assert.deepEqual(chooseVariant(kOlder), { variant: 'simd' });
});

test('a wanted engine is taken where it can run', () => {
  assert.deepEqual(chooseVariant(kModern, 'simd'), { variant: 'simd' });
  assert.deepEqual(chooseVariant(kModern, 'relaxed'), { variant: 'relaxed' });
});

test('a wanted engine that cannot run is an error, not another engine', () => {
  assert.match(chooseVariant(kOlder, 'relaxed').error, /relaxed SIMD/);
  assert.match(chooseVariant(kModern, 'fast').error, /no engine "fast"/);
});

test('a browser without SIMD is told so', () => {
  assert.match(chooseVariant(kOldest).error, /too old for Handful/);
  assert.match(chooseVariant(kOldest, 'simd').error, /too old for Handful/);
});

test('this Node, which has simd128, is seen to have it', () => {
  assert.equal(detectWasmFeatures().simd, true);
});

test('an engine with relaxed SIMD is seen to have it', () => {
  setFlagsFromString('--experimental-wasm-relaxed-simd');  // Node 20 and 18 have it behind this flag
  assert.equal(detectWasmFeatures().relaxedSimd, true);
});
