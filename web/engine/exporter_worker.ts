// The exporter's Worker: one command at a time, each answered by one message. Fetched when a model is to leave.
import { compileModule, startModule } from './load_engine';
import { copyIn, postTo } from './module_memory';
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

let said: { body: string; buffers: Uint8Array[] } | null = null;
const module: Promise<EngineModule> = startModule(import.meta.url, 'exporter', compileModule(import.meta.url, 'exporter', () => {}),
  (_type, _id, body, buffers) => { said = { body, buffers }; });

async function carryOut({ id, command, buffers }: ToExporter): Promise<FromExporter> {
  try {
    const exporter = await module;
    said = null;
    postTo(exporter, JSON.stringify({ ...command, id }), buffers.map((buffer) => copyIn(exporter, new Uint8Array(buffer))));
    const { body, buffers: files } = said ?? { body: '{"type":"Failed","message":"the exporter said nothing"}', buffers: [] };
    return { id, answer: JSON.parse(body), buffers: files.map((bytes) => bytes.slice().buffer) };
  } catch (error) {
    return { id, answer: { type: 'Failed', message: sentence(error) }, buffers: [] };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToExporter>) => {
  void carryOut(data).then((answer) => (self as unknown as Worker).postMessage(answer, answer.buffers));
});
