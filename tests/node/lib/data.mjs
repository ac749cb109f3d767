// Test data that is not part of the project: its folder is named by HANDFUL_DATA, and tests that need it skip without.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const kDataFolder = process.env.HANDFUL_DATA ?? '';
export const kNeedsData = kDataFolder ? {} : { skip: 'HANDFUL_DATA is not set' };

/** @param {string} file relative to HANDFUL_DATA */
export const readData = (file) => new Uint8Array(readFileSync(join(kDataFolder, file)));

/** Of tests that take minutes. */
export const kLong = process.env.HANDFUL_LONG ? {} : { skip: 'only with --long' };
