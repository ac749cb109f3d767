// The converter: other people's models read and ours written for them (src/platform/web/converter_exports.cpp), in the thread that asks.
// Fetched when it is asked for.
import { startModule } from './load_engine';
import type { Phrase } from './messages';
import { copyIn, postTo, transferable } from './module_memory';
import { Refusal, sentence } from './sources';
import type { EngineModule } from './types';

export type Said = { type: string } & Record<string, unknown>;

export interface ConverterAnswer {
  said: Said;
  buffers: ArrayBuffer[];
}

export interface ConverterNeeds {
  /** converter.wasm */
  module: Promise<WebAssembly.Module>;
  /** Address of <name>.js, for what is too large to come along; left out where nothing is to be written. */
  script?(name: string): Promise<string>;
}

interface Hdf5 {
  read: ((file: Uint8Array) => Uint8Array) | null;
  write: ((description: Uint8Array) => Uint8Array) | null;
}

export class Converter {
  private heard: ConverterAnswer[] = [];
  private module!: EngineModule;
  private readonly hdf5: Hdf5 = { read: null, write: null };
  private lacks: keyof Hdf5 | null = null;

  private constructor(private readonly needs: ConverterNeeds) {}

  /** Rejects with a sentence. */
  static async start(needs: ConverterNeeds): Promise<Converter> {
    const converter = new Converter(needs);
    converter.module = await startModule('converter', needs.module, {
      onEvent: (_type, _id, body, buffers) => converter.heard.push({ said: JSON.parse(body) as Said, buffers: buffers.map(transferable) }),
      hdf5: (writes, bytes) => converter.answerHdf5(writes ? 'write' : 'read', bytes),
    });
    return converter;
  }

  /** Rejects with a Refusal, or OutOfMemory. */
  async ask(command: Said, buffers: Uint8Array[]): Promise<ConverterAnswer> {
    let answer = this.carryOut(command, buffers);
    while (this.lacks !== null) {  // found out on the way; then it begins anew
      await this.loadHdf5(this.lacks);
      answer = this.carryOut(command, buffers);
    }
    if (answer.said.type === 'Failed') throw new Refusal(answer.said.message as string, answer.said.phrases as Phrase[]);
    return answer;
  }

  private carryOut(command: Said, buffers: Uint8Array[]): ConverterAnswer {
    this.heard = [];
    this.lacks = null;
    postTo(this.module, JSON.stringify(command), buffers.map((buffer) => copyIn(this.module, buffer)));
    return this.heard[0];
  }

  private answerHdf5(what: keyof Hdf5, bytes: Uint8Array): Uint8Array | string {
    const library = this.hdf5[what];
    if (library === null) {
      this.lacks = what;
      return 'the HDF5 library is still to be loaded';
    }
    try {
      return library(bytes);
    } catch (error) {
      return sentence(error);
    }
  }

  private async loadHdf5(what: keyof Hdf5): Promise<void> {
    this.hdf5.read ??= (await import('./hdf5')).hdf5ToSafetensors;  // what is written is read back, too
    if (what === 'read') return;
    const { hdf5Writer } = await import(await this.needs.script!('hdf5_writer')) as typeof import('./hdf5_writer');
    this.hdf5.write = await hdf5Writer();
  }
}
