// What tests of the whole page share about projects that are kept.

/**
 * Drags folders of the machine onto the middle of an element and lets go of them, as the desktop does.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} place
 * @param {string[]} files absolute paths of files and folders
 */
export async function dropFolders(page, place, files) {
  const { x, y, width, height } = await place.boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await session.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + height / 2, data });
  }
  await session.detach();
}

/**
 * Drops files with these contents onto the classes.
 * @param {import('playwright-core').Page} page
 * @param {{name: string, bytes: Uint8Array}[]} files
 */
export async function dropOnClasses(page, files) {
  await page.evaluate(async (all) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    const { x, y, width, height } = document.querySelector('[role=region][aria-label="Classes"]').getBoundingClientRect();
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, clientX: x + width / 2, clientY: y + height - 8 }));
    }
  }, files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })));
}

/** Waits until the page says that its training is done. */
export const untilTrained = (page, timeout = 300_000) =>
  page.getByRole('region', { name: 'Training', exact: true }).getByRole('status').filter({ hasText: 'Training is done.' }).first()
    .waitFor({ state: 'attached', timeout });

/** The newest kept training's model file, as base64. */
export const trainingWeights = (page) => page.evaluate(async () => {
  const request = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const database = await request(indexedDB.open('handful'));
  const store = database.transaction('trainings').objectStore('trainings');
  const key = (await request(store.getAllKeys())).filter((name) => name.includes('/model/')).sort().at(-1);
  const bytes = new Uint8Array(await request(store.get(key)));
  database.close();
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
});
