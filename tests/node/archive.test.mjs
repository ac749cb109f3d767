import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { casesJson, kFile } from '../fixtures/make_zip_cases.mjs';
import { zipOf } from './lib/zip.mjs';
import { importTypeScript } from '../../tools/lib/import_typescript.mjs';

const { ZipReader, ZipWriter } = await importTypeScript('web/engine/zip.ts');
const { Archives, writeArchive } = await importTypeScript('web/engine/archives.ts');
const { MemoryStore } = await importTypeScript('web/engine/store.ts');

const kLimits = { entryBytes: 1 << 20, totalBytes: 4 << 20 };
const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);
const open = (archive) => ZipReader.open(new Blob([archive]), kLimits);
// Where the directory's record of the only entry begins.
const directoryAt = (archive) => new DataView(archive.buffer).getUint32(archive.length - 22 + 16, true);
const edited = (archive, at, value, bytes = 4) => {
  const copy = archive.slice();
  if (bytes === 4) new DataView(copy.buffer).setUint32(at, value, true);
  else new DataView(copy.buffer).setUint16(at, value, true);
  return copy;
};

test('the table of rules is the one that its script makes', () => {
  assert.equal(readFileSync(kFile, 'utf8'), casesJson());
});

const { limits: kTableLimits, cases: kCases } = JSON.parse(readFileSync(kFile, 'utf8'));
for (const { name, archive, refused, entries } of kCases) {
  test(`zip: ${name}`, async () => {
    const opening = ZipReader.open(new Blob([Buffer.from(archive, 'hex')]), kTableLimits);
    if (refused) return assert.rejects(opening, ({ message }) => message.includes(refused) || assert.fail(message));
    const reader = await opening;
    assert.deepEqual(reader.entries.map((entry) => entry.name), entries.map((entry) => entry.name));
    for (const entry of entries) {
      if (entry.refused) await assert.rejects(reader.read(entry.name), ({ message }) => message.includes(entry.refused) || assert.fail(message));
      else assert.equal(textOf(await reader.read(entry.name)), entry.text);
    }
  });
}

test('an archive cut short anywhere is refused with a sentence', async () => {
  const archive = zipOf({ 'a.png': bytesOf('hello '.repeat(50)), 'b.png': bytesOf('x') });
  for (const length of [0, 1, 21, 40, 100, archive.length - 23, archive.length - 1]) {
    await assert.rejects(open(archive.slice(0, length)), /directory is (missing|damaged)/);
  }
});

test('what unpacks to more than it says, to less, or to other bytes is damaged', async () => {
  const archive = zipOf({ a: bytesOf('hello '.repeat(500)) });
  const at = directoryAt(archive);
  await assert.rejects((await open(edited(archive, at + 24, 100))).read('a'), /a is damaged: it cannot be unpacked \(longer than announced\)/);
  await assert.rejects((await open(edited(archive, at + 24, 4000))).read('a'), /a is damaged: it has 3000 of 4000 bytes/);
  await assert.rejects((await open(edited(archive, at + 16, 1))).read('a'), /a is damaged: its checksum is wrong/);
});

test('bombs are refused before anything is unpacked', async () => {
  const archive = zipOf({ a: bytesOf('hello '.repeat(500)) });
  const at = directoryAt(archive);
  await assert.rejects((await open(edited(archive, at + 24, 2 << 20))).read('a'), /a: unpacked it would take 2 MB, more than the 1 MB allowed/);
  await assert.rejects((await open(edited(archive, at + 24, 500_000))).read('a'), /\d+ bytes cannot unpack to 500000/);
  await assert.rejects(open(edited(archive, at + 24, 5 << 20)), /unpacked it would take 5 MB, more than the 4 MB allowed/);
  await assert.rejects(open(edited(archive, at + 20, 1 << 20)), /its entries overlap/);
});

