// Other people's packages, of tests/package.json: what needs one that is not installed is skipped by name.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The file that `name` stands for, or '' where it is not installed. */
export function packageOrNone(name) {
  try {
    return require.resolve(name);
  } catch {
    return '';
  }
}
