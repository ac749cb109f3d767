// Fetches and starts the engine: engine.<variant>.mjs (Emscripten's loader) and engine.<variant>.wasm from one folder.
import type { EngineModule, OnEvent } from './host';
import { lengthOf, throttled } from './sources';
import type { Variant } from './variant';

type Factory = (options: {
  onEvent: OnEvent;
  instantiateWasm(imports: WebAssembly.Imports,
                  done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}) => Promise<EngineModule>;

/** Rejects with an Error whose message is a sentence. `onProgress` counts the bytes of the .wasm. */
export async function loadEngine(folder: string, variant: Variant, onEvent: OnEvent,
                                 onProgress: (name: string, loaded: number, total: number) => void):
    Promise<EngineModule> {
  // The .wasm is fetched beside the script that will run it, not after it.
  const name = `engine.${variant}.wasm`;
  const compiling = compile(new URL(name, folder), throttled((loaded, total) => onProgress(name, loaded, total)));
  const [script, module] = await Promise.all([
    import(new URL(`engine.${variant}.mjs`, folder).href) as Promise<{ default: Factory }>, compiling]);
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

// Compiled while it arrives, whatever type the static host gives to .wasm.
async function compile(url: URL, onProgress: (loaded: number, total: number) => void): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname.split('/').pop()}: the server answered ${response.status}`);
  const total = lengthOf(response);
  let loaded = 0;
  const counted = response.body!.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onProgress(loaded += chunk.byteLength, total);
      controller.enqueue(chunk);
    },
  }));
  return WebAssembly.compileStreaming(new Response(counted, { headers: { 'Content-Type': 'application/wasm' } }));
}
