// The mirrored controls and what reaches the ui from keys, fingers, fields and drops, with a stand-in for the ui.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from './lib/harness.mjs';
import { openPieces } from './lib/pieces.mjs';
import { animationFrames, until } from './lib/waiting.mjs';

const kPieces = `
  export { AccessMirror } from './page/access';
  export { connectFiles, FileStore } from './page/files';
  export { connectPointer } from './page/pointer';
  export { comparePaths } from './page/paths';`;
const kStyle = readFileSync(new URL('../../web/style.css', import.meta.url), 'utf8').replace(/@font-face.*\n/g, '');

/** A page with canvas and mirror; `heard` lists what the ui was told. `uses`: keys that it has a use for. */
async function openMirror(context, operations, { uses = [] } = {}, options = {}) {
  const page = await openPieces(context, kPieces, undefined, options);
  await page.evaluate(([ops, used, css]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    document.body.innerHTML = '<div id="stage"><canvas id="canvas"></canvas><div id="mirror"></div></div>';
    window.heard = [];
    const tell = (name) => (...args) => { window.heard.push([name, ...args]); };
    const ui = { scrollBy: tell('scrollBy'), scrollTo: tell('scrollTo'), key: (key, { ctrl, shift, alt }, down) => {
      window.heard.push(['key', `${ctrl ? 'ctrl+' : ''}${shift ? 'shift+' : ''}${alt ? 'alt+' : ''}${key}`, down]);
      return used.includes(key);
    } };
    const root = document.getElementById('mirror'), canvas = document.getElementById('canvas');
    for (const type of ['mousedown', 'mouseup']) canvas.addEventListener(type, () => window.heard.push([type]));
    window.mirror = new pieces.AccessMirror(root, Object.fromEntries(
      ['activate', 'scrollTo', 'focus', 'input', 'choose', 'hold'].map((name) => [name, tell(name)]).concat([
        ['filesPicked', (files, control) => window.heard.push(['filesPicked', [...files].map(({ name }) => name), control])]])));
    pieces.connectPointer(ui, canvas, root, window.mirror);
    window.mirror.apply(JSON.stringify(ops));
  }, [operations, uses, kStyle]);
  return page;
}
const apply = (page, ...operations) => page.evaluate((ops) => window.mirror.apply(JSON.stringify(ops)), operations);
/** What was heard of these kinds since the last time. */
const heard = (page, ...kinds) => page.evaluate((names) => window.heard.splice(0).filter(([name]) => names.includes(name)), kinds);
const at = (y, height = 40) => [10, y, 200, height];

test('what is typed reaches the ui as it comes, and once more when it is done', async (context) => {
  const page = await openMirror(context, [['+', 1, 0, { r: 'textbox', n: 'Name', v: 'cat', d: 'Class 1', m: 12, b: at(10) }],
                                          ['+', 2, 0, { r: 'button', n: 'Next', b: at(60) }]]);
  const field = page.getByRole('textbox', { name: 'Name' });
  assert.equal(await field.inputValue(), 'cat');
  assert.equal(await field.getAttribute('placeholder'), 'Class 1');
  await field.focus();
  await page.keyboard.press('End');
  await page.keyboard.type('s 1');
  assert.deepEqual(await heard(page, 'input', 'key'), [['input', 1, 'cats', false], ['input', 1, 'cats ', false], ['input', 1, 'cats 1', false]],
                   'letters, digits and spaces are the field\'s');
  await page.keyboard.press('Enter');
  assert.deepEqual(await heard(page, 'input'), [['input', 1, 'cats 1', true]]);
  await page.keyboard.type('2345678901');
  assert.equal((await field.inputValue()).length, 12, 'no longer than it may be');
  await page.keyboard.press('Tab');
  assert.deepEqual((await heard(page, 'input')).at(-1), ['input', 1, 'cats 1234567', true]);
});

test('Escape takes back what was typed, and only then is the ui\'s', async (context) => {
  const page = await openMirror(context, [['+', 1, 0, { r: 'textbox', n: 'Name', v: 'cat', b: at(10) }]], { uses: ['Escape'] });
  const field = page.getByRole('textbox', { name: 'Name' });
  await field.fill('dog');
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), 'cat');
  const pressed = async () => (await heard(page, 'input', 'key')).filter(([kind, , down]) => kind === 'input' || down);
  assert.deepEqual(await pressed(), [['input', 1, 'dog', false], ['input', 1, 'cat', false]]);
  await page.keyboard.press('Escape');
  assert.deepEqual(await pressed(), [['key', 'Escape', true]]);
});

