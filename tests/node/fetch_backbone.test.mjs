// tools/fetch-backbone against a server on this machine: what it says and does when all goes well, and when it does not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { skipUnless } from './lib/built.mjs';
import { kDataFolder } from './lib/data.mjs';
import { importTypeScript, kRoot } from '../../tools/lib/import_typescript.mjs';

const { writeSafetensors } = await importTypeScript('web/engine/safetensors.ts');
const kBackbone = 'mobilenet_v2_035_224_backbone.safetensors';

// ---- the server ----

const files = new Map();   // path → Buffer
const cuts = new Map();    // path → the bytes after which the next answer breaks off
const requests = [];       // "path range"
let server;
let home;
let folder;
let fakeCli;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handful-fetch-'));
  // Stands in for the converter where only the download is tried: the input becomes the output.
  fakeCli = join(folder, 'fake_cli.cjs');
  writeFileSync(fakeCli, `const fs = require('fs'); const args = process.argv.slice(2);
    if (fs.statSync(args[1]).size < 100) { console.error('error: too short'); process.exit(1); }
    fs.copyFileSync(args[1], args[args.indexOf('--out') + 1]);`);
  server = createServer((request, response) => {
    const range = /bytes=(\d+)-/.exec(request.headers.range ?? '');
    requests.push(`${request.url} ${range?.[1] ?? ''}`.trim());
    const bytes = files.get(request.url);
    if (!bytes) return response.writeHead(404, 'Not Found').end();
    const from = range ? Number(range[1]) : 0;
    if (from >= bytes.length && range) return response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    response.writeHead(range ? 206 : 200, { 'content-length': bytes.length - from });
    const cut = cuts.get(request.url);
    if (cut === undefined) return response.end(bytes.subarray(from));
    cuts.delete(request.url);
    return response.write(bytes.subarray(from, cut), () => setTimeout(() => response.destroy(), 50));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  home = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

// ---- running it ----

let models = 0;
const freshFolder = () => join(folder, `models-${models++}`);

/** @returns {Promise<{status: number, said: string}>} */
function fetchBackbone(environment) {
  const { HANDFUL_DATA: _, HANDFUL_BACKBONE: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(kRoot, 'tools/fetch-backbone')], {
    env: { ...inherited, HANDFUL_IMAGENET_URL: 'none', HANDFUL_CLI: `${process.execPath} ${fakeCli}`, ...environment },
  });
  let said = '';
  child.stderr.on('data', (text) => { said += text; });
  return new Promise((done) => child.on('close', (status) => done({ status, said })));
}

const notOfficial = () => Buffer.from(writeSafetensors([{ name: 'a', shape: [500], values: new Float32Array(500).fill(3) }], {}));
const leftovers = (models_folder) => readdirSync(models_folder).filter((name) => name.endsWith('.part'));

// ---- when it does not go well ----

test('where the public home could not be reached lately nobody waits for it again, and that is no failure', async () => {
  const models_folder = freshFolder();
  mkdirSync(models_folder);
  writeFileSync(join(models_folder, `${kBackbone}.tried.part`), '');
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: models_folder });
  assert.equal(status, 0);
  assert.match(said, /^The official weights could not be downloaded lately; .*The project's own backbone is used\.$/m);
  assert.doesNotMatch(said, /cannot be reached/);
});

test('where the public home cannot be reached that is said once a day, and is no failure', async () => {
  const models_folder = freshFolder();
  const offline = join(folder, 'offline.cjs');
  writeFileSync(offline, "globalThis.fetch = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENETUNREACH' } }));");
  const environment = { HANDFUL_MODELS: models_folder, NODE_OPTIONS: `--require ${offline}` };
  const first = await fetchBackbone(environment);
  assert.equal(first.status, 0, first.said);
  assert.equal(first.said.match(/^https:.* cannot be reached \(ENETUNREACH\)$/gm).length, 2);
  assert.match(first.said, /^The official weights could not be downloaded\. The project's own backbone is used\.$/m);
  assert.deepEqual(readdirSync(models_folder), [`${kBackbone}.tried.part`]);
  const second = await fetchBackbone(environment);
  assert.equal(second.status, 0);
  assert.doesNotMatch(second.said, /cannot be reached/);
  // An address that is named is tried nevertheless.
  const named = await fetchBackbone({ HANDFUL_MODELS: models_folder, HANDFUL_BACKBONE_URL: `${home}/missing.h5` });
  assert.match(named.said, /missing\.h5 answers 404/);
});

test('HANDFUL_BACKBONE=none leaves the weights alone, also those that are there', async () => {
  const models_folder = freshFolder();
  mkdirSync(models_folder);
  writeFileSync(join(models_folder, kBackbone), 'damaged');
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: models_folder, HANDFUL_BACKBONE: 'none', HANDFUL_BACKBONE_URL: `${home}/other.h5` });
  assert.equal(status, 0);
  assert.equal(said, "HANDFUL_BACKBONE=none: no weights are fetched. The project's own backbone is used.\n");
  assert.equal(readFileSync(join(models_folder, kBackbone), 'utf8'), 'damaged');
});

