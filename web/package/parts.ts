// The parts inside: takes the place of web/engine/parts.ts in the package (web/package.mjs), which any bundler can take in, since it asks
// for no file. Modules, page and backbone are scripts of their own in parts/, fetched or bundled as other scripts are.
/// <reference path="inside.d.ts" />
import converterWorker from 'inside:converter_worker.js';
import worker from 'inside:worker.js';
import type { Source } from '../engine/protocol';
import { addressOf, threadOf } from './thread';

const kScripts: Record<string, string> = { worker, converter_worker: converterWorker };

// gzip in Base64.
const kParts: Record<string, () => Promise<{ default: string }>> = {
  'engine.simd': () => import('part:engine.simd'),
  'engine.relaxed': () => import('part:engine.relaxed'),
  converter: () => import('part:converter'),
  hdf5_writer: () => import('part:hdf5_writer'),
  offline: () => import('part:offline'),
  backbone: () => import('part:backbone'),
};

async function unpack(part: string): Promise<Response> {
  const { default: text } = await kParts[part]();
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
}

/** Addresses are relative to nothing: there are none. */
export const kHere = new URL('inside:/');
export const startWorker = (name: string): Worker => threadOf(kScripts[name]);
export const fetchModule = (name: string): Promise<Response> => unpack(name);
export const scriptAddress = async (name: string): Promise<string> => addressOf(await (await unpack(name)).blob());
export const fetchOfflinePage = async (): Promise<ArrayBuffer> => (await unpack('offline')).arrayBuffer();
export const firstBackbone = async (): Promise<{ name: string; source: Source } | null> =>
  ({ name: 'backbone.safetensors', source: await (await unpack('backbone')).blob() });
