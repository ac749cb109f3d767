/**
 * Handful for other web pages: an image classifier that runs and learns in the visitor's browser.
 *
 * ```js
 * import { createHandful } from './handful.js';
 * const handful = await createHandful();
 * const { top } = await handful.classify(file, { top: 3 });
 *
 * await handful.addSample('cat', catPhoto);
 * await handful.addSample('dog', dogPhoto);
 * for await (const { epoch, loss } of handful.train({ epochs: 30 })) console.log(epoch, loss);
 * ```
 *
 * Everything happens in a Worker; nothing is uploaded. What fails rejects with a {@link HandfulError}.
 *
 * @module
 */
import { EngineClient, type CommandInput, type Envelope } from '../engine/client';
import type {
  ClassProbability, Crop, EpochDone, Event, Failed, FoldResult, InspectedLayer, LayersInspected, ModelInfo, ModelLoaded, ModelMaterial,
  Phrase, Prediction, TrainDone, TrainSettings,
} from '../engine/messages';
import type { Exported, Exporter, ExportTarget } from '../engine/exporter';
import { firstBackbone, kHere } from '../engine/parts';
import type { Progress, Source } from '../engine/protocol';
import { sentence } from '../engine/sources';
import type { Variant } from '../engine/variant';
import { evaluationOf, type Evaluation, type Judged } from './evaluation';
import { contentOf, type Picture } from './pictures';
import { Training, type Trained } from './training';

export type {
  ClassProbability, Crop, EpochDone, Evaluation, Exported, ExportTarget, FoldResult, InspectedLayer, Judged, ModelInfo, Phrase, Picture,
  Prediction, Progress, Trained, Training, TrainSettings, Variant,
};

/** Something went wrong; `message` is a sentence for people. */
export class HandfulError extends Error {
  override readonly name = 'HandfulError';
  constructor(
    message: string,
    /** What was being done: `Classify`, `LoadModel`, … or `` for the engine as a whole. */
    readonly command = '',
    /** The file it was about, if any. */
    readonly file = '',
    /** The sentence in parts, to be said in another language: the engine's only. */
    readonly phrases: Phrase[] = [],
  ) {
    super(message);
  }
}

/** A file: itself, its bytes, or its address. */
export type FileLike = Blob | Uint8Array | string | URL;

/** How {@link createHandful} finds its parts. */
export interface CreateOptions {
  /** Folder that holds worker.js, the engine and models/; by default the one this script came from. */
  base?: string | URL;
  /** Which build of the engine: by default the fastest that the browser can run. */
  variant?: Variant;
  /**
   * The feature extractor to start with: a file, its address, or null for none. By default the one in `models/`, if the
   * site has one. Small CNNs that were trained whole need none.
   */
  backbone?: FileLike | null;
  /** Hears how far the downloads are. */
  onProgress?: (progress: Progress) => void;
}

/** A picture and what it shows. */
export interface Labelled {
  label: string;
  picture: Picture;
}

/** What runs in the Worker. */
export interface EngineInfo {
  version: string;
  /** `relaxed` or `simd`. */
  variant: string;
  /** The instruction set of the kernels that were chosen at run time. */
  kernels: string;
}

/** A training's settings; all have defaults. */
export interface TrainOptions extends TrainSettings {
  /** Ends the training early; the best weights so far stay, and the result says `stopped`. */
  signal?: AbortSignal;
}

/** The features of a picture. */
export interface Embedding {
  /** 1280 numbers: the backbone's answer, averaged over the picture. */
  features: Float32Array;
  /** Milliseconds, from bytes to numbers. */
  ms: number;
  /** Milliseconds of it that the network took. */
  forward_ms: number;
  /** A sentence where the picture was damaged but could be read; else empty. */
  warning: string;
}

/** What each layer made of a picture. */
export interface Explanation {
  /** The first layer's filters side by side. */
  filters: { layer: InspectedLayer; picture: ImageData };
  /** Of each layer, in the order in which they run, the maps that vary most side by side. */
  layers: { layer: InspectedLayer; picture: ImageData }[];
}

type Answer = { event: Event; buffers: ArrayBuffer[] };
interface Waiting {
  resolve(answer: Answer): void;
  reject(error: HandfulError): void;
  onEpoch?: (epoch: EpochDone) => void;
}

/** Starts an engine and loads the backbone. */
export const createHandful = (options: CreateOptions = {}): Promise<Handful> => Handful.create(options);

/** One engine with its model, made by {@link createHandful}. */
export class Handful {
  private readonly client: EngineClient;
  private readonly waiting = new Map<number, Waiting>();
  private readonly ready: Promise<void>;
  private running: EngineInfo | null = null;
  private lastId = 0;
  private info: ModelInfo | null = null;
  private disposed = false;
  private exporter: Promise<Exporter> | null = null;

