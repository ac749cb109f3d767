// Measures Handful in Chromium against LiteRT.js, TensorFlow.js (wasm) and onnxruntime-web, on one thread each:
// MobileNetV2 features, the small CNN, load and first answer, and a 12-megapixel JPEG from drop to answer.
// Rounds are interleaved (A B C, A B C, …), each visit in a fresh browser context with cold caches, so that a busy
// machine touches all alike; a ratio compares with the fastest peer of the same round. "best" is the fastest inference of
// a round and "CPU" the processor time of the whole browser for one: both tell what the code can do where other programs
// get in the way of the clock.
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuTimeMs } from './cpu_time.mjs';
import { kCnnStages, kCnnTask } from './cnn_task.mjs';
import { headFor, toHandful } from './formats/handful.mjs';
import { toOnnx } from './formats/onnx.mjs';
import { toOnnxCnnTraining, toOnnxTraining } from './formats/onnx_training.mjs';
import { toTfjs } from './formats/tfjs.mjs';
import { toTflite } from './formats/tflite.mjs';
import { kHeadTask } from './head_task.mjs';
import { kNetworks, randomOf } from './nets.mjs';
import { serveMounts } from './server.mjs';

const kUsage = `usage: tools/bench [--rounds 5] [--seconds 1.5] [--nets mobilenet,cnn|none] [--only NAME,…] [--no-photo] [--no-training]
                   [--no-cnn-training]
                   [--dist dist] [--json FILE] [--chromium /usr/bin/chromium]
  --rounds    visits to each contestant
  --seconds   of measured inference a visit (half as long goes before, to warm up)
  --only      contestants, of: litert, tfjs-wasm, onnxruntime, handful-relaxed, handful-simd, handful-worker;
              of head training: tfjs-layers, onnxruntime-training, handful-relaxed, handful-simd;
              of CNN training: the same
  --dist      the built site (tools/run --build-only makes it)
  --json      also writes every single time there`;

const kHere = dirname(fileURLToPath(import.meta.url));
const kRoot = join(kHere, '..', '..');
const kOut = join(kRoot, 'build', 'bench');
const kContestants = [
  { name: 'litert', script: 'litert', peer: true },
  { name: 'tfjs-wasm', script: 'tfjs_wasm', peer: true },
  { name: 'onnxruntime', script: 'onnxruntime', peer: true },
  { name: 'handful-relaxed', script: 'handful_engine', opts: { variant: 'relaxed', folder: '/dist/' } },
  { name: 'handful-simd', script: 'handful_engine', opts: { variant: 'simd', folder: '/dist/' } },
  { name: 'handful-worker', script: 'handful_worker', opts: { folder: '/dist/' } },
];
const kTrainers = [
  { name: 'tfjs-layers', script: 'tfjs_layers', peer: true },
  { name: 'onnxruntime-training', script: 'onnxruntime_training', peer: true },
  { name: 'handful-relaxed', script: 'handful_training', opts: { variant: 'relaxed', folder: '/dist/' } },
  { name: 'handful-simd', script: 'handful_training', opts: { variant: 'simd', folder: '/dist/' } },
];
const kTitles = {
  mobilenet: 'MobileNetV2 (alpha 0.35), 224×224 → 1280 features',
  cnn: 'Small CNN, 224×224 → 4 classes',
};

function options() {
  try {
    const { values } = parseArgs({ options: {
      rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '1.5' },
      nets: { type: 'string', default: 'mobilenet,cnn' }, only: { type: 'string' }, 'no-photo': { type: 'boolean' }, 'no-training': { type: 'boolean' },
      'no-cnn-training': { type: 'boolean' },
      dist: { type: 'string', default: join(kRoot, 'dist') }, json: { type: 'string' },
      chromium: { type: 'string', default: '/usr/bin/chromium' }, help: { type: 'boolean' } } });
    const only = values.only?.split(',');
    const [contestants, trainers] = [kContestants, kTrainers].map((all) => all.filter(({ name }) => !only || only.includes(name)));
    const nets = values.nets === 'none' ? [] : values.nets.split(',');
    const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
    const known = (only ?? []).every((name) => [...contestants, ...trainers].some((c) => c.name === name)) && nets.every((net) => kNetworks[net]);
    if (!values.help && known && rounds >= 1 && seconds > 0) {
      return { ...values, contestants, trainers: values['no-training'] ? [] : trainers,
               cnnTrainers: values['no-cnn-training'] ? [] : trainers, nets, rounds, seconds, photo: !values['no-photo'],
               dist: resolve(values.dist) };
    }
  } catch { /* said below */ }
  console.error(kUsage);
  process.exit(process.argv.includes('--help') ? 0 : 2);
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
const say = (text) => process.stderr.write(`${text}\n`);

