// tests/fixtures/store_cases.json, done to one of web/engine's stores. Also runs inside a page, so it uses nothing of Node.

/** @returns {Promise<string[]>} what was not as the table says */
export async function faultsOf(store, { steps }) {
  const faults = [];
  const bytesOf = (text) => new TextEncoder().encode(text).buffer;
  const textOf = (buffer) => new TextDecoder().decode(buffer);
  const same = (step, found, expected) => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) faults.push(`${JSON.stringify(step)}: ${JSON.stringify(found)}`);
  };
  const place = ([name, key]) => ({ store: name, key });
  for (const step of steps) {
    if (step.write) {
      const { puts = [], removes = [], remove_prefixes: prefixes = [], copy: [copyFrom, copyTo] = ['', ''] } = step.write;
      const batch = { puts: puts.map(([name, key, text]) => ({ store: name, key, value: bytesOf(text) })), removes: removes.map(place),
                      removePrefixes: prefixes.map(place), copyFrom, copyTo };
      const error = await store.write(batch).then(() => '', ({ message }) => message);
      same(step, error.slice(0, step.refused?.length), step.refused ?? '');
    } else if (step.list) {
      const { keys, values, more } = await store.list(...step.list, true);
      same(step, [keys, values.length, more], [step.keys, step.keys.length, step.more]);
    } else {
      const { keys, values } = await store.read(step.read[0], step.read.slice(1));
      same(step, [keys, values.map(textOf)], [step.keys, step.values]);
    }
  }
  return faults;
}
