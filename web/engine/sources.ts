// The bytes behind a command's buffers: memory, a file, or a download that reports how far it is.
import type { Phrase } from './messages';
import type { RemoteFile, Source } from './protocol';

export function nameOf(source: Source): string {
  if (source instanceof ArrayBuffer) return '';
  if (source instanceof Blob) return 'name' in source ? String(source.name) : '';
  return new URL(source.url, self.location?.href).pathname.split('/').pop() ?? source.url;
}

/** Bytes this source will take in memory while it waits; 0 where unknown. */
export function sizeOf(source: Source): number {
  if (source instanceof ArrayBuffer) return 0;  // taken already
  return source instanceof Blob ? source.size : source.bytes ?? 0;
}

/** Rejects with an Error whose message is one sentence. */
export async function readSource(source: Source, onProgress: (loaded: number, total: number) => void):
    Promise<Uint8Array> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) {
    try {
      return new Uint8Array(await source.arrayBuffer());
    } catch (error) {
      throw new Error(`the file could not be read (${sentence(error)})`);
    }
  }
  return download(source, onProgress);
}

async function download(file: RemoteFile, onProgress: (loaded: number, total: number) => void): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(file.url);
  } catch (error) {
    throw new Error(`the download did not start (${sentence(error)})`);
  }
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  }
  const total = file.bytes ?? lengthOf(response);
  let loaded = 0;
  try {
    const report = throttled(onProgress);
    return await readAll(response.body!, (bytes) => report(loaded = bytes, total));
  } catch (error) {
    throw new Error(`the download broke off after ${loaded} bytes (${sentence(error)})`);
  }
}

const kProgressIntervalMs = 40;

/** `report`, but not more often than anybody can see; the end is always told. */
export function throttled(report: (loaded: number, total: number) => void): typeof report {
  let last = -Infinity;
  return (loaded, total) => {
    const now = performance.now();
    if (loaded !== total && now - last < kProgressIntervalMs) return;
    last = now;
    report(loaded, total);
  };
}

/** Bytes that a response will bring, 0 where it does not say. */
export function lengthOf({ headers }: Response): number {
  // With a Content-Encoding the length counts compressed bytes, and fewer or more arrive here.
  return headers.has('Content-Encoding') ? 0 : Number(headers.get('Content-Length') ?? 0);
}

/** The whole stream; `onBytes` hears how much there is so far, and may throw to end it. */
export async function readAll(stream: ReadableStream<Uint8Array>, onBytes: (bytes: number) => void):
    Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (const reader = stream.getReader();;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    onBytes(bytes += value.byteLength);
  }
  return chunks.length === 1 ? chunks[0] : concatenate(chunks);
}

export function concatenate(chunks: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/** What was refused: a sentence, and its phrases where it has any. */
export class Refusal extends Error {
  constructor(message: string, readonly phrases: Phrase[]) {
    super(message);
  }
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
