// The library for other pages, handful.js, in a real browser: the Worker, the engine, the browser's decoders.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dataPath, drawn, inputFile, test } from './lib/harness.mjs';
import { readNpy } from './lib/npy.mjs';
import { until } from './lib/waiting.mjs';
import { kThreeKinds } from '../node/lib/drawn.mjs';

// Loads the library in `page` as window.Handful, and makes one as window.handful.
async function create(page, options = {}) {
  await page.evaluate(async (given) => {
    Object.assign(window, await import('./handful.js'));
    window.handful = await window.createHandful(given);
  }, options);
}

// The path's second part is what it shows.
const kPictures = kThreeKinds.flatMap((kind) => [0, 1, 2, 3].map((number) => drawn(kind, number)));

const goldenImages = () => readFileSync(dataPath('golden/images.txt'), 'utf8').trim().split('\n');

for (const variant of ['simd', 'relaxed']) {
  test(`the golden images have their features on the ${variant} engine, and its own kernels really ran`, { needsData: true },
       async ({ openBlank }) => {
    const page = await openBlank();
    await create(page, { variant });
    const engine = await page.evaluate(() => window.handful.engine);
    assert.equal(engine.variant, variant);
    assert.match(engine.kernels, variant === 'relaxed' ? /wasmrelaxedsimd/ : /wasmsimd/);
    const features = await page.evaluate(async (files) => {
      const all = [];
      for (const file of files) all.push(Array.from((await window.handful.embed(await window.fileOf(file))).features));
      return all.flat();
    }, goldenImages());
    const { shape, values } = readNpy(dataPath('golden/features.npy'));
    assert.deepEqual(shape, [goldenImages().length, 1280]);
    assert.equal(features.length, values.length);
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - features[i])), 0);
    assert.ok(largest <= 1e-4, `the largest difference is ${largest}`);
  });
}

test('pixels, canvases and bitmaps give the same features as the file they came from', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const differences = await page.evaluate(async (path) => {
    const file = await window.fileOf(path);
    const bitmap = await createImageBitmap(file);
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    const { features: wanted } = await window.handful.embed(file);
    const different = {};
    for (const [name, picture] of Object.entries({ bitmap, canvas, pixels, frame })) {
      const { features } = await window.handful.embed(picture);
      different[name] = features.some((value, i) => value !== wanted[i]);
    }
    frame.close();
    return different;
  }, kPictures[0]);
  assert.deepEqual(differences, { bitmap: false, canvas: false, pixels: false, frame: false });
});

test('a lossless WebP gives the features of its PNG', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const { type, same } = await page.evaluate(async (path) => {
    const png = await window.fileOf(path);
    const bitmap = await createImageBitmap(png);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });  // 1 is lossless in Chromium
    const [a, b] = [await window.handful.embed(png), await window.handful.embed(new File([webp], 'a.webp'))];
    return { type: webp.type, same: a.features.every((value, i) => value === b.features[i]) };
  }, kPictures[0]);
  assert.deepEqual({ type, same }, { type: 'image/webp', same: true });
});

test('a lossless AVIF gives the features of its pixels', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const avif = readFileSync(new URL('./fixtures/gradient_48x40_lossless.avif', import.meta.url)).toString('base64');
  assert.equal(await page.evaluate(async (base64) => {
    const file = new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], 'a.avif');
    const pixels = new ImageData(48, 40);
    for (let y = 0, at = 0; y < 40; ++y) {
      for (let x = 0; x < 48; ++x, at += 4) pixels.data.set([x * 5, y * 6, (x * y) & 255, 255], at);
    }
    const [a, b] = [await window.handful.embed(file), await window.handful.embed(pixels)];
    return a.features.every((value, i) => value === b.features[i]);
  }, avif), true);
});

test('a picture that nobody can decode fails with a sentence, and the next is answered', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const [broken, text, good] = await page.evaluate(async (path) => {
    const messageOf = (promise) => promise.then(() => 'no error', (error) => `${error.name}: ${error.file}: ${error.message}`);
    const webp = new TextEncoder().encode('RIFF\x20\0\0\0WEBPVP8 and then nothing that makes sense');
    return Promise.all([
      messageOf(window.handful.embed(new File([webp], 'broken.webp'))),
      messageOf(window.handful.embed(new File(['just text'], 'text.jpg'))),
      window.handful.embed(await window.fileOf(path)).then(({ features }) => features.length)]);
  }, kPictures[0]);
  assert.match(broken, /^HandfulError: broken\.webp: .+/);
  assert.match(text, /^HandfulError: text\.jpg: .+/);
  assert.equal(good, 1280);
});