test('more entries than allowed, long names and a directory outside of the file are refused', async () => {
  const archive = zipOf({ a: bytesOf('x') });
  await assert.rejects(open(edited(archive, archive.length - 22 + 16, 1 << 30)), /directory is damaged/);
  await assert.rejects(open(edited(archive, archive.length - 22 + 10, 9, 2)), /directory is damaged/);
  await assert.rejects(open(zipOf({ ['x'.repeat(1001)]: bytesOf('') })), /an entry's name has 1001 bytes, more than the 1000 allowed/);
});

test('what is written is read as it was, whatever the names', async () => {
  const writer = new ZipWriter();
  const files = [['ä/日本 🖐.png', bytesOf('1')], ['empty', new Uint8Array()], ['big', new Uint8Array(9 << 20).fill(7)]];
  for (const [name, bytes] of files) writer.add(name, bytes);
  const reader = await ZipReader.open(writer.finish(), { entryBytes: 16 << 20, totalBytes: 16 << 20 });
  assert.deepEqual(reader.entries.map(({ name }) => name), files.map(([name]) => name));
  for (const [name, bytes] of files) assert.deepEqual(await reader.read(name), bytes);
});

test('an import gets what can be unpacked and a sentence for what cannot, until it is over', async () => {
  const archive = zipOf({ a: bytesOf('one'), b: bytesOf('two') }, { deflate: false });
  archive[31] ^= 1;  // the first byte of a's content
  const archives = new Archives({ toPng: async () => assert.fail('no picture') });
  const command = await archives.open({ type: 'ImportArchive', id: 7, name: 'x.zip' }, new Blob([archive]));
  assert.deepEqual([command.store, command.entries], ['archive:7', [{ name: 'a', bytes: 3 }, { name: 'b', bytes: 3 }]]);
  const { keys, values, error } = await archives.read('archive:7', ['a', 'b', 'c']);
  assert.deepEqual([keys, values.map(textOf)], [['b'], ['two']]);
  assert.match(error, /^a is damaged: its checksum is wrong$/);
  assert.equal(archives.read('samples', ['a']), null);
  archives.close(7);
  assert.equal(archives.read('archive:7', ['a']), null);
});

test('a WebP inside an archive reaches the engine as the browser\'s PNG, or as it is where there is none', async () => {
  const webp = bytesOf('RIFF\x04\0\0\0WEBP');
  const archive = new Blob([zipOf({ 'a.webp': webp })]);
  for (const [toPng, wanted] of [[async () => bytesOf('png'), bytesOf('png')], [async () => { throw new Error('no'); }, webp]]) {
    const archives = new Archives({ toPng });
    await archives.open({ type: 'ImportArchive', id: 1 }, archive);
    const { values: [value] } = await archives.read('archive:1', ['a.webp']);
    assert.deepEqual(new Uint8Array(value), wanted);
  }
});

test('what a picture\'s name says only a browser decodes goes through it, and nothing else does', async () => {
  const names = ['a.jxl', 'b.TIFF', 'c.jfif', 'd.png', 'e.json', 'f.heif'];
  const archive = new Blob([zipOf(names.map((name) => [name, bytesOf('as it is')]))]);
  const archives = new Archives({ toPng: async () => bytesOf('png') });
  await archives.open({ type: 'ImportArchive', id: 1 }, archive);
  const { values } = await archives.read('archive:1', names);
  assert.deepEqual(values.map((value) => textOf(new Uint8Array(value))), ['png', 'png', 'as it is', 'as it is', 'as it is', 'png']);
});

test('an archive is written from buffers and the store, and what is gone is named', async () => {
  const store = new MemoryStore('');
  const puts = Array.from({ length: 100 }, (_, i) => ({ store: 'pixels', key: `p/${i}`, value: bytesOf(`png ${i}`).buffer }));
  await store.write({ puts, removes: [], removePrefixes: [], copyFrom: '', copyTo: '' });
  const parts = [{ name: 'project.json', store: '', key: '' },
                 ...puts.map(({ key }, i) => ({ name: `samples/${i}.png`, store: 'pixels', key })),
                 { name: 'gone.png', store: 'pixels', key: 'p/gone' }];
  const { archive, missing } = await writeArchive({ id: 1, name: 'x.zip', parts }, [bytesOf('{}').buffer], store);
  assert.deepEqual(missing, ['gone.png']);
  const reader = await ZipReader.open(archive, kLimits);
  assert.equal(reader.entries.length, 101);
  assert.equal(textOf(await reader.read('project.json')), '{}');
  assert.equal(textOf(await reader.read('samples/99.png')), 'png 99');
});
