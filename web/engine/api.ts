/**
 * Handful for other web pages: an image classifier that runs and learns in the visitor's browser.
 *
 * ```js
 * import { Handful } from './handful.js';
 * const handful = await Handful.create();
 * const { top } = await handful.classify(file, { top: 3 });
 *
 * await handful.addSample('cat', catPhoto);
 * await handful.addSample('dog', dogPhoto);
 * await handful.train({ epochs: 30, onEpoch: ({ epoch, loss }) => console.log(epoch, loss) });
 * ```
 *
 * Everything happens in a Worker; nothing is uploaded. What fails rejects with a {@link HandfulError}.
 *
 * @module
 */
import { EngineClient, type CommandInput, type Envelope } from './client';
import type {
  ClassProbability, Crop, EpochDone, Event, Failed, FoldResult, ModelInfo, ModelLoaded, ModelMaterial, Phrase, Prediction, TrainDone,
  TrainSettings,
} from './messages';
import type { Exported, Exporter, ExportTarget } from './exporter';
import { loadModelIndex } from './model_index';
import type { Progress, Source } from './protocol';
import { sentence } from './sources';
import type { Variant } from './variant';

export type {
  ClassProbability, Crop, EpochDone, Exported, ExportTarget, FoldResult, ModelInfo, Phrase, Prediction, Progress, TrainDone, TrainSettings,
  Variant,
};

/** A picture: a file or anything else that has pixels. Files are turned upright by their EXIF orientation. */
export type Picture =
  Blob | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement | HTMLVideoElement | VideoFrame;

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

/** How {@link Handful.create} finds its parts. */
export interface CreateOptions {
  /** Folder that holds worker.js, the engine and models/; by default the one this script came from. */
  base?: string | URL;
  /** Which build of the engine: by default the fastest that the browser can run. */
  variant?: Variant;
  /**
   * The feature extractor to start with: a file, its address, or null for none. By default the one in `models/`, if the
   * site has one. Small CNNs that were trained whole need none.
   */
  backbone?: Blob | string | URL | null;
  /** Hears how far the downloads are. */
  onProgress?: (progress: Progress) => void;
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
  /** Called after every epoch. */
  onEpoch?: (epoch: EpochDone) => void;
  /** Ends the training early; the best weights so far stay, and the result says `stopped`. */
  signal?: AbortSignal;
}

/** A finished training. */
export interface Trained extends Omit<TrainDone, 'type' | 'id'> {
  /** The model as a .safetensors file, to be saved and loaded again. Null after a cross-validation. */
  model: Blob | null;
}

/** The features of a picture. */
export interface FeaturesResult {
  /** 1280 numbers: the backbone's answer, averaged over the picture. */
  features: Float32Array;
  /** Milliseconds, from bytes to numbers. */
  ms: number;
  /** Milliseconds of it that the network took. */
  forward_ms: number;
  /** A sentence where the picture was damaged but could be read; else empty. */
  warning: string;
}

type Answer = { event: Event; buffers: ArrayBuffer[] };
interface Waiting {
  resolve(answer: Answer): void;
  reject(error: HandfulError): void;
  onEpoch?: (epoch: EpochDone) => void;
}

/** One engine with its model. Make it with {@link Handful.create}. */
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

  /** Starts the engine and loads the backbone. */
  static async create(options: CreateOptions = {}): Promise<Handful> {
    const base = new URL(options.base ?? '.', import.meta.url);
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
  async loadBackbone(file: Blob | string | URL): Promise<void> {
    const source = sourceOf(file);
    await this.ask({ type: 'LoadBackbone', name: nameOf(file) }, [source]);
  }

  /**
   * Loads a model: a .safetensors of Handful's, a Keras .h5, TensorFlow.js's model.json with its shards, or a Teachable
   * Machine export, as the zip or as its files together. Resolves to what it knows; null where it was a backbone.
   */
  async loadModel(files: Blob | string | URL | (Blob | string | URL)[]): Promise<ModelInfo | null> {
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
  async features(picture: Picture): Promise<FeaturesResult> {
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

  /** Teaches a new model from the samples; when it resolves, classify() uses it. */
  async train(options: TrainOptions = {}): Promise<Trained> {
    const { onEpoch, signal, ...settings } = options;
    if (signal?.aborted) throw new HandfulError('The training was stopped before it began.', 'Train');
    const stop = () => this.client.post({ type: 'Stop' });
    signal?.addEventListener('abort', stop);
    try {
      const { event, buffers } = await this.ask({ type: 'Train', settings }, [], onEpoch);
      const { type, id, ...result } = event as TrainDone;
      return { ...result, model: buffers[0] ? new Blob([buffers[0]]) : null };
    } finally {
      signal?.removeEventListener('abort', stop);
    }
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
    return this.exporter ??= import('./exporter').then(({ Exporter }) => new Exporter(this.base));
  }

  private async loadFirstBackbone({ backbone }: CreateOptions, base: URL): Promise<void> {
    const wanted = backbone === undefined ? await defaultBackbone(base) : backbone;
    if (wanted !== null) await this.loadBackbone(wanted);
  }

  private async askAbout(picture: Picture, command: CommandInput): Promise<Answer> {
    if (picture instanceof Blob) {
      return this.ask({ ...command, name: nameOf(picture) } as CommandInput, [picture]);
    }
    const { width, height, data } = pixelsOf(picture);
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

function sourceOf(file: Blob | string | URL): Source {
  return file instanceof Blob ? file : { url: new URL(file, document.baseURI).href };
}

function nameOf(file: Blob | string | URL): string {
  if (file instanceof File) return file.name;
  return file instanceof Blob ? '' : new URL(file, document.baseURI).pathname.split('/').pop()!;
}

async function defaultBackbone(base: URL): Promise<URL | null> {
  try {
    const { backbones: [backbone] } = await loadModelIndex(base);
    return backbone ? new URL(`models/${backbone.file}`, base) : null;
  } catch (error) {
    throw new HandfulError(`The list of models could not be read: ${sentence(error)}.`, 'LoadBackbone');
  }
}

function pixelsOf(picture: Exclude<Picture, Blob>): { width: number; height: number; data: ArrayBuffer } {
  if (picture instanceof ImageData) {
    const { width, height, data } = picture;
    return { width, height, data: data.slice().buffer };
  }
  const [width, height] = sizeOf(picture);
  if (!(width > 0 && height > 0)) throw new HandfulError('The picture has no pixels yet: wait until it is loaded.');
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data.buffer };
}

function sizeOf(picture: Exclude<Picture, Blob | ImageData>): [number, number] {
  if ('displayWidth' in picture) return [picture.displayWidth, picture.displayHeight];
  if ('videoWidth' in picture) return [picture.videoWidth, picture.videoHeight];
  if ('naturalWidth' in picture) return [picture.naturalWidth, picture.naturalHeight];
  return [picture.width, picture.height];
}