test('after a crash what waited is rejected, and a new engine answers with the same backbone', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const before = await page.evaluate(async (path) =>
    Array.from((await window.handful.embed(await window.fileOf(path))).features), kPictures[0]);
  const [worker] = page.workers();
  await page.route('**/endless.safetensors', () => {});  // is never answered
  await page.evaluate(() => {
    window.waiting = window.handful.load('endless.safetensors').then(() => 'no error', ({ message }) => message);
  });
  await worker.evaluate(() => setTimeout(() => { throw new Error('killed by a test'); }));
  assert.match(await page.evaluate(() => window.waiting), /killed by a test/);
  const after = await page.evaluate(async (path) =>
    Array.from((await window.handful.embed(await window.fileOf(path))).features), kPictures[0]);
  assert.deepEqual(after, before);
  assert.notEqual(page.workers()[0], worker);
});

test('without memory for a picture there is a sentence, and smaller ones are answered', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  await page.workers()[0].evaluate(() => {
    WebAssembly.Memory.prototype.grow = () => { throw new RangeError('no more memory'); };
  });
  const [large, small] = await page.evaluate(() => Promise.all([
    window.handful.embed(new ImageData(6000, 4000)).catch(({ message }) => message),
    window.handful.embed(new ImageData(64, 64)).then(({ features }) => features.length)]));
  assert.match(large, /not enough memory: 96\.0 MB were needed/);
  assert.equal(small, 1280);
});

test('it learns from examples, reports each epoch, and uses what it learnt', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const result = await page.evaluate(async (paths) => {
    const { handful } = window;
    let samples = 0;
    for (const path of paths) samples = await handful.addSample(path.split('/')[1], await window.fileOf(path));
    const epochs = [];
    const training = handful.train({ epochs: 12, validation: 0 });
    for await (const { epoch, loss } of training) epochs.push([epoch, loss]);
    const trained = await training;
    const right = await Promise.all(paths.map(async (path) =>
      (await handful.classify(await window.fileOf(path), { top: 1 })).top[0].label === path.split('/')[1]));
    const again = await window.createHandful();
    const info = await again.load(trained.model);
    again.dispose();
    return { samples, epochs, trained, right, classes: handful.model.classes, reloaded: info.classes };
  }, kPictures);
  assert.equal(result.samples, kPictures.length);
  assert.deepEqual(result.epochs.map(([epoch]) => epoch), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.ok(result.epochs.at(-1)[1] < result.epochs[0][1], 'the loss falls');
  assert.equal(result.trained.stopped, false);
  assert.deepEqual(result.classes, kThreeKinds);
  assert.deepEqual(result.reloaded, result.classes);
  assert.ok(result.right.every(Boolean), `${result.right.filter(Boolean).length} of ${kPictures.length} right`);
});

test('a training stops when its signal says so, with the model so far', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const { stopped, epochs } = await page.evaluate(async (paths) => {
    for (const path of paths) await window.handful.addSample(path.split('/')[1], await window.fileOf(path));
    const stop = new AbortController();
    let epochs = 0;
    const training = window.handful.train({ epochs: 100000, validation: 0, signal: stop.signal });
    for await (const _ of training) if (++epochs === 5) stop.abort();
    return { stopped: (await training).stopped, epochs };
  }, kPictures);
  assert.equal(stopped, true);
  assert.ok(epochs < 1000, `${epochs} epochs`);
});

test('a Teachable Machine .h5, or its zip, loads and is sure of its two samples', { needsData: true },
     async ({ openBlank }) => {
  const page = await openBlank();
  await create(page, { backbone: null });
  const result = await page.evaluate(async () => {
    const model = await window.handful.load([await window.fileOf('weights/mobilenet_v2_035_224_one_or_two.h5'),
                                                  new File(['0 1 finger\n1 2 fingers\n'], 'labels.txt')]);
    const tops = [];
    for (const n of [1, 2]) tops.push((await window.handful.classify(await window.fileOf(`weights/samples/${n}.jpg`), { top: 1 })).top[0]);
    return { model, tops };
  });
  assert.deepEqual(result.model.classes, ['1 finger', '2 fingers']);
  assert.deepEqual(result.tops.map(({ label }) => label), ['1 finger', '2 fingers']);
  for (const { p } of result.tops) assert.ok(p > 0.999, `p = ${p}`);
});

test('the HDF5 reader is fetched only when an .h5 comes', { needsData: true }, async ({ openBlank }) => {
  const page = await openBlank();
  const requests = [];
  page.context().on('request', (request) => requests.push(request.url()));
  await create(page);
  assert.deepEqual(requests.filter((url) => url.includes('hdf5')), []);
  await page.evaluate(async () => window.handful.load(await window.fileOf('weights/mobilenet_v2_035_224_one_or_two.h5')));
  assert.equal(requests.filter((url) => /\/hdf5\.js$/.test(url)).length, 1);
});