  private constructor(options: CreateOptions, private readonly base: URL) {
    const client = this.client = new EngineClient({ base, variant: options.variant });
    if (options.onProgress) client.onProgress(options.onProgress);
    client.onAny((event, buffers) => this.receive(event, buffers));
    this.ready = new Promise((resolve, reject) => {
      client.on('Ready', ({ version, variant, kernels }) => {
        this.running = { version, variant, kernels };
        resolve();
      });
      client.onCrash(({ message }) => {
        const error = new HandfulError(message);
        reject(error);
        this.rejectAll(error);
        if (this.running && !this.disposed) client.restart();
      });
    });
  }

  /** createHandful(). */
  static async create(options: CreateOptions): Promise<Handful> {
    const base = new URL(options.base ?? '.', kHere);
    const handful = new Handful(options, base);
    try {
      // The backbone downloads while the engine starts.
      await Promise.all([handful.ready, handful.loadFirstBackbone(options, base)]);
    } catch (error) {
      handful.dispose();
      throw error;
    }
    return handful;
  }

  /** What runs: Handful's version, which build of the engine, and the kernels that it really uses. */
  get engine(): EngineInfo {
    return this.running!;
  }

  /** What the loaded model knows, or null while there is none. */
  get model(): ModelInfo | null {
    return this.info;
  }

  /** Loads the feature extractor that heads stand on. */
  async loadBackbone(file: FileLike): Promise<void> {
    const source = sourceOf(file);
    await this.ask({ type: 'LoadBackbone', name: nameOf(file) }, [source]);
  }

  /**
   * Loads a model: Handful's own .safetensors, anything that Handful exported, a Keras .h5 or .keras, ONNX, TensorFlow Lite, TensorFlow.js'
   * model.json with its shards, or a Teachable Machine export, as the zip or as its files together. Resolves to what it knows; null where
   * it was a backbone.
   */
  async load(files: FileLike | FileLike[]): Promise<ModelInfo | null> {
    const list = Array.isArray(files) ? files : [files];
    const { event } = await this.ask({ type: 'LoadModel', names: list.map(nameOf) }, list.map(sourceOf));
    return event.type === 'ModelLoaded' ? event.model : null;
  }

  /** What is in the picture: the `top` most probable classes, most probable first. */
  async classify(picture: Picture, options: { top?: number } = {}): Promise<Prediction> {
    const { event } = await this.askAbout(picture, { type: 'Classify', top: options.top ?? 5 });
    return event as Prediction;
  }

  /** The backbone's 1280 features of the picture. */
  async embed(picture: Picture): Promise<Embedding> {
    const { event, buffers } = await this.askAbout(picture, { type: 'ComputeFeatures' });
    const { ms, forward_ms, warning } = event as Extract<Event, { type: 'Features' }>;
    return { features: new Float32Array(buffers[0]), ms, forward_ms, warning };
  }

  /**
   * Adds an example of the class `label`. Samples of one `group`, say one burst of a camera, never stand on both sides
   * of a split. Resolves to the number of samples there are then.
   */
  async addSample(label: string, picture: Picture, options: { group?: string } = {}): Promise<number> {
    const { group = '' } = options;
    const { event } = await this.askAbout(picture, { type: 'AddSample', label, session: group, burst: group !== '' });
    return (event as Extract<Event, { type: 'SampleAdded' }>).samples;
  }

  /** Forgets all samples. The model stays. */
  clearSamples(): void {
    this.client.post({ type: 'ClearSamples' });
  }

