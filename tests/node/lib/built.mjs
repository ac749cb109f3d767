// Tests of what a build makes. Alone, they are skipped where it is not there; ./tools/test builds it first and says so by
// HANDFUL_BUILT, and what is missing then is a failure.
import { existsSync } from 'node:fs';

/** @param {boolean} there @param {string} what a sentence where it is not */
export const skipUnless = (there, what) => there || process.env.HANDFUL_BUILT ? {} : { skip: what };

export const needsBuilt = (...files) => {
  const missing = files.find((file) => !existsSync(file));
  return skipUnless(!missing, `${missing} is not built`);
};
