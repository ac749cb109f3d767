// Where the engine's parts are: files in one folder. In the package for bundlers they lie inside (web/package/parts.ts takes this one's
// place).
import { loadModelIndex } from './model_index';
import type { Source } from './protocol';

/** The folder of this script. */
export const kHere = new URL('.', import.meta.url);

/** <name>.js as a Worker. */
export function startWorker(name: string, folder: URL): Worker {
  const url = new URL(`${name}.js`, folder);
  // A Worker's script must come from the page's own origin; from elsewhere it is imported by a line of ours.
  if (url.origin === location.origin) return new Worker(url, { type: 'module' });
  const line = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  const worker = new Worker(line, { type: 'module' });
  URL.revokeObjectURL(line);
  return worker;
}

/** <name>.wasm. Rejects with a sentence. */
export const fetchModule = (name: string, folder: URL): Promise<Response> => fetchFile(`${name}.wasm`, folder);

/** Address of <name>.js, for a Worker to import. */
export const scriptAddress = async (name: string, folder: URL): Promise<string> => new URL(`${name}.js`, folder).href;

/** The page of the single HTML file, without its model. Rejects with a sentence. */
export const fetchOfflinePage = async (folder: URL): Promise<ArrayBuffer> => (await fetchFile('offline.html', folder)).arrayBuffer();

/** The backbone to start with, or null where there is none. Rejects with a sentence. */
export async function firstBackbone(folder: URL): Promise<{ name: string; source: Source } | null> {
  const { backbones: [backbone] } = await loadModelIndex(folder);
  return backbone ? { name: backbone.file, source: { url: new URL(`models/${backbone.file}`, folder).href } } : null;
}

async function fetchFile(file: string, folder: URL): Promise<Response> {
  const response = await fetch(new URL(file, folder));
  if (!response.ok) throw new Error(`${file}: the server answered ${response.status}`);
  return response;
}
