// Model files as people have them → the one file that the engine reads, Handful's own. The readers of HDF5, of zips and of other people's
// models are fetched only when such a file turns up.
import type { Converter } from './converter';
import { readSafetensorsHeader } from './safetensors';
import type { NamedBytes } from './types';

export interface ConvertedModel {
  files: NamedBytes[];
  /** Who made it, and what was lost on the way; both empty where it is Handful's. */
  source: string;
  warning: string;
}

/** Rejects with a sentence. */
export async function convertModel(files: NamedBytes[], startConverter: () => Promise<Converter>): Promise<ConvertedModel> {
  if (files.length === 1 && isOwn(files[0].bytes)) return { files, source: '', warning: '' };
  const unpacked = await unpackModel(files);
  const converter = await startConverter();
  const { said, buffers: [model] } = converter.ask({ type: 'ReadModel', names: unpacked.map(({ name }) => name) },
                                                   unpacked.map(({ bytes }) => bytes));
  return {
    files: [{ name: files[0].name, bytes: new Uint8Array(model) }],
    source: said.source as string, warning: said.warning as string,
  };
}

/** What the converter has no reader for, HDF5, as raw safetensors, and out of the archives that hold such. */
export async function unpackModel(files: NamedBytes[]): Promise<NamedBytes[]> {
  return (await Promise.all(files.map(unpackFile))).flat();
}

async function unpackFile(file: NamedBytes): Promise<NamedBytes[]> {
  if (isHdf5(file.bytes)) {
    const { hdf5ToSafetensors } = await import('./hdf5');
    return [{ name: file.name, bytes: hdf5ToSafetensors(file.name, file.bytes) }];
  }
  if (isZip(file.bytes)) {
    const { ModelArchive } = await import('./zip');
    const archive = await ModelArchive.open(file.name, file.bytes).catch(() => null);  // the converter says what is wrong
    if (archive?.names.some((name) => /\.(h5|hdf5|keras)$/i.test(name))) {
      const inside = await archive.unpack();
      return (await Promise.all(inside.map(async (entry) => {
        const files = await unpackFile(entry);
        return isZip(entry.bytes) ? files.map(({ name, bytes }) => ({ name: `${entry.name}/${name}`, bytes })) : files;
      }))).flat();
    }
  }
  return [file];
}

const isOwn = (bytes: Uint8Array) =>
  (readSafetensorsHeader(bytes)?.__metadata__ as { format?: unknown } | undefined)?.format === 'handful-model';

const kHdf5Magic = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const kZipMagic = [0x50, 0x4b, 0x03, 0x04];
const startsWith = (bytes: Uint8Array, magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
export const isHdf5 = (bytes: Uint8Array) => startsWith(bytes, kHdf5Magic);
export const isZip = (bytes: Uint8Array) => startsWith(bytes, kZipMagic);
