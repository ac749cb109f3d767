// What a caller may hand over as a picture → what the engine takes: a file's bytes, or RGBA pixels.

/**
 * A picture: a file, its bytes, or anything else that has pixels. Files are turned upright by their EXIF orientation. A `Float32Array` is
 * a square of RGB values from 0 to 255, row by row, 3 · side · side of them; they are rounded.
 */
export type Picture =
  Blob | Uint8Array | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement | HTMLVideoElement | VideoFrame |
  Float32Array;

type Drawable = Exclude<Picture, Blob | Uint8Array | Float32Array | ImageData>;

export interface Pixels {
  width: number;
  height: number;
  /** RGBA8 */
  data: ArrayBuffer;
}

/** Of a file, its bytes; else pixels. Throws a sentence. */
export function contentOf(picture: Picture): Blob | Pixels {
  if (picture instanceof Blob) return picture;
  if (picture instanceof Uint8Array) return new Blob([picture as Uint8Array<ArrayBuffer>]);
  if (picture instanceof Float32Array) return squareOf(picture);
  if ('data' in picture) {
    const { width, height, data } = picture;
    return { width, height, data: data.slice().buffer };
  }
  const [width, height] = sizeOf(picture);
  if (!(width > 0 && height > 0)) throw new Error('The picture has no pixels yet: wait until it is loaded.');
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data.buffer };
}

function squareOf(values: Float32Array): Pixels {
  const side = Math.round(Math.sqrt(values.length / 3));
  if (side === 0 || 3 * side * side !== values.length) {
    throw new Error(`${values.length} numbers are no square of RGB values: 3 · side · side are needed.`);
  }
  const data = new Uint8ClampedArray(4 * side * side);
  for (let from = 0, to = 0; from < values.length; to += 4) {
    for (let channel = 0; channel < 3; ++channel) data[to + channel] = values[from++];
    data[to + 3] = 255;
  }
  return { width: side, height: side, data: data.buffer };
}

function sizeOf(picture: Drawable): [number, number] {
  if ('displayWidth' in picture) return [picture.displayWidth, picture.displayHeight];
  if ('videoWidth' in picture) return [picture.videoWidth, picture.videoHeight];
  if ('naturalWidth' in picture) return [picture.naturalWidth, picture.naturalHeight];
  return [picture.width, picture.height];
}