test('a model that is none fails with a sentence that names it', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page, { backbone: null });
  const messages = await page.evaluate(async () => {
    const messageOf = (file) => window.handful.load(file).then(() => 'no error', (error) => `${error.file}: ${error.message}`);
    return [await messageOf(new File(['\x89HDF\r\n\x1a\n and nothing more'], 'cut.h5')), await messageOf(new File([], 'empty.safetensors')),
            await messageOf('missing/model.safetensors')];
  });
  assert.match(messages[0], /^cut\.h5: .+/);
  assert.match(messages[1], /^empty\.safetensors: .+/);
  assert.match(messages[2], /^model\.safetensors: model\.safetensors: the server answered 404/);
});

test('after dispose nothing runs any more and questions are rejected', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page, { backbone: null });
  const messages = await page.evaluate(async () => {
    const before = window.handful.classify(new ImageData(8, 8)).catch(({ message }) => message);
    window.handful.dispose();
    return [await before, await window.handful.classify(new ImageData(8, 8)).catch(({ message }) => message)];
  });
  assert.deepEqual(messages, ['This Handful was disposed of.', 'This Handful was disposed of.']);
  await until(() => page.workers().length === 0, 'the worker to end');
});

test('an engine that this browser cannot run is refused with a sentence', async ({ openBlank }) => {
  const page = await openBlank();
  assert.match(await page.evaluate(async () => {
    const { createHandful } = await import('./handful.js');
    return createHandful({ variant: 'fastest' }).then(() => 'no error', ({ message }) => message);
  }), /There is no engine "fastest"/);
});

test('the example page learns two things and tells them apart, by its labels', async ({ open }) => {
  const page = await open('examples/embed.html');
  const status = page.getByRole('status');
  await status.filter({ hasText: 'Ready.' }).waitFor();
  const of = (kind, numbers) => numbers.map((number) => inputFile(drawn(kind, number)));
  await page.getByLabel('Pictures of the first thing').setInputFiles(of('discs', [0, 1, 2, 3]));
  await status.filter({ hasText: '4 examples so far.' }).waitFor();
  await page.getByLabel('Pictures of the second thing').setInputFiles(of('stripes', [0, 1, 2, 3]));
  await status.filter({ hasText: '8 examples so far.' }).waitFor();
  await page.getByRole('button', { name: 'Learn' }).click();
  await status.filter({ hasText: 'Learnt.' }).waitFor();
  for (const [kind, label] of [['discs', 'the first thing'], ['stripes', 'the second thing']]) {
    await page.getByLabel('What is this?').setInputFiles(of(kind, [0]));
    await status.filter({ hasText: new RegExp(`^${label}: \\d+ %`) }).waitFor();
  }
});

test('a page of another origin can use a site\'s library, where the site allows it', async ({ browser, site }) => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route('http://other.test/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.route(`${site}**`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
    });
    await page.goto('http://other.test/');
    assert.equal(await page.evaluate(async (library) => {
      const { createHandful } = await import(library);
      const handful = await createHandful();
      return (await handful.embed(new ImageData(32, 32))).features.length;
    }, `${site}handful.js`), 1280);
  } finally {
    await context.close();
  }
});

test('a WebP is set upright by its EXIF orientation, whichever of the eight it is', async ({ openBlank }) => {
  const page = await openBlank();
  await create(page);
  const wrong = await page.evaluate(async (path) => {
    const upright = await createImageBitmap(await window.fileOf(path));
    const featuresOf = async (picture) => (await window.handful.embed(picture)).features;
    const wanted = await featuresOf(upright);
    // What a camera that was held so would have stored: turns (by 90 degrees, clockwise) of the upright picture, and
    // whether it is mirrored after that.
    const stored = { 1: [0, false], 2: [0, true], 3: [2, false], 4: [2, true], 5: [1, true], 6: [3, false], 7: [3, true], 8: [1, false] };
    const wrong = [];
    for (const [orientation, [turns, mirrored]] of Object.entries(stored)) {
      const canvas = new OffscreenCanvas(224, 224);
      const context = canvas.getContext('2d');
      context.translate(112, 112);
      if (mirrored) context.scale(-1, 1);
      context.rotate(turns * Math.PI / 2);
      context.drawImage(upright, -112, -112);
      const plain = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 1 })).arrayBuffer());
      // Chromium writes the extended form (WebP Container Specification): VP8X with its flags in byte 20, then chunks.
      // Here comes one more: EXIF with the orientation as its only entry.
      const exif = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, Number(orientation), 0, 0, 0, 0, 0, 0];
      const chunk = [...'EXIF'].map((character) => character.charCodeAt(0)).concat([exif.length, 0, 0, 0], exif);
      const tagged = new Uint8Array([...plain, ...chunk]);
      tagged[20] |= 8;
      new DataView(tagged.buffer).setUint32(4, tagged.length - 8, true);
      const features = await featuresOf(new File([tagged], 'turned.webp'));
      if (features.some((value, i) => value !== wanted[i])) wrong.push(orientation);
    }
    return wrong;
  }, kPictures[0]);
  assert.deepEqual(wrong, []);
});
