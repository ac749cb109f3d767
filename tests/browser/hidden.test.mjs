// A tab that is really hidden: Playwright shows all of its pages as visible, so this one is opened and driven beside it.
import assert from 'node:assert/strict';
import { setTimeout as after } from 'node:timers/promises';
import { test } from './lib/harness.mjs';

/**
 * A tab in the browser's own window, where only the one in front is visible.
 * @param {import('playwright-core').CDPSession} session of the browser
 * @returns {Promise<{evaluate(expression: string): Promise<any>, show(): Promise<void>, close(): Promise<void>}>}
 */
async function openTab(session, url) {
  const { targetId } = await session.send('Target.createTarget', { url });
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
  const pending = new Map();
  let last = 0;
  session.on('Target.receivedMessageFromTarget', ({ sessionId: from, message }) => {
    if (from !== sessionId) return;
    const { id, result } = JSON.parse(message);
    const { settle, fail } = pending.get(id) ?? {};
    pending.delete(id);
    if (result?.exceptionDetails) fail(new Error(result.exceptionDetails.exception?.description ?? result.exceptionDetails.text));
    else settle?.(result?.result?.value);
  });
  const evaluate = (expression) => new Promise((settle, fail) => {
    pending.set(++last, { settle, fail });
    const params = { expression, returnByValue: true, awaitPromise: true };
    session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method: 'Runtime.evaluate', params }) }).catch(fail);
  });
  return { evaluate, show: () => session.send('Target.activateTarget', { targetId }), close: () => session.send('Target.closeTarget', { targetId }) };
}

async function until(tab, what, expression, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await after(200)) {
    if (await tab.evaluate(expression)) return;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

// Runs in the page. Two classes of drawn pictures: light discs before dark, and squares.
async function drawings() {
  const transfer = new DataTransfer();
  for (let i = 0; i < 48; ++i) {
    const canvas = new OffscreenCanvas(224, 224);
    const c = canvas.getContext('2d');
    c.fillStyle = `rgb(${20 + i}, ${30 + i}, 60)`;
    c.fillRect(0, 0, 224, 224);
    c.fillStyle = `rgb(255, ${150 + 2 * i}, 120)`;
    c.beginPath();
    if (i % 2 === 0) c.arc(60 + 2 * i, 90 + i, 40, 0, 7);
    else c.rect(20 + 2 * i, 60 + i, 70, 70);
    c.fill();
    transfer.items.add(new File([await canvas.convertToBlob()], `${i}.png`));
  }
  return transfer;
}

const kStored = `(async () => {
  const request = (asked) => new Promise((resolve, reject) => { asked.onsuccess = () => resolve(asked.result); asked.onerror = () => reject(asked.error); });
  const database = await request(indexedDB.open('handful'));
  const keys = await request(database.transaction('trainings').objectStore('trainings').getAllKeys());
  database.close();
  return keys.some((key) => key.includes('/model/'));
})()`;

test('a hidden tab goes on training', { minutes: 4 }, async (context) => {
  const session = await context.browser.newBrowserCDPSession();
  const tab = await openTab(session, `${context.site}?engine=simd`);
  let front;
  try {
    const element = (role, name) => `[...document.querySelectorAll(${JSON.stringify(role)})].find((e) => (e.getAttribute('aria-label') || e.textContent).startsWith(${JSON.stringify(name)}))`;
    const press = async (name) => {
      await until(tab, name, `!!${element('button', name)} && !${element('button', name)}.disabled`);
      await tab.evaluate(`${element('button', name)}.click()`);
    };
    const set = async (name, value) => {
      await until(tab, name, `!!${element('input', name)}`);
      await tab.evaluate(`(() => { const field = ${element('input', name)}; field.focus(); field.value = '${value}';
        field.dispatchEvent(new Event('input', { bubbles: true })); field.blur(); })()`);
    };
    for (const number of [0, 1]) {
      await press(number === 0 ? 'Add a class' : 'Add a second class');
      await until(tab, 'a class', `document.querySelectorAll('[role=list][aria-label="Classes to teach"] > [role=listitem]').length === ${number + 1}`);
    }
    await tab.evaluate(`(${drawings})().then((all) => {
      const cards = [...document.querySelectorAll('[role=list][aria-label="Classes to teach"] > [role=listitem]')];
      cards.forEach((card, number) => {
        const dataTransfer = new DataTransfer();
        [...all.files].forEach((file, i) => { if (i % 2 === number) dataTransfer.items.add(file); });
        const { x, y, width, height } = card.getBoundingClientRect();
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, clientX: x + width / 2, clientY: y + height / 2 }));
        }
      });
    })`);
    await until(tab, 'the pictures', `document.body.innerText.match(/24 pictures/g)?.length >= 2`);
    await tab.evaluate(`document.querySelector('[role=tab]') && ${element('[role=tab]', '2 Train')}.click()`);  // where there is no room for three columns
    await press('Advanced settings');
    await until(tab, 'the settings', `!!document.querySelector('[role=radiogroup][aria-label="Network"]')`);
    await tab.evaluate(`document.querySelector('[role=radiogroup][aria-label="Network"] input:last-of-type').click()`);
    await until(tab, 'the network', `document.body.innerText.includes('Sees only your pictures')`);
    await set('Epochs', 12);
    await set('Batch', 8);
    await press('Train');
    await until(tab, 'the training', `!!document.querySelector('[role=progressbar][aria-label="Training"]')`);

    front = await openTab(session, 'about:blank');
    await until(tab, 'hiding', `document.visibilityState === 'hidden'`, 10);
    assert.equal(await tab.evaluate(kStored), false, 'it was done before it was hidden');
    await until(tab, 'the end of the training', kStored, 120);
    assert.equal(await tab.evaluate('document.visibilityState'), 'hidden');
    await tab.show();
    await until(tab, 'the result', `document.body.innerText.includes('Training is done.')`, 20);
  } finally {
    await front?.close();
    await tab.close();
    await session.detach();
  }
});
