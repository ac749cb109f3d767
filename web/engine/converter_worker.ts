// The converter in a Worker of its own: first its module, then one command at a time, each answered by one message.
import { Converter, type ConverterAnswer, type Said } from './converter';
import { sentence } from './sources';

export interface ToConverter {
  id: number;
  command: Said;
  buffers: ArrayBuffer[];
}

export type FromConverter = { id: number } & (ConverterAnswer | { failed: string });

let provide: (module: WebAssembly.Module) => void;
const converter = Converter.start(new Promise((resolve) => { provide = resolve; }));

async function carryOut({ id, command, buffers }: ToConverter): Promise<FromConverter> {
  try {
    return { id, ...(await converter).ask(command, buffers.map((buffer) => new Uint8Array(buffer))) };
  } catch (error) {
    return { id, failed: sentence(error) };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToConverter | WebAssembly.Module>) => {
  if (data instanceof WebAssembly.Module) return provide(data);
  void carryOut(data).then((answer) => {
    (self as unknown as Worker).postMessage(answer, 'buffers' in answer ? answer.buffers : []);
  });
});
