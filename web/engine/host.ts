// The engine's keeper inside the Worker: hands it one command at a time, lets it work in steps between messages, and
// passes on what it says. Knows nothing of Workers or browsers; what it needs is in HostOptions.
import { dataOfSafetensors } from './safetensors';
import type { DecodedPicture } from './decode';
import type { Command, Event, Failed } from './messages';
import type { FromWorker, Progress, Source } from './protocol';
import { nameOf, readSource, sentence, sizeOf } from './sources';

/** The wasm boundary, src/platform/web/engine_abi.h. */
export interface EngineModule {
  HEAPU8: Uint8Array;
  _handful_alloc(bytes: number): number;
  _handful_free(pointer: number): void;
  _handful_post(json: number, jsonBytes: number, buffers: number, bufferCount: number): void;
  _handful_step(): number;
}

export type OnEvent = (json: string, buffers: Uint8Array[]) => void;

export interface HostOptions {
  /** Makes the engine; it may send its first event before the promise is settled. */
  load(onEvent: OnEvent): Promise<EngineModule>;
  send(message: FromWorker, transfer: ArrayBuffer[]): void;
  /** Calls `task` soon, after the messages that are waiting now. */
  later(task: () => void): void;
  decode(picture: Blob): Promise<DecodedPicture>;
  /** Turns model files the engine has no reader for into ones it has. */
  convertModel(files: NamedBytes[]): Promise<NamedBytes[]>;
}

export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

// While the engine works on one command the files of the next ones are read, within these bounds.
const kReadAheadCommands = 4;
const kReadAheadBytes = 64 << 20;
const kMaxPixels = 100_000_000;  // image::Limits

type Content =
  | { buffers: Uint8Array[] }
  | { picture: DecodedPicture }
  | { error: string };

interface Item {
  command: AnyCommand;
  sources: Source[];
  reading: boolean;
  content: Content | null;  // null until it was read
}

// The fields that this file looks at, whatever the command.
type AnyCommand = { type: Command['type']; id?: number; name?: string; names?: string[] };

export class EngineHost {
  private module: EngineModule | null = null;
  private dead = false;
  private scheduled = false;
  private queue: Item[] = [];
  // Pictures under way, by id: what the browser decodes if the engine cannot.
  private pictures = new Map<number, Item>();
  private decoding: Promise<void> = Promise.resolve();

  constructor(private readonly options: HostOptions) {}

  async start(): Promise<void> {
    try {
      this.module = await this.options.load((json, buffers) => this.onEvent(json, buffers));
      this.wake();
    } catch (error) {
      this.crash('could not be started', error);
    }
  }

  post(json: string, sources: Source[]): void {
    const command = JSON.parse(json) as AnyCommand;
    const item: Item = { command, sources, reading: false, content: sources.length ? null : { buffers: [] } };
    // Stop is for what the engine does now, so it overtakes files that wait. A training that waits itself it follows.
    const overtakes = command.type === 'Stop' && !this.queue.some(({ command: { type } }) => type === 'Train');
    this.queue.splice(overtakes ? 0 : this.queue.length, 0, item);
    this.readAhead();
    this.wake();
  }

  private readAhead(): void {
    let bytes = 0;
    for (const item of this.queue.slice(0, kReadAheadCommands)) {
      bytes += item.sources.reduce((sum, source) => sum + sizeOf(source), 0);
      if (bytes > kReadAheadBytes && item !== this.queue[0]) break;
      if (item.content || item.reading) continue;
      item.reading = true;
      void this.read(item);
    }
  }

  private async read(item: Item): Promise<void> {
    const { command, sources } = item;
    const nameOfBuffer = (i: number) => command.names?.[i] || command.name || nameOf(sources[i]);
    try {
      const buffers = await Promise.all(sources.map(async (source, i) => {
        const report = (loaded: number, total: number) => this.options.send({
          kind: 'progress',
          progress: { what: contentOf(command), name: nameOfBuffer(i), id: command.id ?? 0, loaded, total },
        }, []);
        try {
          return await readSource(source, report);
        } catch (error) {
          throw new Error(`${nameOfBuffer(i)}: ${sentence(error)}`);
        }
      }));
      item.content = { buffers };
      if (command.type === 'LoadBackbone') {
        item.command = { ...command, data_sha256: await dataSha256(buffers[0]) } as AnyCommand;
      }
      if (command.type === 'LoadModel') {
        const files = await this.options.convertModel(
          buffers.map((bytes, i) => ({ name: nameOfBuffer(i), bytes })));
        item.command = { ...command, names: files.map(({ name }) => name) };
        item.content = { buffers: files.map(({ bytes }) => bytes) };
      }
    } catch (error) {
      item.content = { error: sentence(error) };
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
      if (this.queue[0]?.content) {
        this.deliver(this.module, this.queue.shift()!);
        this.readAhead();
      }
      const more = this.module._handful_step() !== 0;
      if (more || this.queue[0]?.content) this.wake();
    } catch (error) {
      this.crash('stopped', error);
    }
  }

