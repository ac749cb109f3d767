import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { kNeedsData, readData } from './lib/data.mjs';
import { zipOf } from './lib/zip.mjs';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { convertModel } = await importTypeScript('web/engine/model_files.ts');
const { hdf5ToSafetensors } = await importTypeScript('web/engine/hdf5.ts');
const { readSafetensors, readSafetensorsHeader, writeSafetensors } = await importTypeScript('web/engine/safetensors.ts');
const { crc32, packZip, ZipReader } = await importTypeScript('web/engine/zip.ts');

const kTeachableMachine = 'weights/mobilenet_v2_035_224_one_or_two.h5';
const textOf = (bytes) => new TextDecoder().decode(bytes);
const bytesOf = (text) => new TextEncoder().encode(text);

// One safetensors file → name → {shape, bytes}, in the order of the file.
function tensorsOf(file) {
  const header = readSafetensorsHeader(file);
  const start = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata, ...entries } = header;
  const tensors = new Map(Object.entries(entries).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    assert.equal(dtype, 'F32');
    return [name, { shape, bytes: file.subarray(start + from, start + to) }];
  }));
  return { metadata, tensors };
}

test('a written safetensors file says where each tensor lies', () => {
  const file = writeSafetensors([
    { name: 'a', shape: [2], values: Float32Array.of(1, 2) },
    { name: 'b', shape: [1, 1], values: Float32Array.of(3) }], { why: 'test' });
  const { metadata, tensors } = tensorsOf(file);
  assert.deepEqual(metadata, { why: 'test' });
  assert.deepEqual([...tensors.keys()], ['a', 'b']);
  assert.deepEqual(tensors.get('b').shape, [1, 1]);
  assert.deepEqual(new Float32Array(tensors.get('a').bytes.slice().buffer), Float32Array.of(1, 2));
  assert.equal((8 + Number(new DataView(file.buffer).getBigUint64(0, true))) % 8, 0, 'tensors start on 8 bytes');
});

test('a Teachable Machine .h5 keeps all its tensors, bit for bit, in Keras\' order', kNeedsData, async () => {
  const { metadata, tensors } = tensorsOf(hdf5ToSafetensors(readData(kTeachableMachine)));
  assert.equal(metadata.container, 'hdf5');
  assert.equal(metadata.keras_version, '2.2.4-tf');
  assert.equal(JSON.parse(metadata.model_config).class_name, 'Sequential');
  assert.deepEqual(JSON.parse(metadata.layer_names), ['sequential_1', 'sequential_3']);
  const names = [...tensors.keys()];
  assert.equal(names[0], 'model_weights/sequential_1/Conv1/kernel:0');
  assert.ok(names.indexOf('model_weights/sequential_1/block_2_expand/kernel:0') <
            names.indexOf('model_weights/sequential_1/block_10_expand/kernel:0'));

  // The content hash of the official backbone: kernel, then gamma, beta, moving_mean, moving_variance of each layer.
  const hash = createHash('sha256');
  const add = (layer, weights) => weights.forEach((weight) =>
    hash.update(tensors.get(`model_weights/sequential_1/${layer}/${weight}:0`).bytes));
  const convolution = (layer, batchNorm, kernel = 'kernel') => {
    add(layer, [kernel]);
    add(batchNorm, ['gamma', 'beta', 'moving_mean', 'moving_variance']);
  };
  convolution('Conv1', 'bn_Conv1');
  for (let block = 0; block <= 16; ++block) {
    const name = block === 0 ? 'expanded_conv' : `block_${block}`;
    if (block > 0) convolution(`${name}_expand`, `${name}_expand_BN`);
    convolution(`${name}_depthwise`, `${name}_depthwise_BN`, 'depthwise_kernel');
    convolution(`${name}_project`, `${name}_project_BN`);
  }
  convolution('Conv_1', 'Conv_1_bn');
  assert.equal(hash.digest('hex'), 'cea55efc9877ca3885be4994427a90914d259e7e8d759d90f36f7bb16e1725a7');
});

