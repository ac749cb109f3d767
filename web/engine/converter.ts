// The converter: other people's models read and ours written for them (src/platform/web/converter_exports.cpp), in the thread that asks.
// Fetched when it is asked for.
import { startModule } from './load_engine';
import type { Phrase } from './messages';
import { copyIn, postTo, transferable } from './module_memory';
import { Refusal } from './sources';
import type { EngineModule } from './types';

export type Said = { type: string } & Record<string, unknown>;

export interface ConverterAnswer {
  said: Said;
  buffers: ArrayBuffer[];
}

export class Converter {
  private heard: ConverterAnswer[] = [];
  private module!: EngineModule;

  private constructor() {}

  /** Of converter.wasm. Rejects with a sentence. */
  static async start(module: Promise<WebAssembly.Module>): Promise<Converter> {
    const converter = new Converter();
    converter.module = await startModule('converter', module,
      (_type, _id, body, buffers) => converter.heard.push({ said: JSON.parse(body) as Said, buffers: buffers.map(transferable) }));
    return converter;
  }

  /** Throws a Refusal, or OutOfMemory. */
  ask(command: Said, buffers: Uint8Array[]): ConverterAnswer {
    this.heard = [];
    postTo(this.module, JSON.stringify(command), buffers.map((buffer) => copyIn(this.module, buffer)));
    const [answer] = this.heard;
    if (answer.said.type === 'Failed') throw new Refusal(answer.said.message as string, answer.said.phrases as Phrase[]);
    return answer;
  }
}
