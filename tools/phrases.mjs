#!/usr/bin/env node
// Lists the phrases of all sentences with which the engine and the shell refuse something, as JSON: the keys of a catalogue in another
// language (src/base/status.h says what a phrase is).
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const kLiteral = String.raw`"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*`;
const kCall = new RegExp(String.raw`\b(?:Errorf|WithContextf)\(\s*(${kLiteral})`, 'g');

/** @param {string} literals adjacent C++ string literals */
const textOf = (literals) => [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => JSON.parse(`"${text}"`)).join('');

/** @returns {{code: string, file: string}[]} in the order of the sources */
export function phrases() {
  const sources = readdirSync(join(kRoot, 'src'), { recursive: true }).filter((file) => /\.(cpp|h)$/.test(file)).sort();
  const found = sources.flatMap((file) => [...readFileSync(join(kRoot, 'src', file), 'utf8').replace(/^\s*\/\/.*$/gm, '').matchAll(kCall)]
    .map(([, literals]) => ({ code: textOf(literals), file: `src/${file}` })));
  const seen = new Set(['%s']);
  return [{ code: '%s', file: 'src/base/status.h' }, ...found.filter(({ code }) => !seen.has(code) && seen.add(code))];
}

/** Matches the sentences that are made from `code`. */
export function patternOf(code) {
  const parts = code.split(/%[-+ #0-9.*]*(?:hh|h|ll|l|z)?[a-zA-Z]/).map((part) => part.replaceAll('%%', '%').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(phrases().map(({ code }) => code), null, 2));
