// Camera and video files below the ui: states, frames, the shader's pixels. The flow with the ui is teach.test.mjs.
import assert from 'node:assert/strict';
import { test } from './lib/harness.mjs';
import { openPieces } from './lib/pieces.mjs';
import { animationFrames, until } from './lib/waiting.mjs';

const kPieces = `
  export { Camera } from './page/camera';
  export { FrameGl } from './page/frame_gl';
  export { VideoSampler } from './page/video_file';
  export { EngineClient } from './engine/client';`;
const kWish = { on: true, device: '', rear: false, crop_mode: 'center' };

/** Gives the page `window.camera`, the statuses it said, and a way to wait for one. */
async function openCamera(context, before) {
  const page = await openPieces(context, kPieces, before);
  await page.evaluate(() => {
    window.states = [];
    window.seen = 0;
    window.camera = new pieces.Camera({
      state: (state) => { window.states.push(state); dispatchEvent(new CustomEvent('said')); },
      frame: (video, width, height) => { window.seen += 1; window.size = [width, height]; dispatchEvent(new CustomEvent('said')); },
    });
    window.until = (condition) => new Promise((resolve) => {
      const look = () => { if (condition()) { removeEventListener('said', look); resolve(window.states.at(-1)); } };
      addEventListener('said', look);
      look();
    });
  });
  return page;
}
const use = (page, wish) => page.evaluate((w) => window.camera.use(w), { ...kWish, ...wish });
const untilStatus = (page, status) => page.evaluate((s) => window.until(() => window.states.at(-1)?.status === s), status);
const untilFrames = (page, n) => page.evaluate((count) => { const from = window.seen; return window.until(() => window.seen >= from + count); }, n);
const statuses = (page) => page.evaluate(() => window.states.map(({ status }) => status).filter((s, i, all) => s !== all[i - 1]));

/** Replaces getUserMedia by one that refuses, or that gives a canvas's pictures. */
const refuse = (name, message = '') => (page) => page.addInitScript(([n, m]) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException(m, n); };
}, [name, message]);
const fromCanvas = (page) => page.addInitScript(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const context = canvas.getContext('2d');
  setInterval(() => { context.fillStyle = `hsl(${performance.now() / 10} 80% 50%)`; context.fillRect(0, 0, 640, 480); }, 40);
  window.given = [];
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = canvas.captureStream(25);
    window.given.push({ stream, constraints });
    await window.beforeGiving?.();
    return stream;
  };
});
const liveTracks = (page) => page.evaluate(() => window.given.map(({ stream }) => stream.getVideoTracks()[0].readyState));

test('the camera starts, gives frames, says which devices there are, and stops', async (context) => {
  const page = await openCamera(context);
  await use(page, {});
  await untilFrames(page, 3);
  const { status, devices, device, width, height } = await page.evaluate(() => window.until(() => window.states.at(-1).devices.length > 0));
  assert.equal(status, 'on');
  assert.ok(devices.some(({ id }) => id === device), 'the device in use is one of the list');
  assert.deepEqual([width, height], [640, 480]);
  await use(page, { on: false });
  assert.equal((await untilStatus(page, 'off')).device, '');
  const seen = await page.evaluate(() => window.seen);
  await animationFrames(page, 20);
  assert.equal(await page.evaluate(() => window.seen), seen, 'no frame comes after the end');
  assert.deepEqual(await statuses(page), ['starting', 'on', 'off']);
});

for (const [name, status] of [['NotAllowedError', 'denied'], ['NotReadableError', 'busy'], ['NotFoundError', 'none'], ['OddError', 'failed']]) {
  test(`a camera that answers ${name} is said to be ${status}`, async (context) => {
    const page = await openCamera(context, refuse(name, 'in the words of the browser'));
    await use(page, {});
    assert.equal((await untilStatus(page, status)).message, status === 'failed' ? 'in the words of the browser' : '');
  });
}

test('a page that is not served safely says that it gets no camera', async (context) => {
  const page = await openCamera(context, (p) => p.addInitScript(() => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  }));
  await use(page, {});
  await untilStatus(page, 'insecure');
});

