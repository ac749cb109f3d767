// The Worker: an EngineHost with a real engine and a real browser around it.
import { decodeInBrowser, pngOf } from './decode';
import { EngineHost } from './host';
import { engineName, startModule } from './load_engine';
import { WebLocks } from './locks';
import { convertModel } from './model_files';
import type { FromWorker, ToWorker } from './protocol';
import { openStore } from './store';
import type { Variant } from './variant';

const send = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
  (self as unknown as Worker).postMessage(message, transfer);

// A message to ourselves lines up behind those of the page: commands are taken between any two steps, without the
// delay of a timer.
const ping = new MessageChannel();
let next: (() => void) | null = null;
ping.port1.onmessage = () => {
  const task = next;
  next = null;
  task?.();
};

interface Start {
  variant: Variant;
  store: string | null;
}
let start: (message: Start) => void;
let provide: (module: WebAssembly.Module) => void;
const started = new Promise<Start>((resolve) => { start = resolve; });
const compiled = new Promise<WebAssembly.Module>((resolve) => { provide = resolve; });

const host = new EngineHost({
  load: async (onEvent) => startModule(import.meta.url, engineName((await started).variant), compiled, onEvent),
  send,
  later(task) {
    next = task;
    ping.port2.postMessage(0);
  },
  decode: decodeInBrowser,
  toPng: pngOf,
  convertModel,
  async openStore({ closed, lost }) {
    const { store: database } = await started;
    if (database === null) return null;
    const store = await openStore(database, closed);
    return { store, locks: new WebLocks(database, lost) };
  },
});
void host.start();

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'start': return start(data);
    case 'compiled': return provide(data.module);
    case 'command': return host.post(data.command, data.sources);
  }
});
