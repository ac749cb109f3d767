// The real IndexedDB and Web Locks behind web/engine/store.ts and locks.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from './lib/harness.mjs';
import { openPieces } from './lib/pieces.mjs';
import { tabsOf } from './lib/project_page.mjs';

const kPieces = `export * from './engine/store';
export { WebLocks } from './engine/locks';
export { faultsOf } from '../tests/node/lib/store_cases.mjs';`;

async function openStorePage(context, before) {
  const page = await openPieces(context, kPieces, before);
  await page.evaluate(() => {
    window.bytesOf = (text) => new TextEncoder().encode(text).buffer;
    window.textOf = (buffer) => new TextDecoder().decode(buffer);
    window.batch = (changes) => ({ puts: [], removes: [], removePrefixes: [], copyFrom: '', copyTo: '', ...changes });
    window.put = (store, key, text) => ({ store, key, value: window.bytesOf(text) });
    window.goodbyes = [];
    window.open = (name = 'test') => window.pieces.openStore(name, (sentence) => window.goodbyes.push(sentence));
  });
  return page;
}

test('the browser\'s store lists, reads, copies and removes as the one in memory does', async (context) => {
  const page = await openStorePage(context);
  const [kept, inMemory] = await page.evaluate(async () => {
    const { batch, put, textOf, pieces } = window;
    const results = [];
    for (const store of [await window.open(), new pieces.MemoryStore('')]) {
      const keys = Array.from({ length: 150 }, (_, i) => `a/${String(i).padStart(3, '0')}`);
      await store.write(batch({ puts: [...keys.map((key) => put('samples', key, key)), put('pixels', 'a/001', 'png'), put('samples', 'ab', '')] }));
      await store.write(batch({ copyFrom: 'a/', copyTo: 'b/', puts: [put('projects', 'b', 'B')] }));
      await store.write(batch({ removes: [{ store: 'samples', key: 'b/003' }], removePrefixes: [{ store: 'samples', key: 'a/' }] }));
      const lists = [];
      for (const [prefix, after, limit] of [['b/', '', 3], ['b/', 'b/002', 2], ['b/', 'b/147', 9], ['a/', '', 9], ['', '', 2]]) {
        const { keys, values, more } = await store.list('samples', prefix, after, limit, true);
        lists.push([keys, values.map(textOf), more]);
      }
      const read = await store.read('pixels', ['b/001', 'none', 'a/001']);
      results.push([lists, read.keys, read.values.map(textOf), (await store.list('projects', '', '', 9, false)).values.length]);
    }
    return results;
  });
  assert.deepEqual(kept, inMemory);
  assert.deepEqual(kept[0][1], [['b/004', 'b/005'], ['a/004', 'a/005'], true]);
});

test('the browser\'s store does what every store does', async (context) => {
  const page = await openStorePage(context);
  const table = JSON.parse(readFileSync(new URL('../fixtures/store_cases.json', import.meta.url)));
  assert.deepEqual(await page.evaluate(async (cases) => window.pieces.faultsOf(await window.open(), cases), table), []);
});

test('what a database of version 1 keeps is there in today\'s, which has a history as well', async (context) => {
  const page = await openStorePage(context);
  const { version, lists } = await page.evaluate(async () => {
    const names = ['projects', 'samples', 'features', 'pixels', 'thumbnails', 'copies', 'trainings'];
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('test', 1);
      request.onerror = () => reject(request.error);
      request.onupgradeneeded = () => names.forEach((name) => request.result.createObjectStore(name));
      request.onsuccess = () => {
        const transaction = request.result.transaction(names, 'readwrite');
        for (const name of names) {
          for (const key of ['p', 'p/000000000001']) transaction.objectStore(name).put(window.bytesOf(`${name} ${key}`), key);
        }
        transaction.oncomplete = () => {
          request.result.close();
          resolve();
        };
      };
    });
    const store = await window.open();
    await store.write(window.batch({ puts: ['history'].map((name) => window.put(name, 'p', `${name} p`)) }));
    const lists = [];
    for (const name of window.pieces.kStoreNames) {
      const { keys, values } = await store.list(name, '', '', 9, true);
      lists.push([name, keys, values.map(window.textOf)]);
    }
    return { lists, version: (await indexedDB.databases()).find(({ name }) => name === 'test').version };
  });
  assert.equal(version, 2);
  for (const [name, keys, values] of lists) {
    assert.deepEqual(keys, ['history'].includes(name) ? ['p'] : ['p', 'p/000000000001']);
    assert.deepEqual(values, keys.map((key) => `${name} ${key}`));
  }
  assert.equal(lists.length, 8);
});