test('an address that nobody answers is named', async () => {
  const models_folder = freshFolder();
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: models_folder, HANDFUL_BACKBONE_URL: 'http://127.0.0.1:1/a.h5' });
  assert.equal(status, 1);
  assert.match(said, /^http:\/\/127\.0\.0\.1:1\/a\.h5 cannot be reached \(.+\)$/m);
  assert.match(said, /^error: the backbone could not be downloaded \(1 addresses tried\)\./m);
  assert.equal(existsSync(join(models_folder, kBackbone)), false);
});

test('what is not on the server is said with its status', async () => {
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/missing.h5` });
  assert.equal(status, 1);
  assert.match(said, /missing\.h5 answers 404 Not Found/);
});

test('other weights than the official ones are refused and leave nothing behind', async () => {
  files.set('/other.h5', notOfficial());
  const models_folder = freshFolder();
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: models_folder, HANDFUL_BACKBONE_URL: `${home}/other.h5` });
  assert.equal(status, 1);
  assert.match(said, /other\.h5: these are not the official weights: their content hash is [0-9a-f]{64}, expected cea55efc/);
  assert.deepEqual(readdirSync(models_folder), []);
});

test('a file that cannot be converted is said in the converter\'s words', async () => {
  files.set('/short.h5', Buffer.from('nothing'));
  const { status, said } = await fetchBackbone({ HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/short.h5` });
  assert.equal(status, 1);
  assert.match(said, /^error: too short$/m);
});

test('a download that was cut short goes on where it stopped', async () => {
  const whole = notOfficial();
  files.set('/cut.h5', whole);
  cuts.set('/cut.h5', 1000);
  const environment = { HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/cut.h5` };
  const first = await fetchBackbone(environment);
  assert.equal(first.status, 1);
  assert.match(first.said, new RegExp(`cut\\.h5 was cut short: 1000 of ${whole.length} bytes; run this again`));
  assert.equal(leftovers(environment.HANDFUL_MODELS).length, 1);

  requests.length = 0;
  const second = await fetchBackbone(environment);
  assert.match(second.said, /^Going on at 1000 bytes with /m);
  // Wrong in the end, so it is fetched once more as a whole before it is refused.
  assert.match(second.said, /put together from two attempts/);
  assert.deepEqual(requests, ['/cut.h5 1000', '/cut.h5']);
  assert.deepEqual(leftovers(environment.HANDFUL_MODELS), []);
});

test('each address is tried in its order', async () => {
  files.set('/other.h5', notOfficial());
  requests.length = 0;
  const { status } = await fetchBackbone({
    HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/missing.h5 ${home}/other.h5`,
  });
  assert.equal(status, 1);
  assert.deepEqual(requests, ['/missing.h5', '/other.h5']);
});

