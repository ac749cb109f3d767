// Pictures that the engine's own decoders refuse (WebP, AVIF, HEIC where the platform has it), decoded by the browser.
//
// As exact as a browser allows: upright by its orientation tag, and colour profiles left alone because the engine's
// JPEG and PNG decoders leave them alone too, so a photo gives the same numbers whatever it was saved as. A 2D canvas
// keeps colours premultiplied by alpha, so half transparent pixels may be off by one step of 255; opaque ones are exact.

import { takeWebpOrientation, turnUpright } from './webp_orientation';

/** An upright picture whose rows are fetched in stripes, so that no second copy of a large one exists. */
export interface DecodedPicture {
  width: number;
  height: number;
  /** RGBA8, not premultiplied, row after row; `put` gets each stripe and its offset in bytes. */
  copyPixels(put: (stripe: Uint8ClampedArray, offset: number) => void): void;
  close(): void;
}

const kStripeRows = 1024;

/** Rejects where the browser does not know the format either. */
export async function decodeInBrowser(file: Blob): Promise<DecodedPicture> {
  const { value, without } = await takeWebpOrientation(file);
  const bitmap = turnUpright(await createImageBitmap(without, {
    imageOrientation: 'from-image', premultiplyAlpha: 'none', colorSpaceConversion: 'none' }), value);
  return pictureOf(bitmap);
}

/** The same as PNG. */
export async function pngOf(file: Blob): Promise<Uint8Array> {
  const { width, height, copyPixels, close } = await decodeInBrowser(file);
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error(`the browser gave no canvas of ${width}×${height} pixels`);
    copyPixels((stripe, offset) =>
      context.putImageData(new ImageData(stripe as Uint8ClampedArray<ArrayBuffer>, width), 0, offset / (width * 4)));
    return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  } finally {
    close();
  }
}

function pictureOf(bitmap: ImageBitmap): DecodedPicture {
  const { width, height } = bitmap;
  return {
    width,
    height,
    copyPixels(put) {
      const canvas = new OffscreenCanvas(width, Math.min(height, kStripeRows));
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error(`the browser gave no canvas of ${canvas.width}×${canvas.height} pixels`);
      context.globalCompositeOperation = 'copy';
      for (let top = 0; top < height; top += kStripeRows) {
        const rows = Math.min(kStripeRows, height - top);
        context.drawImage(bitmap, 0, -top);
        put(context.getImageData(0, 0, width, rows).data, top * width * 4);
      }
    },
    close: () => bitmap.close(),
  };
}
