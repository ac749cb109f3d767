// A sketch as Teachable Machine hands it to its users, unchanged but for where its two scripts come from: it takes our bundle for its own.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportTo, firstOf, modelsToExport } from '../node/lib/bundles.mjs';
import { packageOrNone } from '../node/lib/packages.mjs';
import { kShells } from '../node/lib/shell.mjs';
import { serve } from '../../tools/serve.mjs';
import { test } from './lib/harness.mjs';

const kScripts = {
  'https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@latest/dist/tf.min.js': '@tensorflow/tfjs/dist/tf.min.js',
  'https://cdn.jsdelivr.net/npm/@teachablemachine/image@latest/dist/teachablemachine-image.min.js':
    '@teachablemachine/image/dist/teachablemachine-image.min.js',
};

// Teachable Machine, "Export my model", TensorFlow.js, JavaScript.
const kSketch = `
<div>Teachable Machine Image Model</div>
<button type="button" onclick="init()">Start</button>
<div id="webcam-container"></div>
<div id="label-container"></div>
${Object.keys(kScripts).map((address) => `<script src="${address}"></script>`).join('\n')}
<script type="text/javascript">
    const URL = "./my_model/";
    let model, webcam, labelContainer, maxPredictions;

    async function init() {
        const modelURL = URL + "model.json";
        const metadataURL = URL + "metadata.json";
        model = await tmImage.load(modelURL, metadataURL);
        maxPredictions = model.getTotalClasses();

        const flip = true; // whether to flip the webcam
        webcam = new tmImage.Webcam(200, 200, flip); // width, height, flip
        await webcam.setup(); // request access to the webcam
        await webcam.play();
        window.requestAnimationFrame(loop);

        document.getElementById("webcam-container").appendChild(webcam.canvas);
        labelContainer = document.getElementById("label-container");
        for (let i = 0; i < maxPredictions; i++) { // and class labels
            labelContainer.appendChild(document.createElement("div"));
        }
    }

    async function loop() {
        webcam.update(); // update the webcam frame
        await predict();
        window.requestAnimationFrame(loop);
    }

    async function predict() {
        const prediction = await model.predict(webcam.canvas);
        for (let i = 0; i < maxPredictions; i++) {
            const classPrediction =
                prediction[i].className + ": " + prediction[i].probability.toFixed(2);
            labelContainer.childNodes[i].innerHTML = classPrediction;
        }
    }
</script>
`;

const kMissing = Object.values(kScripts).find((file) => !packageOrNone(file));
const shell = kShells.find(({ options }) => !options.skip);
for (const which of [0, 1]) {
  test(`Teachable Machine's sketch runs with ${['a head', 'a CNN'][which]} of ours, and names the golden pictures right`,
       { minutes: 4, skip: kMissing ? `${kMissing} is not installed` : '' }, async ({ browser }) => {
    const folder = mkdtempSync(join(tmpdir(), 'handful-sketch-'));
    let server, context;
    try {
      const bundle = exportTo(join(folder, 'my_model'), shell, 'tfjs', modelsToExport(shell, folder)[which]);
      writeFileSync(join(folder, 'sketch.html'), `<!doctype html><link rel="icon" href="data:,">${kSketch}`);
      server = await serve({ dir: folder, port: 0 });
      context = await browser.newContext({ permissions: ['camera'] });
      for (const [address, file] of Object.entries(kScripts)) {
        await context.route(address, (route) => route.fulfill({ contentType: 'text/javascript', body: readFileSync(packageOrNone(file)) }));
      }
      const page = await context.newPage(), faults = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      await page.goto(`${server.url}sketch.html`);
      await page.getByRole('button', { name: 'Start' }).click();
      const { classes, golden } = bundle.description;
      for (const [i, name] of classes.entries()) {
        await page.locator('#label-container > div').nth(i).filter({ hasText: new RegExp(`^${name}: [01]\\.\\d\\d$`) }).waitFor({ timeout: 60_000 });
      }
      const answers = await page.evaluate(async (files) => {
        const all = [];
        for (const file of files) {
          const image = new Image();
          image.src = `my_model/${file}`;
          await image.decode();
          all.push((await model.predict(image)).map(({ probability }) => probability));  // the sketch's own model
        }
        return all;
      }, golden.map(({ file }) => file));
      answers.forEach((answer, i) => assert.equal(firstOf(answer), firstOf(golden[i].probabilities), golden[i].file));
      const largest = Math.max(...answers.flatMap((answer, i) => answer.map((p, c) => Math.abs(p - golden[i].probabilities[c]))));
      console.log(`         end to end the sketch differs by ${largest.toFixed(4)} at most, since its library divides by 127`);
      assert.ok(largest < 0.1, `${largest}`);
      assert.deepEqual(faults, []);
    } finally {
      await context?.close();
      await server?.close();
      rmSync(folder, { recursive: true });
    }
  });
}
