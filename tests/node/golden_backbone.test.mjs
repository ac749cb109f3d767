// The features of the project's own backbone against an independent float64 reference, on pictures drawn here: no test data is needed,
// and nothing is written down that a better backbone would change.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kDataFolder, kNeedsData } from './lib/data.mjs';
import { png, pngPixels, randomNumbers } from './lib/drawn.mjs';
import { readTensors, referenceFeatures } from './lib/mobilenet_reference.mjs';
import { kModels, kNeedsOfficial, kOfficial, kShells, run } from './lib/shell.mjs';

const folder = mkdtempSync(join(tmpdir(), 'handful-golden-'));
after(() => rmSync(folder, { recursive: true }));
const kOwn = join(kModels, 'backbone-handful.safetensors');
// Features are means of 49 values between 0 and 6; float32 differs from float64 by some 1e-5.
const kAllowed = 1e-4;

const random = randomNumbers(5);
const noise = Array.from({ length: 224 * 224 }, () => [0, 0, 0].map(() => Math.floor(256 * random())));
const kPictures = {
  noise: (x, y) => noise[y * 224 + x],
  gradient: (x, y) => [x, y, 255 - (x + y) / 2].map(Math.floor),
  ball: (x, y) => Math.hypot(x - 120, y - 90) < 60 ? [230, 90, 40] : [20, 60, 120],
  black: () => [0, 0, 0],
};
const pixelsOf = (colourAt) => Uint8Array.from({ length: 224 * 224 * 3 }, (_, i) => colourAt(Math.floor(i / 3) % 224, Math.floor(i / 672))[i % 3]);

const npyValues = (file) => {
  const bytes = readFileSync(file), begin = 10 + bytes.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(bytes.subarray(begin)).buffer);
};
const worst = (features, expected) => expected.reduce((most, value, i) => Math.max(most, Math.abs(features[i] - value)), 0);

const tensors = readTensors(kOwn);
const expected = Object.fromEntries(Object.entries(kPictures).map(([name, colourAt]) => [name, referenceFeatures(tensors, pixelsOf(colourAt))]));

for (const shell of kShells) {
  test(`the project's own backbone gives the reference's features on drawn pictures, ${shell.name}`, shell.options, () => {
    const files = Object.entries(kPictures).map(([name, colourAt]) => {
      const file = join(folder, `${name}.png`);
      writeFileSync(file, png(colourAt));
      return file;
    });
    // One that is resized first, which the reference does not do: it takes none of the others' place.
    files.unshift(join(folder, 'large.png'));
    writeFileSync(files[0], png((x, y) => [x, y, 40].map((value) => value % 256), 300));
    const out = join(folder, `${shell.name}.npy`);
    const { status, stderr } = run(shell, ['features', '--backbone', kOwn, '--out', out, ...files]);
    assert.equal(status, 0, stderr);
    const [large, features] = [npyValues(out).subarray(0, 1280), npyValues(out).subarray(1280)];
    assert.ok(large.every((value) => value >= 0 && value <= 6) && large.some((value) => value > 0.1));
    assert.equal(features.length, 1280 * Object.keys(expected).length);
    Object.entries(expected).forEach(([name, values], i) => {
      assert.ok(Math.max(...values) > 0.1, `${name} gives features`);
      const difference = worst(features.subarray(1280 * i, 1280 * (i + 1)), values);
      assert.ok(difference <= kAllowed, `${name}: features differ by ${difference}`);
    });
  });
}

test('the reference itself gives the golden features of the official weights', { ...kNeedsData, ...kNeedsOfficial }, () => {
  const files = readFileSync(join(kDataFolder, 'golden/images.txt'), 'utf8').trim().split('\n').slice(0, 2);
  const golden = npyValues(join(kDataFolder, 'golden/features.npy'));
  const official = readTensors(kOfficial);
  files.forEach((file, i) => {
    const features = referenceFeatures(official, pngPixels(readFileSync(join(kDataFolder, file))));
    const difference = worst(golden.subarray(1280 * i, 1280 * (i + 1)), features);
    assert.ok(difference <= 5e-6, `${file}: ${difference}`);
  });
});
