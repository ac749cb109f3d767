// Generated from src/image/kinds.h by `./tools/handful declarations --pictures`; do not edit.

export interface PictureKind {
  name: string;
  /** '': browsers do not tell it from another kind */
  mime: string;
  /** lower case, without the dot */
  extensions: readonly string[];
  /** The engine decodes it; else the browser may. */
  builtIn: boolean;
}

export const kPictureKinds: readonly PictureKind[] = [
  { name: 'JPEG', mime: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], builtIn: true },
  { name: 'PNG', mime: 'image/png', extensions: ['png', 'apng'], builtIn: true },
  { name: 'BMP', mime: 'image/bmp', extensions: ['bmp', 'dib'], builtIn: true },
  { name: 'GIF', mime: 'image/gif', extensions: ['gif'], builtIn: true },
  { name: 'WebP', mime: 'image/webp', extensions: ['webp'], builtIn: false },
  { name: 'AVIF', mime: 'image/avif', extensions: ['avif'], builtIn: false },
  { name: 'HEIC', mime: 'image/heic', extensions: ['heic', 'heif'], builtIn: false },
  { name: 'JPEG XL', mime: 'image/jxl', extensions: ['jxl'], builtIn: false },
  { name: 'TIFF', mime: 'image/tiff', extensions: ['tif', 'tiff'], builtIn: false },
  { name: 'ICO', mime: 'image/x-icon', extensions: ['ico'], builtIn: false },
  { name: 'run-length encoded BMP', mime: '', extensions: [], builtIn: false },
];