test('the ui\'s own value does not disturb who is typing, and stands when they are done', async (context) => {
  const page = await openMirror(context, [['+', 1, 0, { r: 'textbox', n: 'Name', v: 'cat', b: at(10) }]]);
  const field = page.getByRole('textbox', { name: 'Name' });
  await field.focus();
  await apply(page, ['=', 1, { v: 'kitten' }]);
  assert.equal(await field.inputValue(), 'kitten', 'nothing was typed yet');
  await page.keyboard.press('End');
  await page.keyboard.type('s');
  await apply(page, ['=', 1, { v: 'another' }]);
  assert.equal(await field.inputValue(), 'kittens');
  await field.blur();
  await until(async () => await field.inputValue() === 'another', 'what the ui did not take to be gone');
});

test('text from right to left, by an input method and from the clipboard arrives whole', async (context) => {
  const page = await openMirror(context, [['+', 1, 0, { r: 'textbox', n: 'Name', v: '', b: at(10) }]], { uses: ['z', 'a', 'Delete', '1'] });
  await page.getByRole('textbox').focus();
  await page.keyboard.insertText('قطة');
  await page.keyboard.insertText(' 猫😀');
  assert.deepEqual((await heard(page, 'input')).at(-1), ['input', 1, 'قطة 猫😀', false]);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+z');
  assert.equal(await page.getByRole('textbox').inputValue(), 'قطة 猫😀', 'undo is the field\'s');
  assert.deepEqual(await heard(page, 'key'), []);
});

test('a choice is a list of the machine\'s, and arrow keys stay its own', async (context) => {
  const page = await openMirror(context, [['+', 3, 0, { r: 'combobox', n: 'Camera', o: ['Front', 'Rear', '<b>'], q: 1, b: at(10) }]], { uses: ['ArrowDown'] });
  const choice = page.getByRole('combobox', { name: 'Camera' });
  assert.equal(await choice.evaluate((e) => e.selectedIndex), 1);
  await choice.selectOption({ index: 2 });
  assert.deepEqual(await heard(page, 'choose'), [['choose', 3, 2]]);
  await apply(page, ['=', 3, { q: 0 }]);
  await choice.focus();
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await heard(page, 'choose', 'key'), [['choose', 3, 1]]);
  await apply(page, ['=', 3, { o: ['Only'], q: 0 }]);
  assert.deepEqual(await choice.evaluate((e) => [...e.options].map(({ text }) => text)), ['Only']);
});

test('a hold button is held by Space and Enter for as long as they are down', async (context) => {
  const page = await openMirror(context, [['+', 4, 0, { r: 'hold', n: 'Hold to record', b: at(10) }], ['+', 5, 0, { r: 'button', n: 'Next', b: at(60) }]], { uses: [' '] });
  const hold = page.getByRole('button', { name: 'Hold to record' });
  await hold.focus();
  for (const key of ['Space', 'Enter']) {
    await page.keyboard.down(key);
    await page.keyboard.down(key);  // as a key that repeats
    assert.deepEqual(await heard(page, 'hold', 'activate', 'key'), [['hold', 4, true]]);
    await page.keyboard.up(key);
    assert.deepEqual(await heard(page, 'hold', 'activate', 'key'), [['hold', 4, false]]);
  }
  await page.keyboard.down('Space');
  await page.keyboard.press('Tab');
  assert.deepEqual(await heard(page, 'hold'), [['hold', 4, true], ['hold', 4, false]], 'let go when the focus goes on');
  await page.keyboard.up('Space');
  await hold.dispatchEvent('click');
  assert.deepEqual(await heard(page, 'hold', 'activate'), [['hold', 4, true], ['hold', 4, false]], 'a screen reader\'s press is a short one');
  await hold.focus();
  await page.keyboard.down('Space');
  await apply(page, ['-', 4]);
  assert.deepEqual((await heard(page, 'hold')).at(-1), ['hold', 4, false], 'let go when it is gone');
});

test('a hold button is held by the mouse wherever it moves, and by a finger without a menu', async (context) => {
  const page = await openMirror(context, [['+', 4, 0, { r: 'hold', n: 'Hold', b: at(10) }]], {}, { hasTouch: true });
  await page.mouse.move(50, 30);
  await page.mouse.down();
  await page.mouse.move(50, 500);
  assert.deepEqual(await heard(page, 'mousedown', 'mouseup'), [['mousedown']]);
  await page.mouse.up();
  assert.deepEqual(await heard(page, 'mousedown', 'mouseup', 'activate'), [['mouseup']]);
  const touch = await page.context().newCDPSession(page);
  const send = (type, point) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
  await send('touchStart', { x: 50, y: 30 });
  await animationFrames(page, 50);  // longer than a press for a menu
  await send('touchMove', { x: 60, y: 300 });
  assert.deepEqual(await heard(page, 'hold', 'scrollBy', 'mousedown'), [['hold', 4, true]]);
  await send('touchEnd');
  assert.deepEqual(await heard(page, 'hold', 'scrollBy', 'mousedown'), [['hold', 4, false]]);
});

