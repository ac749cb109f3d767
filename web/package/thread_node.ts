// A script in a thread of its own, in Node: takes the place of thread.ts there. What a Worker of a browser has, as far as the engine uses it.
// @ts-ignore Node's own, which the page's types do not know
import { Worker as Thread } from 'node:worker_threads';

const kPrelude = `
  const { parentPort } = require('node:worker_threads');
  globalThis.self = {
    postMessage: (message, transfer) => parentPort.postMessage(message, transfer),
    addEventListener: (_type, listener) => parentPort.on('message', (data) => listener({ data })),
  };
`;

export function threadOf(script: string): Worker {
  const thread = new Thread(kPrelude + script, { eval: true });
  const worker = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onerror: null as ((event: { message: string; preventDefault(): void }) => void) | null,
    postMessage: (message: unknown, transfer: ArrayBuffer[] = []) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
  };
  thread.on('message', (data: unknown) => worker.onmessage?.({ data }));
  thread.on('error', ({ message }: Error) => worker.onerror?.({ message, preventDefault() {} }));
  return worker as unknown as Worker;
}

export async function addressOf(script: Blob): Promise<string> {
  const bytes = new Uint8Array(await script.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `data:text/javascript;base64,${btoa(text)}`;
}
