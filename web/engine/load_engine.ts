// Fetches, compiles and starts a module with the engine's boundary: <name>.mjs (Emscripten's loader) and <name>.wasm; the engine's name is
// engine.<variant>.
import { lengthOf, throttled } from './sources';
import type { EngineModule, OnEvent } from './types';
import type { Variant } from './variant';

export const engineName = (variant: Variant) => `engine.${variant}`;

/** Compiled while it arrives, whatever type the static host gives to .wasm. Rejects with a sentence. */
export async function compileModule(folder: string | URL, name: string,
                                    onProgress: (loaded: number, total: number) => void): Promise<WebAssembly.Module> {
  const response = await fetch(new URL(`${name}.wasm`, folder));
  if (!response.ok) throw new Error(`${name}.wasm: the server answered ${response.status}`);
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

/** `compiled` is what compileModule gave. */
export async function startModule(folder: string | URL, name: string, compiled: Promise<WebAssembly.Module>,
                                  onEvent: OnEvent): Promise<EngineModule> {
  const loader = import(new URL(`${name}.mjs`, folder).href) as Promise<{ default: Factory }>;
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
