// The Worker: an EngineHost with a real engine and a real browser around it.
import type { Converter } from './converter';
import { decodeInBrowser, pngOf } from './decode';
import { EngineHost } from './host';
import { startModule } from './load_engine';
import { WebLocks } from './locks';
import { convertModel } from './model_files';
import type { FromWorker, ToWorker } from './protocol';
import { openStore } from './store';
import { engineName, type Variant } from './variant';

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
const started = new Promise<Start>((resolve) => { start = resolve; });

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}
function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void, reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => { [resolve, reject] = [yes, no]; });
  return { promise, resolve, reject };
}

// Compiled by the page, by name.
const modules = new Map<string, Deferred<WebAssembly.Module>>();
function moduleOf(name: string) {
  const module = modules.get(name) ?? deferred<WebAssembly.Module>();
  modules.set(name, module);
  return module;
}

// One for all who ask meanwhile, so that its module is wanted once; then it is let go of: it is large, and seldom needed.
let converter: Promise<Converter> | null = null;
function startConverter(): Promise<Converter> {
  return converter ??= newConverter().finally(() => {
    converter = null;
    modules.delete('converter');
  });
}

async function newConverter(): Promise<Converter> {
  const { promise: module } = moduleOf('converter');
  send({ kind: 'wanted', name: 'converter' });
  const { Converter } = await import('./converter');
  return Converter.start({ module });
}

const host = new EngineHost({
  async load(onEvent) {
    const name = engineName((await started).variant);
    return startModule(name, moduleOf(name).promise, { onEvent });
  },
  send,
  later(task) {
    next = task;
    ping.port2.postMessage(0);
  },
  decode: decodeInBrowser,
  toPng: pngOf,
  convertModel: (files) => convertModel(files, startConverter),
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
    case 'compiled': return moduleOf(data.name).resolve(data.module);
    case 'missing': return moduleOf(data.name).reject(new Error(data.why));
    case 'command': return host.post(data.command, data.sources);
  }
});
