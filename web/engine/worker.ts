// The Worker: an EngineHost with a real engine and a real browser around it.
import { decodeInBrowser } from './decode';
import { EngineHost, type EngineModule, type OnEvent } from './host';
import { convertModel } from './model_files';
import type { FromWorker, ToWorker } from './protocol';
import { lengthOf } from './sources';
import type { Variant } from './variant';

type Scope = { postMessage(message: FromWorker, transfer: ArrayBuffer[]): void };
const scope = self as unknown as Scope;

// A message to ourselves lines up behind those of the page: commands are taken between any two steps, without the
// delay of a timer.
const ping = new MessageChannel();
let next: (() => void) | null = null;
ping.port1.onmessage = () => {
  const task = next;
  next = null;
  task?.();
};

function hostOf(variant: Variant): EngineHost {
  return new EngineHost({
    load: (onEvent) => loadEngine(variant, onEvent),
    send: (message, transfer) => scope.postMessage(message, transfer),
    later(task) {
      next = task;
      ping.port2.postMessage(0);
    },
    decode: decodeInBrowser,
    convertModel,
  });
}

type Factory = (options: {
  onEvent: OnEvent;
  instantiateWasm(imports: WebAssembly.Imports,
                  done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}) => Promise<EngineModule>;

// The .wasm is fetched beside the script that will run it, not after it.
async function loadEngine(variant: Variant, onEvent: OnEvent): Promise<EngineModule> {
  const compiling = compile(new URL(`engine.${variant}.wasm`, import.meta.url));
  const script: { default: Factory } = await import(new URL(`engine.${variant}.mjs`, import.meta.url).href);
  const module = await compiling;
  return script.default({
    onEvent,
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
      return {};
    },
  });
}

// Compiled while it arrives, whatever type the static host gives to .wasm.
async function compile(url: URL): Promise<WebAssembly.Module> {
  const name = url.pathname.split('/').pop()!;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  const total = lengthOf(response);
  let loaded = 0;
  const counted = response.body!.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      scope.postMessage({ kind: 'progress', progress: { what: 'engine', name, id: 0, loaded, total } }, []);
      controller.enqueue(chunk);
    },
  }));
  return WebAssembly.compileStreaming(new Response(counted, { headers: { 'Content-Type': 'application/wasm' } }));
}

let host: EngineHost | null = null;
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'start') {
    host = hostOf(data.variant);
    void host.start();
  } else {
    host?.post(data.json, data.sources);
  }
});
