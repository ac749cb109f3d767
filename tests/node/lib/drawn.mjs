// Pictures that tests draw themselves, as PNG, so that they need no photos: 224 × 224 discs, stripes and crosses, each with colours, a
// place and noise of its own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const kSide = 224;

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crcOf(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

// Node 18 has no zlib.crc32.
function crcOf(bytes) {
  if (crc32) return crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** @param {(x: number, y: number) => number[]} colourAt [red, green, blue] of a pixel, each 0 … 255 */
export function png(colourAt, side = kSide) {
  const rows = Buffer.alloc(side * (1 + 3 * side));
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const at = y * (1 + 3 * side) + 1 + 3 * x;
      colourAt(x, y).forEach((value, i) => { rows[at + i] = Math.max(0, Math.min(255, Math.round(value))); });
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);  // 8 bits, RGB
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** The pixels of a PNG of 8-bit RGB that is not interlaced. */
export function pngPixels(file) {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)], data = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(data)), bytes = 3 * width, pixels = new Uint8Array(bytes * height);
  for (let y = 0; y < height; ++y) {
    const filter = rows[y * (bytes + 1)];
    for (let i = 0; i < bytes; ++i) {
      const [a, b, c] = [i < 3 ? 0 : pixels[y * bytes + i - 3], y === 0 ? 0 : pixels[(y - 1) * bytes + i], i < 3 || y === 0 ? 0 : pixels[(y - 1) * bytes + i - 3]];
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      pixels[y * bytes + i] = rows[y * (bytes + 1) + 1 + i] + [0, a, b, (a + b) >> 1, paeth][filter];
    }
  }
  return pixels;
}

const kSeeds = { discs: 17, stripes: 40009, crosses: 90007 };

/** What can be told apart. */
export const kThreeKinds = Object.keys(kSeeds);
export const kKinds = kThreeKinds.slice(0, 2);

/** A picture of that kind; another for every number, and the same but for its noise for every `take`. */
export function draw(kind, number, take = 0) {
  const random = randomNumbers(number * 7919 + kSeeds[kind]), noise = take === 0 ? random : randomNumbers(take);
  const colour = () => [0, 0, 0].map(() => 30 + 200 * random());
  const [ink, ground] = [colour(), colour()];
  const [cx, cy, radius, period, angle] = [70 + 84 * random(), 70 + 84 * random(), 35 + 30 * random(), 14 + 16 * random(), Math.PI * random()];
  return png((x, y) => {
    const along = (x - cx) * Math.cos(angle) + (y - cy) * Math.sin(angle), across = (y - cy) * Math.cos(angle) - (x - cx) * Math.sin(angle);
    const inside = {
      discs: () => Math.hypot(x - cx, y - cy) < radius,
      stripes: () => Math.floor((x * Math.cos(angle) + y * Math.sin(angle)) / period) % 2 === 0,
      crosses: () => Math.min(Math.abs(along), Math.abs(across)) < radius / 3 && Math.max(Math.abs(along), Math.abs(across)) < 1.6 * radius,
    }[kind]();
    return (inside ? ink : ground).map((value) => value + 16 * (noise() - 0.5));
  });
}

/**
 * Folders of such pictures, a class each, if they are not there yet. Names begin with a session, as those of the finger photos do.
 * @param {number} from the number of the first picture
 * @returns {string} root
 */
export function drawFolders(root, { sessions = ['12', '13', '17'], each = 8, from = 0 } = {}) {
  if (existsSync(root)) return root;
  for (const kind of kKinds) {
    mkdirSync(join(root, kind), { recursive: true });
    sessions.forEach((session, i) => {
      for (let k = 0; k < each; ++k) writeFileSync(join(root, kind, `${session}-${k}.png`), draw(kind, from + i * each + k));
    });
  }
  return root;
}