test('a camera that is unplugged is said to be, and comes back when it is plugged in', async (context) => {
  const page = await openCamera(context, fromCanvas);
  await use(page, {});
  await untilFrames(page, 1);
  await page.evaluate(() => window.given[0].stream.getVideoTracks()[0].dispatchEvent(new Event('ended')));
  await untilStatus(page, 'unplugged');
  await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
  await untilFrames(page, 1);
  assert.deepEqual(await statuses(page), ['starting', 'on', 'unplugged', 'starting', 'on']);
});

test('another device is taken while the camera is on, and the one before is let go', async (context) => {
  const page = await openCamera(context, fromCanvas);
  await use(page, {});
  await untilFrames(page, 1);
  await use(page, { device: 'another' });
  await untilFrames(page, 2);
  assert.deepEqual(await liveTracks(page), ['ended', 'live']);
  const asked = await page.evaluate(() => window.given.map(({ constraints }) => constraints.video));
  assert.deepEqual(asked.map(({ deviceId, facingMode }) => ({ deviceId, facingMode })),
                   [{ deviceId: undefined, facingMode: { ideal: 'user' } }, { deviceId: { exact: 'another' }, facingMode: undefined }]);
  await use(page, { rear: true });
  await untilFrames(page, 2);
  assert.deepEqual(await page.evaluate(() => window.given.at(-1).constraints.video.facingMode), { ideal: 'environment' });
});

test('what was asked for and is wanted no more is stopped when it comes', async (context) => {
  const page = await openCamera(context, fromCanvas);
  await page.evaluate(() => { window.beforeGiving = () => new Promise((resolve) => { window.give = resolve; }); });
  await use(page, {});
  await use(page, { on: false });
  await page.evaluate(() => window.give());
  await until(async () => (await liveTracks(page)).join() === 'ended', 'the camera to be let go');
  assert.deepEqual(await statuses(page), ['starting', 'off']);
});

test('a camera that is gone by its name is replaced by whichever there is', async (context) => {
  const page = await openCamera(context);
  await use(page, { device: '0123456789abcdef' });
  await untilFrames(page, 1);
  assert.deepEqual(await statuses(page), ['starting', 'on']);
});

test('a shot has the pixels that the engine makes of the same picture', async (context) => {
  const page = await openPieces(context, kPieces);
  const worst = await page.evaluate(async ([site, cases]) => {
    const engine = new pieces.EngineClient({ base: site, variant: 'simd', store: 'shots' });
    const heard = (type) => new Promise((resolve, reject) => {
      engine.on(type, (event, buffers) => resolve({ event, buffers }));
      engine.on('Failed', (event) => reject(new Error(event.message)));
      engine.onCrash(({ message }) => reject(new Error(message)));
    });
    const index = await (await fetch('models/index.json')).json();
    const opened = heard('ProjectOpened'), ready = heard('BackboneLoaded');
    engine.post({ type: 'LoadBackbone', id: 1, name: 'backbone' }, [{ url: `models/${index.backbones[0].file}` }]);
    engine.post({ type: 'OpenProject', id: 2 });
    await opened;
    await ready;
    const frames = new pieces.FrameGl(new OffscreenCanvas(16, 16).getContext('webgl2'));
    const found = [];
    for (const [width, height, mode] of cases) {
      // Different in every direction, with noise: what a wrong filter shows in.
      const picture = new ImageData(width, height);
      let seed = 1;
      for (let i = 0; i < picture.data.length; ++i) {
        seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
        const x = (i >> 2) % width, y = Math.floor((i >> 2) / width), channel = i & 3;
        picture.data[i] = channel === 3 ? 255 : (2 * x + 3 * y * (1 + channel) + (seed >>> 24 & 127)) & 255;
      }
      const texture = frames.createTexture();
      frames.upload(texture, picture);
      const shot = new Uint8Array(await frames.shoot(texture, width, height, mode));
      const added = heard('SampleAdded');
      engine.post({ type: 'SetCropMode', crop_mode: mode });
      engine.post({ type: 'AddSample', id: 3, name: 'picture', label: 'a', width, height }, [picture.data.slice().buffer]);
      const { event: { sample } } = await added;
      const kept = heard('SamplePixels');
      engine.post({ type: 'GetSample', id: 4, sample_id: sample.id });
      const pixels = new Uint8Array((await kept).buffers[0]);
      let most = 0, differ = 0;
      for (let i = 0; i < pixels.length; ++i) {
        const difference = Math.abs(pixels[i] - shot[i]);
        most = Math.max(most, difference);
        differ += Number(difference > 0);
      }
      found.push({ what: `${width} × ${height}, ${mode}`, bytes: [shot.length, pixels.length], most, differ });
    }
    engine.dispose();
    return found;
  }, [context.site, [[640, 480, 'center'], [640, 480, 'fit'], [480, 640, 'fit'], [224, 224, 'center'], [100, 80, 'center'], [1280, 720, 'center'],
                     [1920, 1080, 'center'], [1920, 1080, 'fit'], [899, 901, 'center']]]);
  for (const { what, bytes, most, differ } of worst) {
    assert.deepEqual(bytes, [224 * 224 * 4, 224 * 224 * 4], what);
    assert.ok(most <= 1, `${what}: a value differs by ${most}`);
    assert.ok(differ < bytes[0] / 200, `${what}: ${differ} values differ`);
  }
});

