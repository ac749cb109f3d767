// Waiting for what a test waits for, in place of a time that is hoped to be long enough.
import { setTimeout as later } from 'node:timers/promises';

/**
 * Waits until `condition` gives something true, and returns that.
 * @param {() => unknown} condition may be asynchronous
 * @param {string} what for the sentence where it never does
 */
export async function until(condition, what, timeoutMs = 30_000) {
  for (const end = Date.now() + timeoutMs; ; await later(50)) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
  }
}

/** Waits until `read` has given the same `times` times in a row, and returns that. */
export async function untilSteady(read, times, timeoutMs = 30_000) {
  let last, same = 0;
  await until(async () => {
    const now = await read();
    same = now === last ? same + 1 : 1;
    last = now;
    return same >= times;
  }, 'what is read to stay the same', timeoutMs);
  return last;
}

/** So many frames of the browser's later. */
export const animationFrames = (page, count) => page.evaluate((left) => new Promise((resolve) => {
  const next = () => left-- > 0 ? requestAnimationFrame(next) : resolve();
  next();
}), count);

/** Waits until the page has drawn all that it has to: it draws nothing for ten of the browser's frames. */
export const untilStill = (page) => page.evaluate(() => new Promise((resolve) => {
  let frames = -1, still = 0;
  const look = () => {
    still = window.handful.frames === frames ? still + 1 : 0;
    ({ frames } = window.handful);
    if (still < 10) requestAnimationFrame(look);
    else resolve();
  };
  look();
}));