test('a write that breaks off keeps nothing of itself', async (context) => {
  const page = await openStorePage(context);
  const { message, keys } = await page.evaluate(async () => {
    const { batch, put } = window;
    const store = await window.open();
    await store.write(batch({ puts: [put('samples', 'old', '1')] }));
    const broken = { store: 'samples', key: 'new2', value: () => {} };  // cannot be cloned
    const message = await store.write(batch({ puts: [put('samples', 'new', '2'), broken], removes: [{ store: 'samples', key: 'old' }] }))
      .then(() => 'no error', (error) => error.message);
    return { message, keys: (await store.list('samples', '', '', 9, false)).keys };
  });
  assert.match(message, /^The browser could not keep this: /);
  assert.deepEqual(keys, ['old']);
});

test('where the quota is used up there is a sentence with figures, and what was kept is still there', async (context) => {
  const page = await openStorePage(context);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(context.site).origin, quotaSize: 3_000_000 });
  await page.evaluate(async () => (await window.open()).write(window.batch({ puts: [window.put('samples', 'first', '1')] })));
  const { message, keys } = await page.evaluate(async () => {
    const store = await window.open();
    let message = '';
    for (let i = 0; i < 20 && !message; ++i) {
      const value = crypto.getRandomValues(new Uint8Array(65536)).buffer;
      const puts = Array.from({ length: 16 }, (_, j) => ({ store: 'pixels', key: `${i}/${j}`, value }));
      message = await store.write(window.batch({ puts })).then(() => '', (error) => error.message);
    }
    return { message, keys: (await store.list('samples', '', '', 9, false)).keys };
  });
  assert.match(message, /^There is no room left: \d+ MB are used of the \d+ MB that the browser allows this page\. /);
  assert.deepEqual(keys, ['first']);
});

test('of two tabs one has the lock, until the other takes it or it is let go or its tab ends', async (context) => {
  const tabs = tabsOf(context);
  const [a, b] = [await openStorePage(tabs), await openStorePage(tabs)];
  for (const page of [a, b]) {
    await page.evaluate(() => {
      window.lost = [];
      window.locks = new window.pieces.WebLocks('test', (name) => window.lost.push(name));
    });
  }
  const acquire = (page, take = false) => page.evaluate((steal) => window.locks.acquire('p', steal), take);
  assert.equal(await acquire(a), true);
  assert.equal(await acquire(b), false);
  assert.equal(await acquire(b, true), true);
  await a.evaluate(() => new Promise((resolve) => {  // it is told of it a moment later
    const look = () => (window.lost.length > 0 ? resolve() : setTimeout(look, 10));
    look();
  }));
  assert.deepEqual(await a.evaluate(() => window.lost), ['p']);
  assert.equal(await acquire(a), false);
  await b.evaluate(() => window.locks.release('p'));
  assert.equal(await acquire(a), true);
  assert.deepEqual(await b.evaluate(() => window.lost), []);
  await a.close();
  assert.equal(await acquire(b, true), true);
});

test('where the browser gives no storage, things are kept in memory and a sentence says so', async (context) => {
  const page = await openStorePage(context, (page) => page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('access is denied', 'SecurityError'); };
  }));
  const { kind, message, keys } = await page.evaluate(async () => {
    const store = await window.open();
    await store.write(window.batch({ puts: [window.put('samples', 'a', '1')] }));
    return { kind: store.kind, message: store.message, keys: (await store.list('samples', '', '', 9, false)).keys };
  });
  assert.equal(kind, 'memory');
  assert.match(message, /^Nothing can be kept: access is denied\. What you make is lost when this page is closed\.$/);
  assert.deepEqual(keys, ['a']);
});

test('a database of a newer version is refused, and one raised or cleared by another tab is let go with a sentence', async (context) => {
  const tabs = tabsOf(context);
  const [a, b] = [await openStorePage(tabs), await openStorePage(tabs)];
  await a.evaluate(async () => { window.store = await window.open(); });
  await b.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('test', 3);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  }));
  const [closed] = await a.evaluate(() => window.goodbyes);
  assert.match(closed, /^Another tab runs a newer version of this page/);
  assert.equal(await a.evaluate(() => window.store.read('samples', ['a']).catch(({ message }) => message)), closed);
  assert.match(await a.evaluate(async () => (await window.open()).message), /kept by a newer version of this page/);
});
