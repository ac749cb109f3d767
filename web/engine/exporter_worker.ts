// The exporter's Worker: one command at a time, each answered by one message. Fetched when a model is to leave.
import { compileModule, startModule } from './load_engine';
import { copyIn, postTo, transferable } from './module_memory';
import { sentence } from './sources';
import type { EngineModule } from './types';

export interface ToExporter {
  id: number;
  command: Record<string, unknown>;
  buffers: ArrayBuffer[];
}

export interface FromExporter {
  id: number;
  answer: { type: string; message?: string } & Record<string, unknown>;
  buffers: ArrayBuffer[];
}

interface Said {
  body: string;
  buffers: Uint8Array[];
}
const said: Said[] = [];
const module: Promise<EngineModule> = startModule(import.meta.url, 'exporter', compileModule(import.meta.url, 'exporter', () => {}),
  (_type, _id, body, buffers) => said.push({ body, buffers }));

async function carryOut({ id, command, buffers }: ToExporter): Promise<FromExporter> {
  try {
    const exporter = await module;
    said.length = 0;
    postTo(exporter, JSON.stringify({ ...command, id }), buffers.map((buffer) => copyIn(exporter, new Uint8Array(buffer))));
    const [{ body, buffers: files }] = said;
    return { id, answer: JSON.parse(body), buffers: files.map(transferable) };
  } catch (error) {
    return { id, answer: { type: 'Failed', message: sentence(error) }, buffers: [] };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToExporter>) => {
  void carryOut(data).then((answer) => (self as unknown as Worker).postMessage(answer, answer.buffers));
});
