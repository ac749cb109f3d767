// The engine's keeper inside the Worker: hands it one command at a time, lets it work in steps between messages, and
// passes on what it says, but for what is meant for the store. Knows nothing of Workers or browsers; what it needs is in
// HostOptions.
import { Archives } from './archives';
import type { DecodedPicture } from './decode';
import { Envelope } from './envelope';
import type { Command, Event, Failed, ImportArchive, LoadModel, NeedsDecoding, StoreData } from './messages';
import { allocate, copyIn, OutOfMemory, postTo, transferable, type Owned } from './module_memory';
import { isPicture, mayOvertake } from './order';
import type { FromWorker, Posted, Progress, Source } from './protocol';
import { dataOfSafetensors } from './safetensors';
import type { ConvertedModel } from './model_files';
import { nameOf, readSource, Refusal, sentence, sizeOf } from './sources';
import { StoreKeeper } from './store_keeper';
import type { EngineModule, NamedBytes, OnEvent, OpenedStore, StoreEvents } from './types';

export interface HostOptions {
  /** Makes the engine; it may send its first event before the promise is settled. */
  load(onEvent: OnEvent): Promise<EngineModule>;
  send(message: FromWorker, transfer: ArrayBuffer[]): void;
  /** Calls `task` soon, after the messages that are waiting now. */
  later(task: () => void): void;
  decode(picture: Blob): Promise<DecodedPicture>;
  /** The same picture as PNG. */
  toPng(picture: Blob): Promise<Uint8Array>;
  /** Turns other people's model files into one that the engine reads. */
  convertModel(files: NamedBytes[]): Promise<ConvertedModel>;
  /** Where projects are kept; null, or left out: nowhere. */
  openStore?(events: StoreEvents): Promise<OpenedStore | null>;
}

// While the engine works on one command the files of the next ones are read, within these bounds.
const kReadAheadCommands = 4;
const kReadAheadBytes = 64 << 20;
const kMaxPixels = 100_000_000;  // image::Limits
// While so much waits to be kept, no further picture is looked at.
const kMaxUnsavedBytes = 64 << 20;

type Content =
  | { buffers: Uint8Array[] }
  | { picture: DecodedPicture }
  | { error: unknown };

interface Item {
  command: Envelope<Command>;
  sources: Source[];
  slow: boolean;  // its content is to be read or downloaded
  reading: boolean;
  content: Content | null;  // null until it was read
}

export class EngineHost {
  private module: EngineModule | null = null;
  private dead = false;
  private scheduled = false;
  private queue: Item[] = [];
  // Pictures under way, by id: what the browser decodes if the engine cannot.
  private pictures = new Map<number, Item>();
  private decoding: Promise<void> = Promise.resolve();
  private answers: Item[] = [];  // of the store, in their order; they come before all else
  private readonly archives: Archives;
  private keeper: StoreKeeper;

  constructor(private readonly options: HostOptions) {
    this.archives = new Archives(options);
    this.keeper = this.keeperOf(null);
  }

  async start(): Promise<void> {
    try {
      [this.module] = await Promise.all([
        this.options.load((type, id, body, buffers) => this.onEvent(type, id, body, buffers)), this.openStore()]);
      this.wake();
    } catch (error) {
      this.crash('could not be started', error);
    }
  }

  post(posted: Posted<Command>, sources: Source[]): void {
    const command = Envelope.from(posted);
    const content = sources.length > 0 ? contentAtHand(command, sources) : { buffers: [] };
    const item: Item = { command, sources, slow: !content, reading: false, content };
    let at = this.queue.length;
    while (at > 0 && mayOvertake(item, this.queue[at - 1])) --at;
    this.queue.splice(at, 0, item);
    this.readAhead();
    this.wake();
  }

  private async openStore(): Promise<void> {
    const opened = await this.options.openStore?.({
      closed: (sentence) => this.keeper.closed(sentence),
      lost: (lock) => this.answer({ type: 'StoreLost', lock }, []),
    });
    if (!opened) return;
    this.keeper = this.keeperOf(opened);
    this.answer({ type: 'UseStore' }, []);
  }

  private keeperOf(opened: OpenedStore | null): StoreKeeper {
    return new StoreKeeper(opened, {
      answer: (command, buffers) => this.answer(command, buffers),
      say: (event) => this.say(event),
      offer: (id, name, blob, warning) => this.options.send({ kind: 'file', file: { id, name, blob, warning } }, []),
      fail: (id, name, message) => this.say(failure(id, 'ExportProject', name, message)),
      archives: this.archives,
    });
  }

