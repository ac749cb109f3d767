#!/usr/bin/env node
// Lists the phrases of all sentences with which the engine and the shell refuse something, as JSON: the keys of a catalogue in another
// language (src/base/status.h says what a phrase is).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kSources = fileURLToPath(new URL('../src', import.meta.url));
const kLiteral = String.raw`"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*`;
const kCall = new RegExp(String.raw`\b(?:Errorf|WithContextf)\(\s*(${kLiteral})`, 'g');

/** @param {string} literals adjacent C++ string literals */
const textOf = (literals) => [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => JSON.parse(`"${text}"`)).join('');

/** @returns {string[]} each once, in the order of the sources */
export function phrases() {
  const files = readdirSync(kSources, { recursive: true }).filter((file) => /\.(cpp|h)$/.test(file)).sort();
  const calls = files.flatMap((file) => [...readFileSync(join(kSources, file), 'utf8').replace(/^\s*\/\/.*$/gm, '').matchAll(kCall)]);
  return [...new Set(calls.map(([, literals]) => textOf(literals)))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(phrases(), null, 2));