  private deliver(module: EngineModule, { command, sources, content }: Item): void {
    if ('error' in content!) return this.fail(command, content.error);
    let json = command;
    const buffers: Owned[] = [];
    try {
      if ('picture' in content!) {
        const { picture } = content;
        json = { ...command, width: picture.width, height: picture.height } as AnyCommand;
        const pixels = allocate(module, picture.width * picture.height * 4);
        buffers.push(pixels);
        picture.copyPixels((stripe, offset) => module.HEAPU8.set(stripe, pixels.pointer + offset));
      } else {
        for (const bytes of content!.buffers) buffers.push(copyIn(module, bytes));
        if (isPicture(command)) this.pictures.set(command.id ?? 0, { command, sources, reading: false, content: null });
      }
      postTo(module, JSON.stringify(json), buffers);
    } catch (error) {
      for (const { pointer } of buffers) module._handful_free(pointer);
      if (!(error instanceof OutOfMemory)) throw error;
      this.fail(command, error.message);
    } finally {
      if ('picture' in content!) content.picture.close();
    }
  }

  private onEvent(json: string, buffers: Uint8Array[]): void {
    const event = JSON.parse(json) as Event;
    const id = 'id' in event ? event.id : 0;
    const picture = this.pictures.get(id);
    this.pictures.delete(id);
    if (event.type === 'NeedsDecoding' && picture) {
      // One after the other: a decoded picture is large.
      this.decoding = this.decoding.then(() => this.decodeInBrowser(picture, event.message));
      return;
    }
    const owned = buffers.map(transferable);
    this.options.send({ kind: 'event', json, buffers: owned }, owned);
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
      this.queue.unshift({ command, sources: [], reading: false, content: { picture: { ...picture, close } } });
      this.wake();
    });
  }

  private fail(command: AnyCommand, message: string): void {
    const name = command.name || command.names?.[0] || '';
    const event: Failed = { type: 'Failed', id: command.id ?? 0, command: command.type, name, message };
    this.options.send({ kind: 'event', json: JSON.stringify(event), buffers: [] }, []);
  }

  private crash(what: string, error: unknown): void {
    this.dead = true;
    this.queue = [];
    this.pictures.clear();
    this.options.send({ kind: 'crashed', message: `The engine ${what}: ${sentence(error)}.` }, []);
  }
}

function contentOf({ type }: AnyCommand): Progress['what'] {
  return type === 'LoadBackbone' ? 'backbone' : type === 'LoadModel' ? 'model' : 'picture';
}

function isPicture({ type }: AnyCommand): boolean {
  return type === 'Classify' || type === 'ComputeFeatures' || type === 'AddSample';
}

/** SHA-256 (hex) of a safetensors file's data, where the browser can: only pages from https or this machine may ask it. */
async function dataSha256(file: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  const data = dataOfSafetensors(file);
  if (!subtle || !data) return '';
  const digest = new Uint8Array(await subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

class OutOfMemory extends Error {
  constructor(bytes: number) {
    super(`not enough memory: ${(bytes / 1e6).toFixed(1)} MB were needed`);
  }
}

// A block in the wasm memory that is ours until it is posted.
interface Owned {
  pointer: number;
  bytes: number;
}

function allocate(module: EngineModule, bytes: number): Owned {
  const pointer = module._handful_alloc(Math.max(bytes, 1)) >>> 0;
  if (pointer === 0) throw new OutOfMemory(bytes);
  return { pointer, bytes };
}

function copyIn(module: EngineModule, bytes: Uint8Array): Owned {
  const block = allocate(module, bytes.byteLength);
  module.HEAPU8.set(bytes, block.pointer);
  return block;
}

function postTo(module: EngineModule, json: string, buffers: Owned[]): void {
  const text = copyIn(module, new TextEncoder().encode(json));
  try {
    const pairs = new Uint32Array(buffers.flatMap(({ pointer, bytes }) => [pointer, bytes]));
    const table = copyIn(module, new Uint8Array(pairs.buffer));
    module._handful_post(text.pointer, text.bytes, table.pointer, buffers.length);
    module._handful_free(table.pointer);
  } finally {
    module._handful_free(text.pointer);
  }
}

// The engine's buffers are copies already; one that fills its ArrayBuffer needs no other.
function transferable(buffer: Uint8Array): ArrayBuffer {
  const whole = buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice();
  return whole.buffer as ArrayBuffer;
}
