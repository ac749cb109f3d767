// The EXIF orientation of a WebP picture. Browsers differ in whether they heed it, so it is taken out of the file
// before they decode it and applied by us. (AVIF and HEIC turn their pictures by a property that all decoders heed.)
// Formats: WebP Container Specification; EXIF 2.3, which is a TIFF 6.0 directory.

/** 1 (upright) to 8, as EXIF numbers them. `without` is the file with orientation 1. */
export interface Orientation {
  value: number;
  without: Blob;
}

export async function takeWebpOrientation(file: Blob): Promise<Orientation> {
  const upright = { value: 1, without: file };
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  if (fourCC(head, 0) !== 'RIFF' || fourCC(head, 8) !== 'WEBP' || fourCC(head, 12) !== 'VP8X') return upright;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const view = new DataView(bytes.buffer);
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (fourCC(bytes, at) === 'EXIF' && at + 8 + size <= bytes.length) {
      const offset = orientationEntry(new DataView(bytes.buffer, at + 8, size));
      if (offset === null) return upright;
      const littleEndian = bytes[at + 8] === 0x49;
      const value = view.getUint16(at + 8 + offset, littleEndian);
      view.setUint16(at + 8 + offset, 1, littleEndian);
      return value >= 1 && value <= 8 ? { value, without: new Blob([bytes], { type: 'image/webp' }) } : upright;
    }
    at += 8 + size + (size & 1);
  }
  return upright;
}

// Where the value of tag 0x0112 lies in a TIFF directory, if it has one.
function orientationEntry(tiff: DataView): number | null {
  if (tiff.byteLength < 8) return null;
  const littleEndian = tiff.getUint8(0) === 0x49;
  const directory = tiff.getUint32(4, littleEndian);
  if (directory + 2 > tiff.byteLength) return null;
  const entries = tiff.getUint16(directory, littleEndian);
  for (let i = 0; i < entries; ++i) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.byteLength) return null;
    if (tiff.getUint16(entry, littleEndian) === 0x0112) return entry + 8;
  }
  return null;
}

function fourCC(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** The bitmap turned upright; the one given is closed. */
export function turnUpright(bitmap: ImageBitmap, orientation: number): ImageBitmap {
  if (orientation === 1) return bitmap;
  const { width: w, height: h } = bitmap;
  const [width, height] = orientation >= 5 ? [h, w] : [w, h];
  // x' = a x + c y + e, y' = b x + d y + f, for the values 2 to 8.
  const [a, b, c, d, e, f] = [
    [-1, 0, 0, 1, w, 0], [-1, 0, 0, -1, w, h], [1, 0, 0, -1, 0, h],
    [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, h, 0], [0, -1, -1, 0, h, w], [0, -1, 1, 0, 0, w]][orientation - 2];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`the browser gave no canvas of ${width}×${height} pixels`);
  context.imageSmoothingEnabled = false;
  context.setTransform(a, b, c, d, e, f);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.transferToImageBitmap();
}
