// What was acknowledged survives whatever ends the engine, the tab or its process, at any moment.
import assert from 'node:assert/strict';
import { test } from './lib/harness.mjs';
import { openProjectPage, tabsOf } from './lib/project_page.mjs';

const kKills = {
  'the worker ends': (page) => page.evaluate(() => window.engine.dispose()),
  'the tab is closed': (page) => page.close(),
  'the process crashes': async (page) => {
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => {});
    await crashed;
  },
  'the page is left': (page) => page.goto('about:blank'),
};

// Numbers in [0, 1) from a seed (mulberry32).
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Opens the project and looks at every sample that it should have.
async function checkKept(page, acknowledged) {
  const { listed, withPictures, failed, training } = await page.evaluate(async (ids) => {
    window.engine.post({ type: 'OpenProject', id: 1e6, take: true });
    await window.wait(({ type, id, command }) => type === 'SamplesListed' || (type === 'Failed' && command === 'OpenProject'));
    const listed = window.heard.filter(({ type }) => type === 'SamplesChanged').flatMap(({ samples }) => samples).map(({ id }) => id);
    const withPictures = [];
    for (let i = 0; i < ids.length; i += 100) {
      const thumbnails = await window.ask({ type: 'GetThumbnails', sample_ids: ids.slice(i, i + 100) });
      withPictures.push(...thumbnails.sample_ids);
    }
    for (const id of ids.slice(-3)) {
      const { side } = await window.ask({ type: 'GetSample', sample_id: id });
      if (side !== 224) window.heard.push({ type: 'Failed', message: `the pixels of sample ${id} are gone` });
    }
    const states = new Map(window.heard.findLast(({ type }) => type === 'ProjectOpened').trainings.map(({ id, state }) => [id, state]));
    for (const { type, training } of window.heard) if (type === 'TrainingChanged') states.set(training.id, training.state);
    return { listed, withPictures, failed: window.heard.filter(({ type }) => type === 'Failed'),
             training: [...states.values()].filter((state) => state === 'running').length };
  }, acknowledged);
  assert.deepEqual(failed, []);
  assert.deepEqual(acknowledged.filter((id) => !listed.includes(id)), [], 'acknowledged samples are listed again');
  assert.deepEqual(acknowledged.filter((id) => !withPictures.includes(id)), [], 'and have their thumbnails');
  assert.equal(training, 0, 'a training that was cut off is not said to run');
  return listed.length;
}

// Samples come as a camera's, eight on their way at any time; a training runs as soon as it can, again and again.
function capture(page, seed) {
  return page.evaluate((first) => {
    let seed = first;
    const add = () => {
      window.engine.post({
        type: 'AddSample', id: 1e7, label: `class ${seed % 3}`, source: 'camera', session: `s${seed >> 4}`, burst: true,
        width: 224, height: 224 }, [window.pictureOf(seed++)]);
    };
    const train = () => window.engine.post({ type: 'Train', id: 2e7, settings: { epochs: 30, hidden: 32 } });
    let trained = false;
    window.onHeard = (event) => {
      if (event.type === 'SampleAdded') add();
      if (event.type === 'SampleAdded' && event.samples >= 12 && !trained) {
        trained = true;
        train();
      }
      if (event.type === 'TrainDone') train();
      if (event.type === 'SamplesSaved') void window.acknowledged(event.sample_ids);
    };
    for (let i = 0; i < 8; ++i) add();
  }, seed);
}

async function killAgainAndAgain(context, kills, seed) {
  const random = randomNumbers(seed);
  const tabs = tabsOf(context);
  const acknowledged = new Set();
  const names = Object.keys(kKills);
  const rounds = [];
  for (let kill = 0; kill <= kills; ++kill) {
    const page = await openProjectPage(tabs);
    const samples = await checkKept(page, [...acknowledged]);
    if (kill === kills) break;
    await page.exposeFunction('acknowledged', (ids) => ids.forEach((id) => acknowledged.add(id)));
    await capture(page, kill * 1000);
    await new Promise((resolve) => setTimeout(resolve, random() * 1500));
    const name = names[kill % names.length];
    rounds.push(`${name} at ${samples} samples`);
    await kKills[name](page);
    if (!page.isClosed()) await page.close();
  }
  assert.ok(acknowledged.size > kills, `only ${acknowledged.size} samples were acknowledged: ${rounds.join(', ')}`);
  return acknowledged.size;
}

test('eight kills while capturing and training lose no acknowledged sample', async (context) => {
  await killAgainAndAgain(context, 8, 1);
});

test('fifty kills while capturing and training lose no acknowledged sample', { long: true, minutes: 12 },
     async (context) => {
  console.log(`         ${await killAgainAndAgain(context, 50, 2)} samples were acknowledged`);
});

test('a client whose engine crashed opens the same project again and says how many samples were on their way', async (context) => {
  const page = await openProjectPage(context);
  await page.evaluate(() => window.ask({ type: 'CreateProject', name: 'mine' }));
  await page.evaluate(async () => {
    for (let i = 0; i < 4; ++i) {
      window.engine.post({ type: 'AddSample', id: 100 + i, label: 'a', width: 224, height: 224 }, [window.pictureOf(i)]);
    }
    await window.wait(({ type, project }) => type === 'ProjectChanged' && project.samples === 4);
    const saved = () => window.heard.filter(({ type }) => type === 'SamplesSaved').flatMap(({ sample_ids }) => sample_ids).length;
    if (saved() < 4) await window.wait(({ type }) => type === 'SamplesSaved' && saved() === 4);
  });
  const worker = page.workers()[0];
  const crash = await page.evaluate(() => {
    window.heard.length = 0;
    for (let i = 0; i < 3; ++i) {
      window.engine.post({ type: 'AddSample', id: 200 + i, label: 'a' }, [new Blob([new Uint8Array(9)])]);
    }
    window.engine.worker.onmessage({ data: { kind: 'crashed', message: 'killed by a test' } });
    const [crash] = window.crashes;
    window.engine.restart();
    return crash;
  });
  assert.deepEqual(crash, { message: 'killed by a test', lost: { samples: 3, imports: 0, trainings: 0 } });
  const { name, samples } = await page.evaluate(async () => ({
    samples: (await window.wait(({ type }) => type === 'SamplesListed')).samples,
    name: window.heard.find(({ type }) => type === 'ProjectOpened').project.name }));
  assert.deepEqual([name, samples], ['mine', 4]);
  assert.notEqual(page.workers()[0], worker);
});
