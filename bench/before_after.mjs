// Two builds of the site beside each other: node bench/before_after.mjs --before DIST --after DIST [--rounds 7] [--chromium FILE]
// In every round each build, in turn, in a browser profile of its own that stays: the first answer of the library, a head's training,
// and the page with a project of 10,000 samples, from the address to where it can be used. Whoever comes first in a round has the quicker
// first answer, so medians are told by place in the round. The project is written as both builds know it (version 1, tests/fixtures/85c0966).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { draw, kThreeKinds } from '../tests/node/lib/drawn.mjs';
import { serve } from '../tools/serve.mjs';

const { values } = parseArgs({ options: { before: { type: 'string' }, after: { type: 'string' }, rounds: { type: 'string', default: '7' },
  chromium: { type: 'string', default: '/usr/bin/chromium' } } });
const kSamples = 10_000, kClasses = 10;
const kFixture = JSON.parse(gunzipSync(readFileSync(fileURLToPath(new URL('../tests/fixtures/85c0966/database.json.gz', import.meta.url)))));
const kPictures = kThreeKinds.flatMap((kind) => Array.from({ length: 20 }, (_, i) => ({ label: kind, base64: draw(kind, i).toString('base64') })));
const textOf = (base64) => JSON.parse(Buffer.from(base64, 'base64').toString());
const [[, projectRecord]] = kFixture.stores.projects, [[sampleKey, sampleRecord]] = kFixture.stores.samples;
const valueOf = (store) => kFixture.stores[store].find(([key]) => key === sampleKey)[1];

const fill = (page) => page.evaluate(({ project, sample, values, stores, samples, classes }) => new Promise((resolve, reject) => {
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
  const json = (record) => new TextEncoder().encode(JSON.stringify(record)).buffer;
  const request = indexedDB.open('handful', 1);
  request.onerror = () => reject(request.error);
  request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store));
  request.onsuccess = () => {
    const transaction = request.result.transaction(stores, 'readwrite');
    const put = (store, value, key) => transaction.objectStore(store).put(value, key);
    put('projects', json({ ...project, id: 'many', name: 'many', samples, next_id: classes + samples + 1,
      classes: Array.from({ length: classes }, (_, i) => ({ id: i + 1, name: `class ${i}`, color: i % 8, enabled: true })) }), 'many');
    const pixels = bytesOf(values.pixels), thumbnail = bytesOf(values.thumbnails), features = new Float32Array(bytesOf(values.features));
    for (let i = 0; i < samples; ++i) {
      const id = classes + 1 + i, key = `many/${String(id).padStart(12, '0')}`;
      put('samples', json({ ...sample, id, class_id: 1 + i % classes, name: `${i}.png`, session: `s${i >> 6}` }), key);
      put('features', features.map((value) => value * (0.8 + 0.4 * Math.random())).buffer, key);
      put('pixels', pixels, key);
      put('thumbnails', thumbnail, key);
    }
    transaction.onerror = () => reject(transaction.error);
    transaction.oncomplete = () => { request.result.close(); resolve(); };
  };
}), { project: textOf(projectRecord), sample: textOf(sampleRecord), stores: Object.keys(kFixture.stores), samples: kSamples, classes: kClasses,
      values: Object.fromEntries(['features', 'pixels', 'thumbnails'].map((store) => [store, valueOf(store)])) });

const library = (page) => page.evaluate(async (all) => {
  const { Handful } = await import('./handful.js');
  const files = all.map(({ base64 }, i) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], `${i}.png`));
  const began = performance.now(), handful = await Handful.create({});
  const embed = (picture) => handful.embed ? handful.embed(picture) : handful.features(picture);  // as builds before 2026-11-29 call it
  await embed(files[0]);
  const firstAnswerMs = performance.now() - began, answers = [];
  for (const file of files) {
    const asked = performance.now();
    await embed(file);
    answers.push(performance.now() - asked);
  }
  for (const [i, { label }] of all.entries()) await handful.addSample(label, files[i]);
  const started = performance.now();
  await handful.train({ epochs: 1000 });
  const headMs = performance.now() - started;
  handful.dispose();
  return { firstAnswerMs, answerMs: answers.sort((a, b) => a - b)[answers.length >> 1], headMs };
}, kPictures);

async function open(page, site) {
  const began = performance.now();
  await page.goto(site);
  await page.getByText(`${kSamples / kClasses} pictures`, { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Train', exact: true }).and(page.locator(':enabled')).waitFor({ timeout: 60_000 });
  return { openMs: performance.now() - began };
}

const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox', '--disable-quic', '--no-first-run',
  '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
const builds = [];
for (const name of ['before', 'after']) {
  const server = await serve({ dir: values[name], port: 0 }), context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const blank = `${server.url}blank.html`;
  await context.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }));
  const page = await context.newPage();
  await page.goto(blank);
  await fill(page);
  builds.push({ name, server, blank, page, rows: [] });
}
const rounds = Number(values.rounds);
for (let round = -1; round < rounds; ++round) {  // the first one warms up
  for (const [place, build] of (round % 2 === 0 ? builds : builds.toReversed()).entries()) {
    await build.page.goto(build.blank);
    const row = { place, ...await library(build.page), ...await open(build.page, build.server.url) };
    await build.page.goto('about:blank');
    console.log(`${round < 0 ? 'warm-up ' : ''}${build.name} ${JSON.stringify(row)}`);
    if (round >= 0) build.rows.push(row);
  }
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
console.log('\n| ms | place in the round | before | after |\n|---|---:|---:|---:|');
for (const key of ['firstAnswerMs', 'answerMs', 'headMs', 'openMs']) {
  for (const place of [0, 1]) {
    const of = ({ rows }) => median(rows.filter((row) => row.place === place).map((row) => row[key]))?.toFixed(1);
    console.log(`| ${key} | ${place + 1} | ${builds.map(of).join(' | ')} |`);
  }
}
await browser.close();
for (const { server } of builds) await server.close();