/** The same weights in every format, in build/bench/models. */
function writeModels(nets) {
  const models = join(kOut, 'models');
  const write = (file, content) => {
    mkdirSync(dirname(join(models, file)), { recursive: true });
    writeFileSync(join(models, file), content);
  };
  for (const net of nets) {
    const network = kNetworks[net]();
    const tfjs = toTfjs(network);
    const ours = toHandful(network);
    write(`${net}.onnx`, toOnnx(network));
    write(`${net}.tflite`, toTflite(network));
    write(`${net}.tfjs/model.json`, tfjs.json);
    write(`${net}.tfjs/weights.bin`, tfjs.weights);
    write(`${net}.safetensors`, ours);
    if (net === 'mobilenet') write('head.safetensors', headFor(ours, randomOf(3)));
  }
  for (const [file, content] of Object.entries(toOnnxTraining(kHeadTask, randomOf(7)))) write(`head_training/${file}`, content);
  for (const [file, content] of Object.entries(toOnnxCnnTraining(kCnnTask, kCnnStages, randomOf(8)))) write(`cnn_training/${file}`, content);
}

async function bundle(contestants) {
  const scripts = [...new Set(contestants.map(({ script }) => script))];
  await build({
    entryPoints: Object.fromEntries([['page', join(kHere, 'page.mjs')],
                                     ...scripts.map((script) => [script, join(kHere, 'contestants', `${script}.mjs`)])]),
    outdir: join(kOut, 'scripts'), bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'error',
    mainFields: ['module', 'main'], define: { 'process.env.NODE_ENV': '"production"' },
    external: ['fs', 'path', 'perf_hooks', 'os', 'worker_threads', 'util', 'crypto'],
  });
}

