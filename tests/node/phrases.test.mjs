// The sentences of failures: every phrase is in the list that a catalogue is made from.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { phrases } from '../../tools/phrases.mjs';
import { kRoot } from '../../tools/lib/import_typescript.mjs';

/** Matches the sentences that are made from `code`. */
function patternOf(code) {
  const parts = code.split(/%[-+ #0-9.*]*(?:hh|h|ll|l|z)?[a-zA-Z]/).map((part) => part.replaceAll('%%', '%').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

test('every failure begins with a phrase that can be found in the sources', () => {
  let calls = 0;
  for (const file of readdirSync(join(kRoot, 'src'), { recursive: true }).filter((name) => name.endsWith('.cpp') && !name.endsWith('status.cpp'))) {
    for (const [, next] of readFileSync(join(kRoot, 'src', file), 'utf8').matchAll(/\b(?:Errorf|WithContextf)\(\s*(.)/g)) {
      assert.equal(next, '"', `${file}: a phrase that is made while running cannot be looked up`);
      ++calls;
    }
  }
  assert.ok(calls > 250, `${calls}`);
});

test('phrases are unique and use no conversion that Status cannot take apart', () => {
  const codes = phrases();
  assert.equal(new Set(codes).size, codes.length);
  for (const code of codes) {
    for (const [conversion] of code.matchAll(/%[^a-zA-Z%]*[a-zA-Z]+|%%/g)) {
      assert.match(conversion, /^%(%|[-+ #0-9.]*(\*|\.\*)?(hh|h|ll|l|z)?[diuxXocsefg])/, code);
    }
  }
});

test('what the engine answers in every state is said in these phrases', () => {
  const patterns = phrases().filter((code) => !code.startsWith('%s')).map(patternOf);
  const refused = new Set([...readFileSync(join(kRoot, 'tests/golden/answers.txt'), 'utf8').matchAll(/Failed: (.*)/g)].map(([, text]) => text));
  assert.ok(refused.size > 15);
  const others = ['the disk cannot be read', 'the disk is broken'];  // states_test's own store says these
  const isPhrase = (text) => others.includes(text) || patterns.some((pattern) => pattern.test(text));
  // A chain of phrases with ": " between them, which may stand in a phrase, too.
  const isSaid = (text) => isPhrase(text) ||
    [...text.matchAll(/: /g)].some(({ index }) => isPhrase(text.slice(0, index)) && isSaid(text.slice(index + 2)));
  for (const text of refused) assert.ok(isSaid(text), text);
});
