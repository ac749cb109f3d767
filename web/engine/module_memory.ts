// The memory of a wasm module: blocks that are ours until they are posted (src/platform/web/engine_abi.h).
import type { EngineModule } from './types';

export class OutOfMemory extends Error {
  constructor(bytes: number) {
    super(`not enough memory: ${(bytes / 1e6).toFixed(1)} MB were needed`);
  }
}

// A block in the wasm memory that is ours until it is posted.
export interface Owned {
  pointer: number;
  bytes: number;
}

export function allocate(module: EngineModule, bytes: number): Owned {
  const pointer = module._handful_alloc(Math.max(bytes, 1)) >>> 0;
  if (pointer === 0) throw new OutOfMemory(bytes);
  return { pointer, bytes };
}

export function copyIn(module: EngineModule, bytes: Uint8Array): Owned {
  const block = allocate(module, bytes.byteLength);
  module.HEAPU8.set(bytes, block.pointer);
  return block;
}

export function postTo(module: EngineModule, json: string, buffers: Owned[]): void {
  const text = copyIn(module, new TextEncoder().encode(json));
  try {
    const pairs = new Uint32Array(buffers.flatMap(({ pointer, bytes }) => [pointer, bytes]));
    const table = copyIn(module, new Uint8Array(pairs.buffer));
    module._handful_post(text.pointer, text.bytes, table.pointer, buffers.length);
    module._handful_free(table.pointer);
  } finally {
    module._handful_free(text.pointer);
  }
}

// The engine's buffers are copies already; one that fills its ArrayBuffer needs no other.
export function transferable(buffer: Uint8Array): ArrayBuffer {
  const whole = buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice();
  return whole.buffer as ArrayBuffer;
}
