declare module 'handful-engine' {
  /** Emscripten's loader of engine.simd.wasm. */
  export default function factory(options: {
    wasmBinary: Uint8Array;
    onEvent: import('../engine/types').OnEvent;
  }): Promise<import('../engine/types').EngineModule>;
}
