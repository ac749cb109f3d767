// Archives that come in and go out. One that comes in stays a file on disk: the engine names the entries it wants, a few at a
// time, and one that is damaged does not keep it from the others. One that goes out is made of what the store holds.
import type { ImportArchive, WriteArchive } from './messages';
import { kindOfName } from './pictures';
import { sentence } from './sources';
import type { Entries, Store } from './store';
import type { ZipReader } from './zip_reader';

const kLimits = { entryBytes: 64 << 20, totalBytes: 16 * 2 ** 30 };
const kReadAtOnce = 32;

export interface ArchivesOptions {
  /** A PNG of a picture that only a browser can decode. */
  toPng(picture: Blob): Promise<Uint8Array>;
}

export class Archives {
  private opened = new Map<string, ZipReader>();  // name of the store → archive

  constructor(private readonly options: ArchivesOptions) {}

  /** The command with `store` and `entries` filled in. Rejects with a sentence. */
  async open(command: ImportArchive, archive: Blob): Promise<ImportArchive> {
    const { ZipReader } = await import('./zip');
    const reader = await ZipReader.open(archive, kLimits);
    const store = nameOf(command.id ?? 0);
    this.opened.set(store, reader);
    return { ...command, store, entries: reader.entries };
  }

  /** Null where `store` is none of ours. What cannot be unpacked is left out, and `error` says why. */
  read(store: string, keys: string[]): Promise<Entries & { error: string }> | null {
    const reader = this.opened.get(store);
    return reader ? this.unpack(reader, keys) : null;
  }

  has(id: number): boolean {
    return this.opened.has(nameOf(id));
  }

  /** The import with this id is over. */
  close(id: number): void {
    this.opened.delete(nameOf(id));
  }

  private async unpack(reader: ZipReader, keys: string[]): Promise<Entries & { error: string }> {
    const found: Entries & { error: string } = { keys: [], values: [], error: '' };
    for (const key of keys) {
      try {
        const bytes = await this.forEngine(key, await reader.read(key));
        found.keys.push(key);
        found.values.push(bytes.buffer as ArrayBuffer);
      } catch (error) {
        found.error ||= sentence(error);
      }
    }
    return found;
  }

  // As it is, if the browser cannot decode it either: the engine says so.
  private async forEngine(name: string, bytes: Uint8Array): Promise<Uint8Array> {
    if (!isForBrowser(bytes) && kindOfName(name)?.builtIn !== false) return bytes;
    return this.options.toPng(new Blob([bytes as Uint8Array<ArrayBuffer>])).catch(() => bytes);
  }
}

const nameOf = (id: number) => `archive:${id}`;

// Under a wrong name, too. WebP: RIFF????WEBP. AVIF, HEIC: an ISO base media file, ????ftyp.
function isForBrowser(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  return (text.startsWith('RIFF') && text.endsWith('WEBP')) || text.slice(4, 8) === 'ftyp';
}

/** The archive, read from the store in bounded batches; `missing` are paths of what the store has no more. */
export async function writeArchive({ parts }: WriteArchive, buffers: ArrayBuffer[], store: Store):
    Promise<{ archive: Blob; missing: string[] }> {
  const { ZipWriter } = await import('./zip');
  const writer = new ZipWriter();
  const missing: string[] = [];
  let buffer = 0;
  for (let first = 0; first < parts.length; first += kReadAtOnce) {
    const batch = parts.slice(first, first + kReadAtOnce);
    const values = await valuesOf(batch, store);
    for (const part of batch) {
      const bytes = part.store === '' ? buffers[buffer++] : values.get(keyOf(part));
      if (bytes) writer.add(part.name, new Uint8Array(bytes));
      else missing.push(part.name);
    }
  }
  return { archive: writer.finish(), missing };
}

interface Kept {
  store: string;
  key: string;
}

const keyOf = ({ store, key }: Kept) => `${store}/${key}`;

async function valuesOf(parts: Kept[], store: Store): Promise<Map<string, ArrayBuffer>> {
  const values = new Map<string, ArrayBuffer>();
  for (const name of new Set(parts.map((part) => part.store).filter(Boolean))) {
    const found = await store.read(name, parts.filter((part) => part.store === name).map(({ key }) => key));
    found.keys.forEach((key, i) => values.set(keyOf({ store: name, key }), found.values[i]));
  }
  return values;
}