  private answer(command: Command, buffers: ArrayBuffer[]): void {
    const content = { buffers: buffers.map((buffer) => new Uint8Array(buffer)) };
    this.answers.push({ command: Envelope.of(command), sources: [], slow: false, reading: false, content });
    this.wake();
  }

  private readAhead(): void {
    let bytes = 0;
    let commands = 0;
    for (const item of this.queue) {
      if (!item.slow) continue;
      bytes += item.sources.reduce((sum, source) => sum + sizeOf(source), 0);
      if (++commands > kReadAheadCommands || (bytes > kReadAheadBytes && commands > 1)) break;
      if (item.content || item.reading) continue;
      item.reading = true;
      void this.read(item);
    }
  }

  private async read(item: Item): Promise<void> {
    const { command, sources } = item;
    if (command.type === 'ImportArchive') return this.openArchive(item);
    const nameOfBuffer = (i: number) => namesIn(command.message)[i] || nameOf(sources[i]);
    try {
      const buffers = await Promise.all(sources.map(async (source, i) => {
        const report = (loaded: number, total: number) => this.options.send({
          kind: 'progress',
          progress: { what: contentOf(command), name: nameOfBuffer(i), id: command.id, loaded, total },
        }, []);
        try {
          return await readSource(source, report);
        } catch (error) {
          throw new Error(`${nameOfBuffer(i)}: ${sentence(error)}`);
        }
      }));
      let content: Content = { buffers };
      if (command.type === 'LoadBackbone') {
        item.command = Envelope.of({ ...command.message, data_sha256: await dataSha256(buffers[0]) } as Command);
      }
      if (command.type === 'LoadModel') {
        const { files, source, warning } = await this.options.convertModel(
          buffers.map((bytes, i) => ({ name: nameOfBuffer(i), bytes })));
        item.command = Envelope.of({ ...command.message as LoadModel, names: files.map(({ name }) => name), source, warning });
        content = { buffers: files.map(({ bytes }) => bytes) };
      }
      item.content = content;  // last: it may be taken from here on
    } catch (error) {
      item.content = { error };
    }
    this.wake();
  }

  // Stays where it is: only its directory is read.
  private async openArchive(item: Item): Promise<void> {
    const [source] = item.sources;
    try {
      const archive = source instanceof Blob ? source : new Blob([await readSource(source, () => {}) as Uint8Array<ArrayBuffer>]);
      item.command = Envelope.of(await this.archives.open(item.command.message as ImportArchive, archive));
      item.content = { buffers: [] };
    } catch (error) {
      item.content = { error };
    }
    this.wake();
  }

  private wake(): void {
    if (this.scheduled || this.dead || !this.module) return;
    this.scheduled = true;
    this.options.later(() => {
      this.scheduled = false;
      this.tick();
    });
  }

  // At most one command and one step of the engine.
  private tick(): void {
    if (this.dead || !this.module) return;
    try {
      const next = this.next();
      if (next) {
        this.deliver(this.module, next);
        this.readAhead();
      }
      const more = this.module._handful_step() !== 0;
      if (more || this.answers.length > 0 || this.mayTake(this.queue[0])) this.wake();
    } catch (error) {
      this.crash('stopped', error);
    }
  }

  private next(): Item | undefined {
    return this.answers.shift() ?? (this.mayTake(this.queue[0]) ? this.queue.shift() : undefined);
  }

  private mayTake(item: Item | undefined): boolean {
    if (!item?.content) return false;
    return !isPicture(item.command) || this.keeper.bytesInFlight < kMaxUnsavedBytes;
  }

