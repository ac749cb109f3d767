// A model on its way out: asks the exporter's Worker for bundles (src/export) and packs them. Fetched when it is asked for.
import type { ModelMaterial } from './messages';
import type { FromExporter, ToExporter } from './exporter_worker';
import type { NamedBytes } from './types';
import { packZip } from './zip';

/** A form in which a model leaves. */
export interface ExportTarget {
  /** `onnx`, as `handful export --format` has it. */
  name: string;
  title: string;
  /** One sentence: for whom it is. */
  who: string;
}

/** What was found when the bundle was read back. */
export interface Verification {
  /** Of any probability of any golden picture. */
  largest_difference: number;
  /** Golden pictures with the same first answer, and how many there are. */
  same_first: number;
  golden: number;
  /** Of an int8 model: held-out pictures, and how many of them are told right before and after. */
  held_out: number;
  right_before: number;
  right_after: number;
}

export interface Exported {
  /** File name for people. */
  name: string;
  zip: Blob;
  files: string[];
  verification: Verification;
}

const kFromPage = 'html';  // the target that is made from offline.html

export class Exporter {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(answer: FromExporter): void; reject(error: Error): void }>();
  private lastId = 0;

  constructor(private readonly base: string | URL) {
    this.worker = new Worker(new URL('exporter_worker.js', base), { type: 'module' });
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromExporter>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.answer.type === 'Failed') waiting?.reject(new Error(data.answer.message));
      else waiting?.resolve(data);
    });
    this.worker.addEventListener('error', ({ message }) => {
      const error = new Error(`the exporter stopped: ${message || 'it could not be loaded'}`);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    });
  }

  async targets(): Promise<ExportTarget[]> {
    const { answer } = await this.ask({ type: 'ListTargets' }, []);
    return answer.targets as ExportTarget[];
  }

  /** `buffers`: the material's, which are handed over. Rejects with a sentence. */
  async make(target: string, { title, pictures }: ModelMaterial, buffers: ArrayBuffer[]): Promise<Exported> {
    const page = target === kFromPage ? [await this.offlinePage()] : [];
    const { answer, buffers: contents } = await this.ask({ type: 'MakeBundle', target, pictures }, [...buffers, ...page]);
    const names = answer.files as string[];
    const files: NamedBytes[] = names.map((name, i) => ({ name, bytes: new Uint8Array(contents[i]) }));
    const zip = new Blob([await packZip(files) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
    return { name: `${fileNameOf(title)}-${target}.zip`, zip, files: names, verification: answer.verification as Verification };
  }

  private async offlinePage(): Promise<ArrayBuffer> {
    const response = await fetch(new URL('offline.html', this.base));
    if (!response.ok) throw new Error(`offline.html could not be loaded: the server answered ${response.status}`);
    return response.arrayBuffer();
  }

  dispose(): void {
    this.worker.terminate();
  }

  private ask(command: Record<string, unknown>, buffers: ArrayBuffer[]): Promise<FromExporter> {
    return new Promise((resolve, reject) => {
      const message: ToExporter = { id: ++this.lastId, command, buffers };
      this.waiting.set(message.id, { resolve, reject });
      this.worker.postMessage(message, buffers);
    });
  }
}

/** Only what every file system takes. */
function fileNameOf(title: string): string {
  return title.replace(/[^\p{L}\p{N} ,._-]+/gu, '').trim().replace(/[ ,]+/g, '-').slice(0, 60) || 'model';
}
