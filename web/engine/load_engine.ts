// Fetches, compiles and starts the engine: engine.<variant>.mjs (Emscripten's loader) and engine.<variant>.wasm.
import { lengthOf, throttled } from './sources';
import type { EngineModule, OnEvent } from './types';
import type { Variant } from './variant';

export const wasmNameOf = (variant: Variant) => `engine.${variant}.wasm`;

/** Compiled while it arrives, whatever type the static host gives to .wasm. Rejects with a sentence. */
export async function compileEngine(folder: string | URL, variant: Variant,
                                    onProgress: (loaded: number, total: number) => void): Promise<WebAssembly.Module> {
  const name = wasmNameOf(variant);
  const response = await fetch(new URL(name, folder));
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  const total = lengthOf(response);
  const report = throttled(onProgress);
  let loaded = 0;
  const counted = response.body!.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      report(loaded += chunk.byteLength, total);
      controller.enqueue(chunk);
    },
  }));
  return WebAssembly.compileStreaming(new Response(counted, { headers: { 'Content-Type': 'application/wasm' } }));
}

type Factory = (options: {
  onEvent: OnEvent;
  instantiateWasm(imports: WebAssembly.Imports,
                  done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}) => Promise<EngineModule>;

/** `compiled` is what compileEngine gave. */
export async function startEngine(folder: string | URL, variant: Variant, compiled: Promise<WebAssembly.Module>,
                                  onEvent: OnEvent): Promise<EngineModule> {
  const loader = import(new URL(`engine.${variant}.mjs`, folder).href) as Promise<{ default: Factory }>;
  const [script, module] = await Promise.all([loader, compiled]);
  return new Promise((resolve, reject) => {
    script.default({
      onEvent,
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module), reject);
        return {};
      },
    }).then(resolve, reject);
  });
}
