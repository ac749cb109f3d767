// models/index.json, written by web/build.mjs: which models the site carries, so that nobody asks for one in vain.

export interface ModelFile {
  /** in models/ */
  file: string;
  bytes: number;
  /** of the safetensors file: "network", "title", … */
  metadata: Record<string, string>;
}

/** A feature extractor, and what stands on it. */
export interface ShippedBackbone extends ModelFile {
  /** short: "Handful's own" */
  name: string;
  /** The fingers model that stands on it, with which the page opens. */
  head: ModelFile | null;
}

export interface ModelIndex {
  /** The preferred one first; none where a site was built without. */
  backbones: ShippedBackbone[];
  files: ModelFile[];
}

/** `base` is the folder that holds models/. */
export async function loadModelIndex(base: URL): Promise<ModelIndex> {
  const response = await fetch(new URL('models/index.json', base));
  if (!response.ok) throw new Error(`models/index.json: the server answered ${response.status}`);
  return response.json();
}
