// The Worker: an EngineHost with a real engine and a real browser around it.
import { decodeInBrowser } from './decode';
import { EngineHost } from './host';
import { loadEngine } from './load_engine';
import { convertModel } from './model_files';
import type { FromWorker, ToWorker } from './protocol';
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

function hostOf(variant: Variant): EngineHost {
  const report = (name: string, loaded: number, total: number) =>
    send({ kind: 'progress', progress: { what: 'engine', name, id: 0, loaded, total } });
  return new EngineHost({
    load: (onEvent) => loadEngine(import.meta.url, variant, onEvent, report),
    send,
    later(task) {
      next = task;
      ping.port2.postMessage(0);
    },
    decode: decodeInBrowser,
    convertModel,
  });
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