/** Opens the page in a fresh context and gives `use` a function that calls into it. */
async function visit(browser, url, use) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}/page.html`);
    await page.waitForFunction('window.runBench');
    return await use(async (name, argument) => {
      const { result, error } = await page.evaluate(([n, a]) => window.runBench(n, a), [name, argument]);
      if (error) throw new Error(error);
      return result;
    });
  } finally {
    await context.close();
  }
}

/** One row a contestant: the numbers of all its rounds. */
async function measure(browser, pid, url, { contestants, nets, rounds, seconds }) {
  const results = {};
  for (const net of nets) {
    const rows = results[net] = new Map(contestants.map(({ name, peer }) => [name, { peer, rounds: [] }]));
    for (let round = 0; round < rounds; ++round) {
      for (const { name, script, opts } of contestants) {
        const row = rows.get(name);
        if (row.error) continue;
        try {
          row.rounds.push(await visit(browser, url, async (call) => {
            const loaded = await call('load', { script: `/build/${script}.js`, net, opts });
            await call('warmUp', { seconds: seconds / 2 });
            const before = cpuTimeMs(pid);
            const measured = await call('measure', { seconds });
            const cpuMs = before === null ? NaN : (cpuTimeMs(pid) - before) / measured.ms.length;
            return { ...loaded, ...measured, cpuMs };
          }));
          say(`${net}, round ${round + 1} of ${rounds}, ${name}: ${median(row.rounds.at(-1).ms).toFixed(2)} ms`);
        } catch (error) {
          row.error = error.message.split('\n')[0];
          say(`${net}, ${name}: ${error.message}`);
        }
      }
    }
  }
  return results;
}

/** One row a contestant: what each round's training came to. call: of page.mjs. */
async function measureTraining(browser, url, trainers, call, rounds) {
  const rows = new Map(trainers.map(({ name, peer }) => [name, { peer, rounds: [] }]));
  for (let round = 0; round < rounds; ++round) {
    for (const { name, script, opts } of trainers) {
      const row = rows.get(name);
      if (row.error) continue;
      try {
        row.rounds.push(await visit(browser, url, (page) => page(call, { script: `/build/${script}.js`, opts })));
        say(`${call}, round ${round + 1} of ${rounds}, ${name}: ${row.rounds.at(-1).ms.toFixed(0)} ms`);
      } catch (error) {
        row.error = error.message.split('\n')[0];
        say(`${call}, ${name}: ${error.message}`);
      }
    }
  }
  return rows;
}

/** What one number of each round says about a row: median over rounds, and over the fastest peer of the same round. */
function compare(rows, numberOf) {
  const peers = [...rows.values()].filter(({ peer, error }) => peer && !error);
  return (row) => {
    const numbers = row.rounds.map(numberOf);
    const ratios = numbers.map((value, round) =>
      value / Math.min(...peers.map(({ rounds }) => rounds[round] ? numberOf(rounds[round]) : Infinity)));
    return { value: median(numbers), ratio: peers.length > 0 ? median(ratios) : NaN };
  };
}

function table(head, rows) {
  const cells = [head, head.map(() => ''), ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row, at) => `| ${row.map((cell, column) =>
    at === 1 ? '-'.repeat(widths[column] - (column ? 1 : 0)) + (column ? ':' : '')
             : column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])).join(' | ')} |`).join('\n');
}

function report(net, rows) {
  const steady = compare(rows, ({ ms }) => median(ms));
  const best = compare(rows, ({ ms }) => Math.min(...ms));
  const cpu = compare(rows, ({ cpuMs }) => cpuMs);
  const start = compare(rows, ({ loadAndFirstMs }) => loadAndFirstMs);
  const reference = [...rows.values()].find(({ error }) => !error)?.rounds[0].answer;
  const forwardOf = (row) => row.rounds[0].forwardMs.length > 0 && row.rounds[0].forwardMs.some((ms) => ms > 0)
    ? median(row.rounds.map(({ forwardMs }) => median(forwardMs))).toFixed(2) : '';
  const lines = [...rows].map(([name, row]) => {
    if (row.error) return [name, row.error.slice(0, 60), ...Array(9).fill('')];
    const difference = Math.max(...row.rounds[0].answer.map((value, i) => Math.abs(value - reference[i])));
    const [usual, least, work, first] = [steady(row), best(row), cpu(row), start(row)];
    return [name, usual.value.toFixed(2), usual.ratio.toFixed(2), least.value.toFixed(2), least.ratio.toFixed(2),
            work.value.toFixed(2), work.ratio.toFixed(2), forwardOf(row), first.value.toFixed(0), first.ratio.toFixed(2), difference.toExponential(0)];
  });
  return `### ${kTitles[net]}\n\n${table(['contestant', 'median ms', 'ratio', 'best ms', 'ratio', 'CPU ms', 'ratio', 'network ms',
                                          'load + first ms', 'ratio', 'max difference'], lines)}\n`;
}

function trainingReport(rows) {
  const { training, validation, features, classes, hidden, dropout, batch, epochs } = kHeadTask;
  const peers = [...rows].filter(([, { peer }]) => peer);
  // How many times as long a peer takes, round by round.
  const timesAsLong = (row, peer) =>
    row.peer || row.error || peer.error ? '' : median(row.rounds.map(({ ms }, round) => peer.rounds[round].ms / ms)).toFixed(1);
  const lines = [...rows].map(([name, row]) => row.error ? [name, row.error.slice(0, 60), ...Array(1 + peers.length).fill('')]
    : [name, median(row.rounds.map(({ ms }) => ms)).toFixed(0), ...peers.map(([, peer]) => timesAsLong(row, peer)),
       median(row.rounds.map(({ accuracy }) => accuracy)).toFixed(3)]);
  return `### Head training: ${training} + ${validation} samples × ${features} features, ${classes} classes, ${hidden} hidden units, ` +
    `dropout ${dropout}, batch ${batch}, ${epochs} epochs\n\n${table(
      ['contestant', 'median ms', ...peers.map(([name]) => `${name} takes × as long`), 'validation accuracy'], lines)}\n`;
}

