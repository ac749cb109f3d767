// Model files as people have them → the one file that the engine reads, Handful's own. The converter is fetched only when another one turns up.
import type { Converter } from './converter';
import { readSafetensorsHeader } from './safetensors';
import type { NamedBytes } from './types';

export interface ConvertedModel {
  files: NamedBytes[];
  /** Who made it, and what was lost on the way; both empty where it is Handful's. */
  source: string;
  warning: string;
}

/** Rejects with a sentence. */
export async function convertModel(files: NamedBytes[], startConverter: () => Promise<Converter>): Promise<ConvertedModel> {
  if (files.length === 1 && isOwn(files[0].bytes)) return { files, source: '', warning: '' };
  const converter = await startConverter();
  const { said, buffers: [model] } = await converter.ask({ type: 'ReadModel', names: files.map(({ name }) => name) },
                                                         files.map(({ bytes }) => bytes));
  return {
    files: [{ name: files[0].name, bytes: new Uint8Array(model) }],
    source: said.source as string, warning: said.warning as string,
  };
}

const isOwn = (bytes: Uint8Array) =>
  (readSafetensorsHeader(bytes)?.__metadata__ as { format?: unknown } | undefined)?.format === 'handful-model';
