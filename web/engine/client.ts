// A page's end of the engine: starts the Worker, posts commands, hands events to listeners, starts it anew after a crash.
//
//   const engine = new EngineClient();
//   engine.on('Prediction', (event) => show(event.top));
//   engine.post({ type: 'LoadBackbone', id: 1, name: 'backbone' }, [{ url: 'models/backbone.safetensors' }]);
//   engine.post({ type: 'Classify', id: 2, name: file.name }, [file]);
import { Envelope } from './envelope';
import { compileModule } from './compile_module';
import type { Command, Event, ProjectOpened } from './messages';
import { kHere, startWorker } from './parts';
import type { FromWorker, OfferedFile, Posted, Progress, Source, ToWorker } from './protocol';
import { sentence } from './sources';
import { UnfinishedWork, type Unfinished } from './unfinished';
import { chooseVariant, detectWasmFeatures, engineName } from './variant';

export type { Envelope } from './envelope';
export type { Command, Event } from './messages';
export type { OfferedFile, Posted, Progress, RemoteFile, Source } from './protocol';
export type { Unfinished } from './unfinished';
export type { Variant } from './variant';

type OptionalFields<T> = T extends { type: infer Type } ? { type: Type } & DeepPartial<Omit<T, 'type'>> : never;
type DeepPartial<T> = T extends unknown[] | string | number | boolean ? T : { [K in keyof T]?: DeepPartial<T[K]> };

/** A command as one writes it: fields that are left out have the defaults of src/schema/messages.h. */
export type CommandInput = OptionalFields<Command>;

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** A crash: nothing that waited for an answer will get one, until restart(). */
export interface Crash {
  /** one sentence */
  message: string;
  /** What had not come to its end. */
  lost: Unfinished;
}

export interface EngineClientOptions {
  /** Folder with worker.js and the engine's files; by default that of this script. */
  base?: string | URL;
  /** `simd` or `relaxed`, as a page's `?engine=` may say; by default the fastest that the browser can run. */
  variant?: string | null;
  /** Name of the browser's database that projects are kept in; by default none, and nothing is kept. */
  store?: string | null;
}

interface Post {
  command: Envelope<Command>;
  sources: Source[];
}

type Unsubscribe = () => void;
type AnyListener = (event: Envelope<Event>, buffers: ArrayBuffer[]) => void;

export class EngineClient {
  private readonly base: URL;
  private readonly wanted: string | null;
  private readonly store: string | null;
  private worker: Worker | null = null;
  private compiled: Promise<WebAssembly.Module> | null = null;
  private listeners = new Map<string, Set<(event: Event, buffers: ArrayBuffer[]) => void>>();
  private anyListeners = new Set<AnyListener>();
  private progressListeners = new Set<(progress: Progress) => void>();
  private fileListeners = new Set<(file: OfferedFile) => void>();
  private crashListeners = new Set<(crash: Crash) => void>();
  // What a new engine must be told to be where the old one was: backbone, model, crop mode. Samples are lost.
  private state = new Map<Command['type'], Post>();
  // Of these, what was not answered yet, by id: a command that brings the engine down is not repeated.
  private pending = new Map<number, Post>();
  private project = '';  // the open one's id, of the store
  private readonly work = new UnfinishedWork();

  constructor(options: EngineClientOptions = {}) {
    this.base = new URL(options.base ?? '.', kHere);
    this.wanted = options.variant ?? null;
    this.store = options.store ?? null;
    this.start();
  }

  /** Sends a command, as an object or with its header. Its buffers, in order: an ArrayBuffer is handed over and empty then. */
  post(input: CommandInput | Posted<Command>, sources: Source[] = []): void {
    const command = 'body' in input ? Envelope.from<Command>(input) : Envelope.of(input as Command);
    if (command.type === 'LoadBackbone' || command.type === 'LoadModel') {
      sources = sources.map((source) => source instanceof ArrayBuffer ? new Blob([source]) : source);
      this.pending.set(command.id, { command, sources });
    }
    this.work.posted(command);
    if (command.type === 'SetCropMode') this.state.set('SetCropMode', { command, sources });
    this.send({ command, sources });
  }

  /** What would be lost if the engine or its page ended now. */
  get unfinished(): Unfinished {
    return this.work.now;
  }

