// What src/export/hdf5.h describes, as safetensors → an HDF5 file. Loaded on demand: it brings h5wasm, which is 4 MB.
import { File, ready, type Group } from 'h5wasm';
import { readSafetensors } from './safetensors';

/** Waits until it can write. */
export async function hdf5Writer(): Promise<(description: Uint8Array) => Uint8Array> {
  const { FS } = await ready;
  return (description) => {
    const { metadata, tensors } = readSafetensors(description);
    const file = new File('/model.h5', 'w');
    try {
      for (const [key, value] of Object.entries(metadata)) writeAttribute(file, key, value);
      for (const { name, shape, values } of tensors) {
        const [path, leaf] = split(name);
        groupOf(file, path).create_dataset({ name: leaf, data: values, shape, dtype: '<f' });
      }
      file.flush();
    } finally {
      file.close();
    }
    const bytes = FS.readFile('/model.h5').slice();
    FS.unlink('/model.h5');
    return bytes;
  };
}

// "model_weights/conv1@weight_names": of that group; else of the root. A JSON list is one of texts, which Keras writes as bytes.
function writeAttribute(file: File, key: string, value: string): void {
  const at = key.indexOf('@');
  const group = at < 0 ? file : groupOf(file, key.slice(0, at)), name = key.slice(at + 1);
  if (!value.startsWith('[')) return group.create_attribute(name, value);
  const texts = JSON.parse(value) as string[];
  const longest = Math.max(1, ...texts.map((text) => new TextEncoder().encode(text).length));
  group.create_attribute(name, texts, [texts.length], `S${longest}`);
}

function groupOf(file: File, path: string): Group {
  let group: Group = file;
  for (const step of path.split('/').filter(Boolean)) {
    group = group.keys().includes(step) ? group.get(step) as Group : group.create_group(step);
  }
  return group;
}

function split(path: string): [folder: string, leaf: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}
