// What the parts around the engine know of each other: types only, so that none of them need import the one that uses it.
import type { Locks } from './locks';
import type { Event } from './messages';
import type { Store } from './store';

/** The wasm boundary, src/platform/web/engine_abi.h. */
export interface EngineModule {
  HEAPU8: Uint8Array;
  _handful_alloc(bytes: number): number;
  _handful_free(pointer: number): void;
  _handful_post(json: number, jsonBytes: number, buffers: number, bufferCount: number): void;
  _handful_step(): number;
}

/** An event: its type, its id (0 where it has none), and all of it as JSON. */
export type OnEvent = (type: Event['type'], id: number, body: string, buffers: Uint8Array[]) => void;

/** What a module asks of its surroundings. */
export interface ModuleHooks {
  onEvent: OnEvent;
  /** Of the converter alone: an HDF5 file read as safetensors, or written from such; a sentence where it cannot be. */
  hdf5?(writes: boolean, bytes: Uint8Array): Uint8Array | string;
}

export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

export interface StoreEvents {
  /** The store went away, for this reason. */
  closed(sentence: string): void;
  /** Another tab took this lock. */
  lost(lock: string): void;
}

export interface OpenedStore {
  store: Store;
  locks: Locks;
}
