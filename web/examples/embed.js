// The smallest page that learns: everything it knows of Handful is ../handful.js (types: ../handful.d.ts).
import { createHandful } from '../handful.js';

const element = (id) => document.getElementById(id);
const say = (text) => { element('status').textContent = text; };
// One task at a time; whatever goes wrong becomes a sentence.
const doing = (task) => async (event) => {
  try {
    await task(event.target);
  } catch (error) {
    say(error.message);
  }
};

let handful;
await doing(async () => {
  handful = await createHandful({
    onProgress: ({ what, loaded, total }) => say(`Loading the ${what}: ${Math.round(100 * loaded / (total || loaded))} %`),
  });
  say('Ready.');
})({});

for (const [id, label] of [['first', 'the first thing'], ['second', 'the second thing']]) {
  element(id).onchange = doing(async ({ files }) => {
    for (const file of files) say(`${await handful.addSample(label, file)} examples so far.`);
  });
}
element('train').onclick = doing(async () => {
  for await (const { epoch, epochs, loss } of handful.train({ validation: 0 })) say(`${epoch} of ${epochs}: loss ${loss.toFixed(3)}`);
  say('Learnt. Ask about a picture.');
});
element('ask').onchange = doing(async ({ files: [file] }) => {
  const { top, ms } = await handful.classify(file);
  say(`${top.map(({ label, p }) => `${label}: ${(100 * p).toFixed(0)} %`).join(', ')} in ${ms.toFixed(0)} ms`);
});
