// In Node, with the package (./tools/package): learns from a folder of folders, one a class, and says what other pictures show.
//   node node.mjs FOLDER PICTURE…
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHandful } from 'handful';

const [folder, ...pictures] = process.argv.slice(2);
const handful = await createHandful();
for (const label of await readdir(folder)) {
  for (const file of await readdir(join(folder, label))) await handful.addSample(label, await readFile(join(folder, label, file)));
}
await handful.train({ validation: 0 });
for (const picture of pictures) {
  const { top: [{ label, p }] } = await handful.classify(await readFile(picture));
  console.log(`${picture}: ${label}, ${(100 * p).toFixed(0)} %`);
}
handful.dispose();
