// Draws the write-up's two charts, accuracy and loss by epoch, for one network: node tools/writeup/plot.mjs cnn|mobilenet FOLDER OUT.svg
// FOLDER holds what tools/writeup/run made: handful-<network>-random.jsonl, handful-<network>-sessions.jsonl, torch-<network>-random.jsonl.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kTitles = { cnn: "The write-up's CNN, from scratch", mobilenet: "The write-up's head on MobileNetV2" };
const [network, folder, out] = process.argv.slice(2);
if (!(network in kTitles) || !out) {
  console.error('usage: node tools/writeup/plot.mjs cnn|mobilenet FOLDER OUT.svg');
  process.exit(2);
}
const epochsOf = (name) => readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter(({ epoch }) => epoch);

const random = epochsOf(`handful-${network}-random`);
const torch = epochsOf(`torch-${network}-random`);
const held = epochsOf(`handful-${network}-sessions`);
const sessions = [...new Set(held.map(({ fold }) => fold))].map((session) => held.filter(({ fold }) => fold === session));
const kLines = [
  { label: 'a fifth held out at random', color: '#0b63c5', width: 2, rows: random, key: 'val_' },
  { label: 'the photos learned from', color: '#0b63c5', width: 1.5, dash: '5 4', rows: random, key: '' },
  { label: 'PyTorch, a fifth held out at random', color: '#b26a00', width: 1.5, rows: torch, key: 'val_' },
  ...sessions.map((rows, i) => ({ label: i === 0 ? 'a whole session held out (three of them)' : '', color: '#b3261e', width: 1.5, rows, key: 'val_' })),
];

const kWidth = 860, kPanel = { width: 370, height: 220, top: 46 }, kLefts = [52, 478], kHeight = 360;
const kEpochs = Math.max(...kLines.flatMap(({ rows }) => rows.map(({ epoch }) => epoch)));
const round = (value) => Math.round(value * 10) / 10;

function panel(left, title, key, low, high, ticks) {
  const x = (epoch) => round(left + (epoch - 1) / Math.max(kEpochs - 1, 1) * kPanel.width);
  const y = (value) => round(kPanel.top + kPanel.height * (1 - (Math.min(Math.max(value, low), high) - low) / (high - low)));
  const parts = [`<text x="${left}" y="${kPanel.top - 10}" font-weight="600">${title}</text>`];
  for (const tick of ticks) {
    parts.push(`<line x1="${left}" x2="${left + kPanel.width}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d9dce1"/>`,
               `<text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#5b616b">${tick}</text>`);
  }
  for (let epoch = 10; epoch <= kEpochs; epoch += 10) {
    parts.push(`<text x="${x(epoch)}" y="${kPanel.top + kPanel.height + 18}" text-anchor="middle" fill="#5b616b">${epoch}</text>`);
  }
  parts.push(`<text x="${left}" y="${kPanel.top + kPanel.height + 18}" fill="#5b616b">epoch</text>`);
  for (const { color, width, dash, rows, key: part } of kLines) {
    const points = rows.map((row) => `${x(row.epoch)},${y(row[part + key])}`).join(' ');
    parts.push(`<polyline points="${points}" fill="none" stroke="${color}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''} stroke-linejoin="round"/>`);
  }
  return parts.join('\n');
}

const named = kLines.filter(({ label }) => label);
const legend = named.map(({ label, color, width, dash }, i) => {
  const left = kLefts[i % 2], top = kPanel.top + kPanel.height + 44 + Math.floor(i / 2) * 22;
  return `<line x1="${left}" x2="${left + 28}" y1="${top - 4}" y2="${top - 4}" stroke="${color}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>` +
         `<text x="${left + 36}" y="${top}">${label}</text>`;
});
const lowestAccuracy = network === 'cnn' ? 0 : 0.7;
const highestLoss = network === 'cnn' ? 4 : 1.2;
writeFileSync(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${kHeight}" width="${kWidth}" height="${kHeight}" font-family="system-ui, sans-serif" font-size="13" fill="#1a1d21" role="img" aria-label="${kTitles[network]}: accuracy and loss by epoch">
<rect width="100%" height="100%" fill="#ffffff"/>
${panel(kLefts[0], `${kTitles[network]}: accuracy`, 'accuracy', lowestAccuracy, 1, network === 'cnn' ? [0, 0.25, 0.5, 0.75, 1] : [0.7, 0.8, 0.9, 1])}
${panel(kLefts[1], 'Loss', 'loss', 0, highestLoss, network === 'cnn' ? [0, 1, 2, 3, 4] : [0, 0.4, 0.8, 1.2])}
${legend.join('\n')}
</svg>
`);
console.log(`${out}: ${kEpochs} epochs`);