test('an .h5 that was cut short is refused', kNeedsData, () => {
  const whole = readData(kTeachableMachine);
  for (const length of [16, 4000, whole.length >> 1, whole.length - 100_000]) {
    assert.throws(() => hdf5ToSafetensors(whole.subarray(0, length)), /^Error: not a readable Keras \.h5 file \(.+\)$/);
  }
});

test('what is written as safetensors is read as it was', () => {
  const tensors = [{ name: 'b', shape: [2], values: Float32Array.of(1, 2) }, { name: 'a', shape: [1, 1], values: Float32Array.of(3) }];
  const read = readSafetensors(writeSafetensors(tensors, { why: 'test' }));
  assert.deepEqual(read.metadata, { why: 'test' });
  assert.deepEqual(read.tensors.map(({ name, shape, values }) => ({ name, shape, values })), tensors);
});

test('Handful\'s own file needs no converter, all others do', async () => {
  const own = { name: 'model.safetensors', bytes: writeSafetensors([], { format: 'handful-model' }) };
  const never = async () => { throw new Error('not wanted'); };
  assert.deepEqual(await convertModel([own], never), { files: [own], source: '', warning: '' });
  const converter = { ask: async ({ names }, files) => ({ said: { source: names.join(), warning: `${files.length}` }, buffers: [new ArrayBuffer(3)] }) };
  for (const files of [[{ name: 'a.h5', bytes: bytesOf('x') }], [own, own], [{ name: 'empty', bytes: new Uint8Array() }]]) {
    assert.deepEqual(await convertModel(files, async () => converter), {
      files: [{ name: files[0].name, bytes: new Uint8Array(3) }], source: files.map(({ name }) => name).join(), warning: `${files.length}` });
  }
});

const kLimits = { entryBytes: 512 << 20, totalBytes: 512 << 20 };
const opened = (archive) => ZipReader.open(new Blob([archive]), kLimits);
async function unpack(archive) {
  const reader = await opened(archive);
  return Promise.all(reader.entries.map(async ({ name }) => ({ name, bytes: await reader.read(name) })));
}

test('the checksum is that of the standard', () => {
  assert.equal(crc32(bytesOf('123456789')), 0xcbf43926);
});

for (const deflate of [true, false]) {
  test(`a zip of ${deflate ? 'deflated' : 'stored'} files is unpacked, folders left out`, async () => {
    const archive = zipOf({ 'folder/': new Uint8Array(), 'folder/a.txt': bytesOf('hello '.repeat(99)), b: bytesOf('') },
                          { deflate });
    const files = await unpack(archive);
    assert.deepEqual(files.map(({ name, bytes }) => [name, textOf(bytes)]),
                     [['folder/a.txt', 'hello '.repeat(99)], ['b', '']]);
  });
}

test('what is packed is unpacked as it was', async () => {
  const files = [{ name: 'ä/b.txt', bytes: bytesOf('hello') }, { name: 'empty', bytes: new Uint8Array() }];
  assert.deepEqual(await unpack(await packZip(files)), files);
});

test('what is damaged in a zip is named', async () => {
  const archive = zipOf({ 'model.h5': bytesOf('hello '.repeat(99)) });
  const damaged = archive.slice();
  damaged.fill(0xff, 38, 44);  // the packed bytes
  await assert.rejects(unpack(damaged), /^Error: model\.h5 is damaged: it cannot be unpacked \(.+\)$/);
  const stored = zipOf({ 'model.h5': bytesOf('hello') }, { deflate: false });
  stored[40] ^= 1;
  await assert.rejects(unpack(stored), /^Error: model\.h5 is damaged: its checksum is wrong$/);
  await assert.rejects(unpack(archive.subarray(0, 40)), /^Error: the zip archive's directory is missing: it is cut short, or no zip archive$/);
});

test('a zip that would unpack to more than 512 MB is refused before it is unpacked', async () => {
  const archive = zipOf({ 'model.h5': bytesOf('x') });
  new DataView(archive.buffer).setUint32(archive.length - 22 - 8 - 46 + 24, 600 << 20, true);
  await assert.rejects(unpack(archive), /unpacked it would take 629 MB, more than the 537 MB/);
});