test('a model.json brings the weights files it names', async () => {
  files.set('/tfjs/model.json', Buffer.from(JSON.stringify({
    weightsManifest: [{ paths: ['group1-shard1of2', './group1-shard2of2'], weights: [] }] })));
  files.set('/tfjs/group1-shard1of2', Buffer.alloc(10));
  files.set('/tfjs/group1-shard2of2', Buffer.alloc(10));
  requests.length = 0;
  await fetchBackbone({ HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/tfjs/model.json` });
  assert.deepEqual(requests, ['/tfjs/model.json', '/tfjs/group1-shard1of2', '/tfjs/group1-shard2of2']);
});

test('a HANDFUL_BACKBONE that does not exist is an error, not a reason to look elsewhere', async () => {
  requests.length = 0;
  const { status, said } = await fetchBackbone({
    HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE: '/no/such/file.h5', HANDFUL_BACKBONE_URL: `${home}/other.h5`,
  });
  assert.equal(status, 1);
  assert.match(said, /HANDFUL_BACKBONE names \/no\/such\/file\.h5, which does not exist/);
  assert.deepEqual(requests, []);
});

// ---- when it does: with the genuine weights and the real converter ----

const kCli = ['native-release', 'native-debug', 'native-asan'].map((preset) => join(kRoot, 'build', preset, 'bin/handful')).find(existsSync);
const kNeedsBoth = kDataFolder ? skipUnless(kCli, 'the native command line is not built') : { skip: 'HANDFUL_DATA is not set' };
const genuine = () => readFileSync(join(kDataFolder, 'weights/mobilenet_v2_035_224_one_or_two.h5'));

test('the official weights are installed once, from whichever source', kNeedsBoth, async () => {
  files.set('/no_top.h5', genuine());
  const environment = { HANDFUL_MODELS: freshFolder(), HANDFUL_BACKBONE_URL: `${home}/no_top.h5`, HANDFUL_CLI: kCli };
  cuts.set('/no_top.h5', 300_000);
  assert.equal((await fetchBackbone(environment)).status, 1);
  const second = await fetchBackbone(environment);
  assert.equal(second.status, 0, second.said);
  assert.match(second.said, /Going on at 300000 bytes/);
  assert.match(second.said, /backbone\.safetensors: the official weights, checked by their hash/);
  assert.deepEqual(readdirSync(environment.HANDFUL_MODELS), [kBackbone]);

  requests.length = 0;
  const third = await fetchBackbone(environment);
  assert.equal(third.status, 0);
  assert.match(third.said, /^The backbone is there: /m);
  assert.deepEqual(requests, []);

  // A damaged file is noticed and obtained anew; the same bytes come from HANDFUL_DATA.
  const file = join(environment.HANDFUL_MODELS, kBackbone);
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length - 100));
  const repaired = await fetchBackbone({ ...environment, HANDFUL_DATA: kDataFolder });
  assert.equal(repaired.status, 0, repaired.said);
  assert.match(repaired.said, /is not the official backbone or is damaged/);
  assert.deepEqual(readFileSync(file), whole);

  const copy = freshFolder();
  assert.equal((await fetchBackbone({ HANDFUL_MODELS: copy, HANDFUL_BACKBONE: file, HANDFUL_CLI: kCli })).status, 0);
  assert.deepEqual(readFileSync(join(copy, kBackbone)), whole);
});

test('the thousand classes come with their names, from a model.json as well', kNeedsBoth, async () => {
  const models_folder = freshFolder();
  const installed = await fetchBackbone({ HANDFUL_MODELS: models_folder, HANDFUL_DATA: kDataFolder, HANDFUL_CLI: kCli });
  assert.equal(installed.status, 0, installed.said);
  // The backbone as TensorFlow.js has it, with a top of zeros.
  const backbone = readFileSync(join(models_folder, kBackbone));
  const headerBytes = Number(backbone.readBigUInt64LE(0));
  const { __metadata__: _, ...tensors } = JSON.parse(backbone.subarray(8, 8 + headerBytes).toString());
  const weights = Object.entries(tensors).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' }));
  weights.push({ name: 'predictions/kernel', shape: [1280, 1000], dtype: 'float32' }, { name: 'predictions/bias', shape: [1000], dtype: 'float32' });
  const topology = { class_name: 'Model', config: { layers: [{ class_name: 'Dense', config: { name: 'predictions', activation: 'softmax' } }] } };
  files.set('/top/model.json', Buffer.from(JSON.stringify({ modelTopology: topology, format: 'layers-model', weightsManifest: [{ paths: ['weights.bin'], weights }] })));
  files.set('/top/weights.bin', Buffer.concat([backbone.subarray(8 + headerBytes), Buffer.alloc(4 * 1281 * 1000)]));
  const index = Object.fromEntries(Array.from({ length: 1000 }, (_unused, i) => [i, [`n${i}`, `thing_${i}`]]));
  files.set('/top/imagenet_class_index.json', Buffer.from(JSON.stringify(index)));
  const { status, said } = await fetchBackbone({
    HANDFUL_MODELS: models_folder, HANDFUL_CLI: kCli, HANDFUL_IMAGENET_URL: `${home}/top/model.json`,
    HANDFUL_IMAGENET_LABELS_URL: `${home}/top/imagenet_class_index.json`,
  });
  assert.equal(status, 0, said);
  assert.deepEqual(readdirSync(models_folder).sort(), ['imagenet.safetensors', kBackbone]);
  const model = readFileSync(join(models_folder, 'imagenet.safetensors'));
  const metadata = JSON.parse(model.subarray(8, 8 + Number(model.readBigUInt64LE(0))).toString()).__metadata__;
  assert.equal(metadata.title, '1000 things (ImageNet)');
  assert.equal(JSON.parse(metadata.classes)[7], 'thing 7');
  assert.equal(metadata.network, 'mobilenet_v2_top');
});

test('without the thousand classes the backbone alone is a success', kNeedsBoth, async () => {
  const { status, said } = await fetchBackbone({
    HANDFUL_MODELS: freshFolder(), HANDFUL_DATA: kDataFolder, HANDFUL_CLI: kCli, HANDFUL_IMAGENET_URL: `${home}/none.h5`,
    HANDFUL_IMAGENET_LABELS_URL: `${home}/none.json`,
  });
  assert.equal(status, 0, said);
  assert.match(said, /The 1000 ImageNet classes are left out: .*none\.json answers 404/);
});
