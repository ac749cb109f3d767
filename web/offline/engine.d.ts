declare module 'handful-engine' {
  import type { EngineModule, OnEvent } from '../engine/types';
  /** Emscripten's loader of engine.simd.wasm. */
  export default function factory(options: { wasmBinary: Uint8Array; onEvent: OnEvent }): Promise<EngineModule>;
}