function cnnTrainingReport(rows) {
  const { side, dense, classes, batch } = kCnnTask;
  const peers = [...rows].filter(([, { peer }]) => peer);
  const msOf = ({ ms, steps, batch: own = batch }) => ms / steps / own;  // a picture
  const timesAsLong = (row, peer) =>
    row.peer || row.error || peer.error ? '' : median(row.rounds.map((run, round) => msOf(peer.rounds[round]) / msOf(run))).toFixed(1);
  const lines = [...rows].map(([name, row]) => {
    if (row.error) return [name, row.error.slice(0, 60), ...Array(3 + peers.length).fill('')];
    const of = (number) => median(row.rounds.map(number));
    return [name, row.rounds[0].batch ?? batch, of(({ ms, steps }) => ms / steps).toFixed(0),
            row.rounds[0].readingMs ? of(({ ms, readingMs, steps }) => (ms - readingMs) / steps).toFixed(0) : '',
            of((run) => 1000 / msOf(run)).toFixed(2), ...peers.map(([, peer]) => timesAsLong(row, peer))];
  });
  return `### CNN training: ${side}×${side} pixels, dense ${dense.join(', ')}, ${classes} classes; forward, backward and Adam\n\n${table(
    ['contestant', 'batch', 'ms a step', 'without decoding', 'images/s', ...peers.map(([name]) => `${name} takes × as long an image`)],
    lines)}\n`;
}

async function photoReport(browser, url, rounds) {
  const { bytes, runs } = await visit(browser, url, async (call) => {
    await call('load', { script: '/build/handful_worker.js', net: 'mobilenet', opts: { folder: '/dist/' } });
    return call('photo', { times: Math.max(3, rounds) });
  });
  const of = (key) => median(runs.map((run) => run[key])).toFixed(0);
  return `### A 12-megapixel JPEG (4000×3000, ${(bytes / 1e6).toFixed(1)} MB), from drop to answer\n\n${table(
    ['contestant', 'median ms', 'of it decoding', 'of it network'],
    [['handful-worker', of('ms'), of('decode_ms'), of('forward_ms')]])}\n`;
}

const chosen = options();
if (!existsSync(join(chosen.dist, 'handful.js'))) {
  say(`${chosen.dist} holds no built site: run ./tools/run --build-only first.`);
  process.exit(1);
}
say('Writing the models and bundling the contestants.');
writeModels(new Set([...chosen.nets, ...(chosen.photo || chosen.trainers.length > 0 ? ['mobilenet'] : [])]));
await bundle([...chosen.contestants, ...kTrainers, { script: 'handful_worker' }]);
const server = await serveMounts({
  '/page.html': join(kHere, 'page.html'), '/build/': join(kOut, 'scripts'), '/models/': join(kOut, 'models'),
  '/node_modules/': join(kHere, 'node_modules'), '/dist/': chosen.dist });
const browserServer = await chromium.launchServer({
  executablePath: chosen.chromium,
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'] });
const browser = await chromium.connect(browserServer.wsEndpoint());
try {
  const results = await measure(browser, browserServer.process().pid, server.url, chosen);
  const { model } = cpus()[0];
  console.log(`Chromium ${browser.version()}, ${cpus().length} × ${model}, ${chosen.rounds} rounds. ` +
    'Ratio: time over that of the fastest peer in the same round, median over the rounds; below 1 is faster.\n');
  for (const [net, rows] of Object.entries(results)) console.log(report(net, rows));
  if (chosen.trainers.length > 0) {
    const rows = await measureTraining(browser, server.url, chosen.trainers, 'trainHead', chosen.rounds);
    console.log(trainingReport(rows));
    results['head training'] = rows;
  }
  if (chosen.cnnTrainers.length > 0) {
    const rows = await measureTraining(browser, server.url, chosen.cnnTrainers, 'trainCnn', chosen.rounds);
    console.log(cnnTrainingReport(rows));
    results['CNN training'] = rows;
  }
  if (chosen.photo) console.log(await photoReport(browser, server.url, chosen.rounds));
  if (chosen.json) {
    const plain = Object.fromEntries(Object.entries(results).map(([net, rows]) => [net, Object.fromEntries(rows)]));
    writeFileSync(chosen.json, JSON.stringify(plain));
  }
} finally {
  await browserServer.close();
  server.close();
}
