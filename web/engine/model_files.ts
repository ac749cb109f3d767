// Model files as people have them → files the engine's own importers read. The readers for HDF5 and zip are fetched
// only when such a file turns up.
import type { NamedBytes } from './types';

export async function convertModel(files: NamedBytes[]): Promise<NamedBytes[]> {
  const converted = await Promise.all(files.map(convertFile));
  return converted.flat();
}

async function convertFile(file: NamedBytes): Promise<NamedBytes[]> {
  if (isHdf5(file.bytes)) {
    const { hdf5ToSafetensors } = await import('./hdf5');
    return [{ name: file.name, bytes: hdf5ToSafetensors(file.name, file.bytes) }];
  }
  // The engine unpacks a zip itself, but an .h5 inside needs the reader above.
  if (isZip(file.bytes)) {
    const { ModelArchive } = await import('./zip');
    const archive = await ModelArchive.open(file.name, file.bytes).catch(() => null);  // the engine says what is wrong
    if (archive?.names.some((name) => /\.(h5|hdf5)$/i.test(name))) return convertModel(await archive.unpack());
  }
  return [file];
}

const kHdf5Magic = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const kZipMagic = [0x50, 0x4b, 0x03, 0x04];
const startsWith = (bytes: Uint8Array, magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
export const isHdf5 = (bytes: Uint8Array) => startsWith(bytes, kHdf5Magic);
export const isZip = (bytes: Uint8Array) => startsWith(bytes, kZipMagic);
