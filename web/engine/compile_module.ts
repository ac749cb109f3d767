// The page's end of load_engine.ts: a module's bytes → WebAssembly.Module, which the page hands to the Worker that asks for it.
import { fetchModule } from './parts';
import { lengthOf, throttled } from './sources';

/** Compiled while it arrives, whatever type the static host gives to .wasm. Rejects with a sentence. */
export async function compileModule(folder: URL, name: string, onProgress: (loaded: number, total: number) => void): Promise<WebAssembly.Module> {
  const response = await fetchModule(name, folder);
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