  /** Teaches a new model from the samples; when it has ended, classify() uses it. */
  train(options: TrainOptions = {}): Training {
    const { signal, ...settings } = options;
    return new Training(async (hear) => {
      if (signal?.aborted) throw new HandfulError('The training was stopped before it began.', 'Train');
      const stop = () => this.client.post({ type: 'Stop' });
      signal?.addEventListener('abort', stop);
      try {
        const { event, buffers } = await this.ask({ type: 'Train', settings }, [], hear);
        const { type, id, ...result } = event as TrainDone;
        return { ...result, model: buffers[0] ? new Blob([buffers[0]]) : null };
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    });
  }

  /** How often the model is right about pictures that it should not have learned from. */
  async evaluate(samples: Iterable<Labelled> | AsyncIterable<Labelled>): Promise<Evaluation> {
    const answers: Judged[] = [];
    for await (const { label, picture } of samples) {
      const { top: [{ label: said, p }] } = await this.classify(picture, { top: 1 });
      answers.push({ label, said, p });
    }
    return evaluationOf(answers, this.info?.classes ?? []);
  }

  /** What every layer of the model makes of the picture; `maps` of each. */
  async explain(picture: Picture, options: { maps?: number } = {}): Promise<Explanation> {
    const { event, buffers } = await this.askAbout(picture, { type: 'Inspect', most: options.maps ?? 8 });
    const { filters, layers } = event as LayersInspected;
    const drawn = (layer: InspectedLayer, i: number) =>
      ({ layer, picture: new ImageData(new Uint8ClampedArray(buffers[i]), layer.picture_width, layer.picture_height) });
    return { filters: drawn(filters, 0), layers: layers.map((layer, i) => drawn(layer, i + 1)) };
  }

  /** The model that answers as Handful's own file, its backbone inside: load() takes it anywhere. */
  async save(): Promise<Blob> {
    const { buffers: [model] } = await this.ask({ type: 'GatherModel' }, []);
    return new Blob([model]);
  }

  /** The forms in which a model can leave: for {@link exportModel}. */
  async exportTargets(): Promise<ExportTarget[]> {
    return (await this.exporterAtHand()).targets();
  }

  /**
   * The model that answers as a bundle for `target` (`onnx`, …): a zip with the model, what a program needs to know to run it, golden
   * pictures with their probabilities, and a sample program. It was read back and compared before.
   */
  async exportModel(target: string): Promise<Exported> {
    const { event, buffers } = await this.ask({ type: 'GatherModel' }, []);
    try {
      return await (await this.exporterAtHand()).make(target, event as ModelMaterial, buffers);
    } catch (error) {
      throw new HandfulError(sentence(error), 'GatherModel');
    }
  }

  /** Ends the engine and frees its memory. Promises that still wait are rejected. */
  dispose(): void {
    this.disposed = true;
    void this.exporter?.then((exporter) => exporter.dispose());
    this.client.dispose();
    this.rejectAll(new HandfulError('This Handful was disposed of.'));
  }

  private exporterAtHand(): Promise<Exporter> {
    return this.exporter ??= import('../engine/exporter').then(({ Exporter }) => new Exporter(this.base));
  }

  private async loadFirstBackbone({ backbone }: CreateOptions, base: URL): Promise<void> {
    if (backbone === null) return;
    if (backbone !== undefined) return this.loadBackbone(backbone);
    let first;
    try {
      first = await firstBackbone(base);
    } catch (error) {
      throw new HandfulError(`The list of models could not be read: ${sentence(error)}.`, 'LoadBackbone');
    }
    if (first) await this.ask({ type: 'LoadBackbone', name: first.name }, [first.source]);
  }

  private async askAbout(picture: Picture, command: CommandInput): Promise<Answer> {
    let content;
    try {
      content = contentOf(picture);
    } catch (error) {
      throw new HandfulError(sentence(error), command.type);
    }
    if (content instanceof Blob) return this.ask({ ...command, name: nameOf(content) } as CommandInput, [content]);
    const { width, height, data } = content;
    return this.ask({ ...command, width, height } as CommandInput, [data]);
  }

  private ask(command: CommandInput, sources: Source[], onEpoch?: (epoch: EpochDone) => void): Promise<Answer> {
    if (this.disposed) return Promise.reject(new HandfulError('This Handful was disposed of.', command.type));
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject, onEpoch });
      this.client.post({ ...command, id } as CommandInput, sources);
    });
  }

  private receive(event: Envelope<Event>, buffers: ArrayBuffer[]): void {
    const { type, id } = event;
    if (type === 'ModelLoaded') this.info = (event.message as ModelLoaded).model;
    const waiting = this.waiting.get(id);
    if (!waiting || type === 'TrainStarted' || type === 'TrainProgress') return;
    if (type === 'EpochDone') {
      waiting.onEpoch?.(event.message as EpochDone);
    } else {
      this.waiting.delete(id);
      if (type === 'Failed') waiting.reject(errorOf(event.message as Failed));
      else waiting.resolve({ event: event.message, buffers });
    }
  }

  private rejectAll(error: HandfulError): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function errorOf({ message, command, name, phrases }: Failed): HandfulError {
  return new HandfulError(message, command, name, phrases);
}

function sourceOf(file: FileLike): Source {
  if (file instanceof Blob) return file;
  return file instanceof Uint8Array ? new Blob([file as Uint8Array<ArrayBuffer>]) : { url: absolute(file).href };
}

function nameOf(file: FileLike): string {
  if (file instanceof Uint8Array) return '';
  return file instanceof Blob ? (file as Partial<File>).name ?? '' : absolute(file).pathname.split('/').pop()!;
}

const absolute = (address: string | URL) => new URL(address, globalThis.document?.baseURI);