  /** Listens to one type of event. */
  on<Type extends Event['type']>(
    type: Type, listener: (event: EventOf<Type>, buffers: ArrayBuffer[]) => void): Unsubscribe {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set);
    set.add(listener as (event: Event, buffers: ArrayBuffer[]) => void);
    return () => set.delete(listener as (event: Event, buffers: ArrayBuffer[]) => void);
  }

  /** Listens to every event; its `message` is parsed for those who ask. */
  onAny(listener: AnyListener): Unsubscribe {
    return subscribe(this.anyListeners, listener);
  }

  onProgress(listener: (progress: Progress) => void): Unsubscribe {
    return subscribe(this.progressListeners, listener);
  }

  /** Listens to files that the visitor asked for. */
  onFile(listener: (file: OfferedFile) => void): Unsubscribe {
    return subscribe(this.fileListeners, listener);
  }

  onCrash(listener: (crash: Crash) => void): Unsubscribe {
    return subscribe(this.crashListeners, listener);
  }

  /**
   * A fresh engine with the same backbone, model and crop mode, and the same project where there is a store. What was being
   * worked on is dropped.
   */
  restart(): void {
    this.dispose();
    this.start();
    for (const post of this.state.values()) this.send(post);
    // The old Worker may still hold the lock for a moment.
    if (this.project) this.post({ type: 'OpenProject', project_id: this.project, take: true });
  }

  /** Ends the engine and frees its memory at once. */
  dispose(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private start(): void {
    const choice = chooseVariant(detectWasmFeatures(), this.wanted);
    if ('error' in choice) {
      queueMicrotask(() => this.crashed(choice.error));
      return;
    }
    const worker = startWorker('worker', this.base);
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.crashed(`The engine's worker failed: ${event.message || 'its script could not be loaded'}.`);
    };
    this.tell({ kind: 'start', variant: choice.variant, store: this.store });
    // While the Worker starts; and a restart finds it done.
    this.compiled ??= this.compile(engineName(choice.variant));
    this.compiled.then((module) => {
      if (this.worker === worker) this.tell({ kind: 'compiled', name: engineName(choice.variant), module });
    }, (error: unknown) => {
      this.compiled = null;
      if (this.worker === worker) this.crashed(`The engine could not be started: ${sentence(error)}.`);
    });
  }

  private compile(name: string): Promise<WebAssembly.Module> {
    return compileModule(this.base, name, (loaded, total) =>
      this.receive({ kind: 'progress', progress: { what: 'engine', name: `${name}.wasm`, id: 0, loaded, total } }));
  }

  private send({ command, sources }: Post): void {
    const absolute = sources.map((source) =>
      'url' in source ? { ...source, url: new URL(source.url, globalThis.document?.baseURI).href } : source);
    const transfer = sources.filter((source) => source instanceof ArrayBuffer);
    this.tell({ kind: 'command', command: command.posted, sources: absolute }, transfer);
  }

  private tell(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case 'event': {
        const event = Envelope.from(message.event);
        this.remember(event, message.buffers);
        for (const listener of this.anyListeners) listener(event, message.buffers);
        for (const listener of this.listeners.get(event.type) ?? []) listener(event.message, message.buffers);
        return;
      }
      case 'progress':
        for (const listener of this.progressListeners) listener(message.progress);
        return;
      case 'file':
        for (const listener of this.fileListeners) listener(message.file);
        return;
      case 'wanted':
        void this.provide(message.name);
        return;
      case 'crashed':
        this.crashed(message.message);
    }
  }

  private async provide(name: string): Promise<void> {
    const { worker } = this;
    try {
      const module = await compileModule(this.base, name, () => {});
      if (this.worker === worker) this.tell({ kind: 'compiled', name, module });
    } catch (error) {
      if (this.worker === worker) this.tell({ kind: 'missing', name, why: sentence(error) });
    }
  }

  private remember(event: Envelope<Event>, buffers: ArrayBuffer[]): void {
    this.work.hear(event);
    switch (event.type) {
      case 'TrainDone':
        if (buffers.length === 0 || this.project !== '') return;
        this.state.set('LoadModel', {
          command: Envelope.of<Command>({ type: 'LoadModel', names: ['trained.safetensors'] }), sources: [new Blob(buffers)] });
        return;
      case 'ProjectOpened':
        if (this.store !== null) this.project = (event.message as ProjectOpened).project.id;
        return;
      case 'ProjectClosed':
        this.project = '';
        return;
      case 'BackboneLoaded':
      case 'ModelLoaded':
      case 'Failed': {
        const post = this.pending.get(event.id);
        this.pending.delete(event.id);
        if (post && event.type !== 'Failed') this.state.set(event.type === 'BackboneLoaded' ? 'LoadBackbone' : 'LoadModel', post);
      }
    }
  }

  private crashed(message: string): void {
    this.dispose();
    this.pending.clear();
    const lost = this.work.clear();
    for (const listener of this.crashListeners) listener({ message, lost });
  }
}

function subscribe<T>(set: Set<T>, listener: T): Unsubscribe {
  set.add(listener);
  return () => set.delete(listener);
}