/** A page with a video of its own making: two seconds of one colour after the other. */
async function openVideo(context) {
  const page = await openPieces(context, kPieces);
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context2d = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    const started = performance.now();
    const colors = ['#f00', '#0f0', '#00f'];
    const timer = setInterval(() => {
      context2d.fillStyle = colors[Math.min(2, Math.floor((performance.now() - started) / 700))];
      context2d.fillRect(0, 0, 320, 240);
    }, 20);
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    recorder.stop();
    await stopped;
    clearInterval(timer);
    window.file = new Blob(parts, { type: 'video/webm' });
    window.shots = [];
    window.ended = new Promise((resolve) => { window.end = resolve; });
    const frames = new pieces.FrameGl(new OffscreenCanvas(16, 16).getContext('webgl2'));
    window.sampler = new pieces.VideoSampler(() => frames, {
      shot: (pixels, video, seconds, index, total) => {
        const at = 4 * (112 * 224 + 112);
        window.shots.push({ pixels: new Uint8Array(pixels, at, 4).join(), video, seconds, index, total });
        if (!window.keepAll) setTimeout(() => window.sampler.released(index + 100), 0);
        return index + 100;
      },
      end: (video, sentence) => window.end({ video, sentence }),
    });
  });
  return page;
}

test('a video file is sampled at the rate that is wished, moment by moment', async (context) => {
  const page = await openVideo(context);
  const { ended, shots } = await page.evaluate(async () => {
    window.sampler.start(7, window.file, 4, 'center');
    return { ended: await window.ended, shots: window.shots };
  });
  assert.deepEqual(ended, { video: 7, sentence: '' });
  assert.ok(shots.length >= 6 && shots.length <= 10, `${shots.length} shots of about 2.1 s at 4 a second`);
  shots.forEach(({ index, total, video, seconds }, i) => {
    assert.deepEqual([index, total, video], [i, shots.length, 7]);
    assert.ok(Math.abs(seconds - (i + 0.5) / 4) < 1e-6);
  });
  const strongest = shots.map(({ pixels }) => { const [r, g, b] = pixels.split(',').map(Number); return r > g && r > b ? 'r' : g > b ? 'g' : 'b'; });
  assert.match(strongest.join(''), /^r+g+b+$/);
});

test('no more than three shots of a video wait for the ui, and it can be stopped', async (context) => {
  const page = await openVideo(context);
  const { waiting, ended, shots } = await page.evaluate(async () => {
    window.keepAll = true;
    window.sampler.start(7, window.file, 20, 'fit');
    const until = performance.now() + 3000;
    while (window.shots.length < 3 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const waiting = window.shots.length;
    window.sampler.stop(7);
    return { waiting, ended: await window.ended, shots: window.shots.length };
  });
  assert.equal(waiting, 3);
  assert.equal(shots, 3);
  assert.deepEqual(ended, { video: 7, sentence: '' });
});

test('a video that the browser cannot play ends with a sentence, and the next one is played', async (context) => {
  const page = await openVideo(context);
  const { first, second } = await page.evaluate(async () => {
    window.sampler.start(1, new Blob(['no video at all'], { type: 'video/mp4' }), 2, 'center');
    const first = await window.ended;
    window.ended = new Promise((resolve) => { window.end = resolve; });
    window.sampler.start(2, window.file, 2, 'center');
    return { first, second: await window.ended };
  });
  assert.equal(first.video, 1);
  assert.match(first.sentence, /cannot play this video/);
  assert.deepEqual(second, { video: 2, sentence: '' });
});
