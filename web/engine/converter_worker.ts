// The converter in a Worker of its own: first its module, then one command at a time, each answered by one message.
import { Converter, type ConverterAnswer, type Said } from './converter';
import { sentence } from './sources';

export type ToConverter =
  | { kind: 'module'; module: WebAssembly.Module }
  | { kind: 'script'; address: string }
  | { kind: 'command'; id: number; command: Said; buffers: ArrayBuffer[] };

export type FromConverter =
  | { kind: 'answer'; id: number; answer: ConverterAnswer }
  | { kind: 'failed'; id: number; why: string }
  /** The address of <name>.js is needed. */
  | { kind: 'wanted'; name: string };

const send = (message: FromConverter, transfer: ArrayBuffer[] = []) => (self as unknown as Worker).postMessage(message, transfer);

let provideModule: (module: WebAssembly.Module) => void;
let provideScript: (address: string) => void;
const converter = Converter.start({
  module: new Promise((resolve) => { provideModule = resolve; }),
  script: (name) => new Promise((resolve) => {
    provideScript = resolve;
    send({ kind: 'wanted', name });
  }),
});

async function carryOut(id: number, command: Said, buffers: ArrayBuffer[]): Promise<void> {
  try {
    const answer = await (await converter).ask(command, buffers.map((buffer) => new Uint8Array(buffer)));
    send({ kind: 'answer', id, answer }, answer.buffers);
  } catch (error) {
    send({ kind: 'failed', id, why: sentence(error) });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToConverter>) => {
  switch (data.kind) {
    case 'module': return provideModule(data.module);
    case 'script': return provideScript(data.address);
    case 'command': void carryOut(data.id, data.command, data.buffers);
  }
});
