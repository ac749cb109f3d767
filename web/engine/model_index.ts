// models/index.json, written by web/build.mjs: which models the site carries, so that nobody asks for one in vain.

export interface ModelFile {
  /** in models/ */
  file: string;
  bytes: number;
  /** of the safetensors file: "network", "title", … */
  metadata: Record<string, string>;
}

export interface ModelIndex {
  /** The feature extractor; null where the site was built without one. */
  backbone: ModelFile | null;
  /** The model that the page opens with. */
  model: ModelFile | null;
  files: ModelFile[];
}

/** `base` is the folder that holds models/. */
export async function loadModelIndex(base: URL): Promise<ModelIndex> {
  const response = await fetch(new URL('models/index.json', base));
  if (!response.ok) throw new Error(`models/index.json: the server answered ${response.status}`);
  return response.json();
}