  private deliver(module: EngineModule, { command, sources, slow, content }: Item): void {
    if ('error' in content!) return this.fail(command, content.error);
    let { body } = command;
    const buffers: Owned[] = [];
    try {
      if ('picture' in content!) {
        const { picture } = content;
        body = JSON.stringify({ ...command.message, width: picture.width, height: picture.height });
        const pixels = allocate(module, picture.width * picture.height * 4);
        buffers.push(pixels);
        picture.copyPixels((stripe, offset) => module.HEAPU8.set(stripe, pixels.pointer + offset));
      } else {
        for (const bytes of content!.buffers) buffers.push(copyIn(module, bytes));
        if (slow && isPicture(command)) {
          this.pictures.set(command.id, { command, sources, slow, reading: false, content: null });
        }
      }
      postTo(module, body, buffers);
    } catch (error) {
      for (const { pointer } of buffers) module._handful_free(pointer);
      if (!(error instanceof OutOfMemory)) throw error;
      if (command.type === 'StoreData') postTo(module, JSON.stringify({ ...command.message as StoreData, keys: [], error: error.message }), []);
      else this.fail(command, error);
    } finally {
      if ('picture' in content!) content.picture.close();
    }
  }

  private onEvent(type: Event['type'], id: number, body: string, buffers: Uint8Array[]): void {
    const event = Envelope.from<Event>({ type, id, body });
    const owned = buffers.map(transferable);
    if (this.keeper.take(event, owned)) return;
    if (this.archives.has(id) && endsImport(event)) this.archives.close(id);
    const picture = this.pictures.get(id);
    this.pictures.delete(id);
    if (type === 'NeedsDecoding' && picture) {
      const { message } = event.message as NeedsDecoding;
      // One after the other: a decoded picture is large.
      this.decoding = this.decoding.then(() => this.decodeInBrowser(picture, message));
      return;
    }
    this.options.send({ kind: 'event', event: event.posted, buffers: owned }, owned);
  }

  // Settles when the engine has taken the picture, so that only one waits at a time.
  private async decodeInBrowser({ command, sources: [source] }: Item, messageIfItCannot: string): Promise<void> {
    let picture: DecodedPicture;
    try {
      picture = await this.options.decode(source instanceof Blob ? source : new Blob([source as ArrayBuffer]));
    } catch {
      return this.fail(command, messageIfItCannot);
    }
    const { width, height } = picture;
    if (width * height > kMaxPixels) {
      picture.close();
      return this.fail(command, `${width}×${height} pixels are more than the ${kMaxPixels / 1e6} megapixels allowed`);
    }
    await new Promise<void>((taken) => {
      const close = () => {
        picture.close();
        taken();
      };
      this.queue.unshift({ command, sources: [], slow: true, reading: false, content: { picture: { ...picture, close } } });
      this.wake();
    });
  }

  private fail(command: Envelope<Command>, error: unknown): void {
    const [name = ''] = namesIn(command.message);
    this.say(failure(command.id, command.type, name, error));
  }

  private say(event: Event): void {
    this.options.send({ kind: 'event', event: Envelope.of(event).posted, buffers: [] }, []);
  }

  private crash(what: string, error: unknown): void {
    this.dead = true;
    this.queue = [];
    this.answers = [];
    this.pictures.clear();
    this.options.send({ kind: 'crashed', message: `The engine ${what}: ${sentence(error)}.` }, []);
  }
}

// The files that a command is about, as it calls them.
function namesIn(command: Command): string[] {
  const { names = [], name = '' } = command as { names?: string[]; name?: string };
  return names.length > 0 ? names : name ? [name] : [];
}

function endsImport({ type, message }: Envelope<Event>): boolean {
  return type === 'ImportDone' || (type === 'Failed' && (message as Failed).command === 'ImportArchive');
}

function contentOf({ type }: Envelope<Command>): Progress['what'] {
  return type === 'LoadBackbone' ? 'backbone' : type === 'LoadModel' ? 'model' : 'picture';
}

// Pixels need no reading.
function contentAtHand(command: Envelope<Command>, sources: Source[]): Content | null {
  if (!isPicture(command) || !sources.every((source) => source instanceof ArrayBuffer)) return null;
  return { buffers: sources.map((source) => new Uint8Array(source)) };
}

/** SHA-256 (hex) of a safetensors file's data, where the browser can: only pages from https or this machine may ask it. */
async function dataSha256(file: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  const data = dataOfSafetensors(file);
  if (!subtle || !data) return '';
  const digest = new Uint8Array(await subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// What fails here, in the browser's or our own words, is a sentence without places.
function failure(id: number, command: Command['type'], name: string, error: unknown): Failed & { type: 'Failed' } {
  const message = sentence(error);
  const phrases = error instanceof Refusal ? error.phrases : [{ code: '%s', arguments: [message] }];
  return { type: 'Failed', id, command, name, message, phrases };
}
