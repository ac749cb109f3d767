// What crosses postMessage between client.ts (page) and worker.ts.
import type { Command, Event } from './messages';
import type { Variant } from './variant';

/** Bytes of a command's buffer: at hand, in a file, or to be downloaded. */
export type Source = ArrayBuffer | Blob | RemoteFile;

export interface RemoteFile {
  url: string;
  /** Its size, where known; else the response's Content-Length is believed. */
  bytes?: number;
}

/** A message beside its header: who hands it on need not look into the body. */
export interface Posted<Message extends Command | Event> {
  type: Message['type'];
  /** 0 where it has none. */
  id: number;
  /** The whole message as JSON. */
  body: string;
}

export type ToWorker =
  /** `store` names the database of projects, null for none. */
  | { kind: 'start'; variant: Variant; store: string | null }
  /** <name>.wasm, compiled: the engine's comes unasked, while the Worker starts, and is compiled only once for all restarts. */
  | { kind: 'compiled'; name: string; module: WebAssembly.Module }
  /** It could not be, for this reason. */
  | { kind: 'missing'; name: string; why: string }
  /** `sources` are its buffers, in order. */
  | { kind: 'command'; command: Posted<Command>; sources: Source[] };

export type FromWorker =
  | { kind: 'event'; event: Posted<Event>; buffers: ArrayBuffer[] }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'file'; file: OfferedFile }
  /** <name>.wasm is needed. */
  | { kind: 'wanted'; name: string }
  /** The engine is gone; nothing posted since the last answer was carried out. */
  | { kind: 'crashed'; message: string };

/** A file for the visitor to save: the answer to the command with this id. */
export interface OfferedFile {
  id: number;
  name: string;
  blob: Blob;
  /** A sentence where something had to be left out, else empty. */
  warning: string;
}

/** A download under way. */
export interface Progress {
  what: 'engine' | 'backbone' | 'model' | 'picture';
  /** the file's name */
  name: string;
  /** id of the command that waits for it, 0 for the engine itself */
  id: number;
  /** bytes so far */
  loaded: number;
  /** bytes in all, 0 where the server does not say */
  total: number;
}
