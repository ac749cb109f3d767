// A model on its way out: asks the converter's Worker for bundles (src/export) and packs them. Fetched when it is asked for.
import { compileModule } from './compile_module';
import type { ModelMaterial } from './messages';
import type { ConverterAnswer, Said } from './converter';
import type { FromConverter, ToConverter } from './converter_worker';
import { fetchOfflinePage, scriptAddress, startWorker } from './parts';
import { sentence } from './sources';
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
  /** They are drawn, since the model came without pictures: of 8 bits, which are fitted to pictures, it says little. */
  drawn: boolean;
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
  private readonly compiled: Promise<WebAssembly.Module>;
  private readonly waiting = new Map<number, { resolve(answer: ConverterAnswer): void; reject(error: Error): void }>();
  private lastId = 0;

  /** `folder`: that of the engine's parts. */
  constructor(private readonly folder: URL) {
    this.compiled = compileModule(folder, 'converter', () => {});
    this.worker = startWorker('converter_worker', folder);
    this.worker.onmessage = ({ data }: MessageEvent<FromConverter>) => {
      if (data.kind === 'wanted') {
        void scriptAddress(data.name, folder).then((address) => this.tell({ kind: 'script', address }));
        return;
      }
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.kind === 'failed') waiting?.reject(new Error(data.why));
      else waiting?.resolve(data.answer);
    };
    const fail = (message: string) => {
      const error = new Error(`the converter stopped: ${message || 'it could not be loaded'}`);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    this.worker.onerror = ({ message }) => fail(message);
    this.compiled.then((module) => this.tell({ kind: 'module', module }), (error: unknown) => fail(sentence(error)));
  }

  async targets(): Promise<ExportTarget[]> {
    const { said } = await this.ask({ type: 'ListTargets' }, []);
    return said.targets as ExportTarget[];
  }

  /** `buffers`: the material's, which are handed over. Rejects with a sentence. */
  async make(target: string, { title, pictures }: ModelMaterial, buffers: ArrayBuffer[]): Promise<Exported> {
    const page = target === kFromPage ? [await fetchOfflinePage(this.folder)] : [];
    const { said, buffers: contents } = await this.ask({ type: 'MakeBundle', target, pictures }, [...buffers, ...page]);
    const names = said.files as string[];
    const files: NamedBytes[] = names.map((name, i) => ({ name, bytes: new Uint8Array(contents[i]) }));
    const zip = new Blob([await packZip(files) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
    return { name: `${fileNameOf(title)}-${target}.zip`, zip, files: names, verification: said.verification as Verification };
  }

  dispose(): void {
    this.worker.terminate();
  }

  private async ask(command: Said, buffers: ArrayBuffer[]): Promise<ConverterAnswer> {
    await this.compiled;  // its own failure says more than silence
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      this.tell({ kind: 'command', id, command, buffers }, buffers);
    });
  }

  private tell(message: ToConverter, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** Only what every file system takes. */
function fileNameOf(title: string): string {
  return title.replace(/[^\p{L}\p{N} ,._-]+/gu, '').trim().replace(/[ ,]+/g, '-').slice(0, 60) || 'model';
}