test('keys that no control wants are the ui\'s; what it does not use scrolls', async (context) => {
  const page = await openMirror(context, [
    ['+', 6, 0, { r: 'scroll', n: 'Page', b: [0, 0, 400, 300], h: 900 }], ['+', 7, 6, { r: 'button', n: 'Press', b: at(10) }]], { uses: ['3', ' ', 'z'] });
  await page.getByRole('button').focus();
  await page.keyboard.press('3');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+Z');
  await page.keyboard.press('?');
  const keys = (await heard(page, 'key')).filter(([, , down]) => down).map(([, name]) => name).filter((name) => !/Control$|Shift$/.test(name));
  assert.deepEqual(keys, ['3', 'ctrl+z', 'ctrl+shift+Z', '?']);
  await page.keyboard.press(' ');
  assert.deepEqual(await heard(page, 'key', 'activate'), [['activate', 7]], 'Space is the button\'s');
  await page.getByRole('button').blur();
  await page.keyboard.down(' ');
  await page.keyboard.down(' ');
  await page.keyboard.up(' ');
  assert.deepEqual(await heard(page, 'key'), [['key', ' ', true], ['key', ' ', false]]);
  await page.getByRole('button').focus();
  await page.keyboard.press('PageDown');
  assert.deepEqual(await heard(page, 'scrollTo'), [['scrollTo', 6, 270]]);
});

test('one Tab reaches a gallery, one leaves it, and the ui moves the focus inside', async (context) => {
  const page = await openMirror(context, [
    ['+', 1, 0, { r: 'button', n: 'Before', b: at(0) }],
    ['+', 2, 0, { r: 'grid', n: 'Pictures', b: [0, 50, 400, 100] }],
    ...[3, 4].map((id) => ['+', id, 2, { r: 'option', n: `picture ${id - 2}`, z: 100, p: id - 2, s: id === 3 ? 's' : '', b: [0, 0, 50, 50] }]),
    ['+', 5, 0, { r: 'button', n: 'After', b: at(160) }]]);
  const focus = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  await page.getByRole('button', { name: 'Before' }).focus();
  await page.keyboard.press('Tab');
  assert.equal(await focus(), 'Pictures');
  await apply(page, ['=', 4, { f: 1, s: 's' }]);
  await until(async () => await focus() === 'picture 2', 'the focus to move');
  const option = page.getByRole('option', { name: 'picture 2', selected: true });
  assert.deepEqual([await option.getAttribute('aria-setsize'), await option.getAttribute('aria-posinset')], ['100', '2']);
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focus(), 'Before');
  await apply(page, ['=', 4, { f: 0 }], ['=', 3, { f: 1 }]);
  await animationFrames(page, 2);
  await page.keyboard.press('Tab');
  assert.equal(await focus(), 'After');
});

test('files say by which control they came and what it takes', async (context) => {
  const page = await openMirror(context, [['+', 9, 0, { r: 'file', n: 'Add pictures', v: 'image/*,video/*,.zip,.tm', b: at(10) }]]);
  const input = page.getByRole('button', { name: 'Add pictures' });
  assert.equal(await input.getAttribute('accept'), 'image/*,video/*,.zip,.tm');
  await input.setInputFiles([{ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('x') }]);
  assert.deepEqual(await heard(page, 'filesPicked'), [['filesPicked', ['a.png'], 9]]);
});

test('a drop says where it is, while it hovers and when it falls', async (context) => {
  const page = await openPieces(context, kPieces);
  const heardOf = await page.evaluate(async () => {
    const list = [];
    await new Promise((resolve) => {
      pieces.connectFiles(new pieces.FileStore(), {
        add: (files, from) => { list.push(['add', files.map(({ name }) => name), from]); resolve(); },
        hover: (...place) => list.push(['hover', ...place]), nothingFound: resolve });
      const dataTransfer = new DataTransfer();
      for (const name of ['10.png', '2.png']) dataTransfer.items.add(new File(['x'], name));
      for (const [type, clientX, clientY] of [['dragenter', 5, 6], ['dragover', 5, 7], ['dragover', 5, 7], ['drop', 8, 9]]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, clientX, clientY }));
      }
    });
    return list;
  });
  assert.deepEqual(heardOf, [['hover', true, 5, 6], ['hover', true, 5, 7], ['hover', false, 0, 0],
                             ['add', ['10.png', '2.png'], { kind: 'dropped', x: 8, y: 9 }]]);
});

test('files of a folder come in the order of the shell', async (context) => {
  const page = await openPieces(context, kPieces);
  const sorted = await page.evaluate(() => ['b/1.png', 'a-b/1.png', 'a/2.png', 'a/10.png', 'a/1/x.png', 'a/Z.png', 'a/\u{1F600}.png', 'a/\uFFFD.png', 'a/ä.png', 'a/1'].sort(pieces.comparePaths));
  assert.deepEqual(sorted, ['a/1', 'a/1/x.png', 'a/10.png', 'a/2.png', 'a/Z.png', 'a/ä.png', 'a/\uFFFD.png', 'a/\u{1F600}.png', 'a-b/1.png', 'b/1.png']);
});
