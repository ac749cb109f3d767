// A Keras .h5 → what src/import/hdf5.h gives, as raw safetensors whose names are HDF5 paths, with the attributes as metadata. What the layers
// mean is the C++ mapping's business. Loaded on demand: it brings jsfive.
//
//   tensors    "model_weights/sequential_1/Conv1/kernel:0", float32, in the order of layer_names and weight_names
//   metadata   "container" = "hdf5"; root attributes by name (model_config, keras_version, …); layer_names as a JSON list;
//              every other group's attribute as "<group path>@<name>", lists as JSON lists
import { Dataset, File, Group } from 'jsfive';
import { writeSafetensors, type NamedTensor } from './safetensors';
import { sentence } from './sources';

/** Throws an Error that says why it cannot. */
export function hdf5ToSafetensors(bytes: Uint8Array): Uint8Array {
  try {
    const file = new File(bytes.slice().buffer, 'model.h5');
    const tensors = new Map<string, NamedTensor>();
    const metadata: Record<string, string> = { container: 'hdf5' };
    collect(file, '', tensors, metadata);
    if (tensors.size === 0) throw new Error('it holds no float32 tensors');
    return writeSafetensors([...tensors.values()], metadata);
  } catch (error) {
    throw new Error(`not a readable Keras .h5 file (${sentence(error)})`);
  }
}

function collect(group: Group, path: string, tensors: Map<string, NamedTensor>, metadata: Record<string, string>): void {
  for (const [name, value] of Object.entries(group.attrs)) {
    const text = Array.isArray(value) ? JSON.stringify(value.map(clean)) : clean(value);
    // Keras hangs layer_names on the root or on model_weights.
    metadata[path === '' || name === 'layer_names' ? name : `${path}@${name}`] = text;
  }
  for (const key of inKerasOrder(group)) {
    const childPath = path === '' ? key : `${path}/${key}`;
    if (tensors.has(childPath)) continue;
    const child = group.get(key);
    if (child instanceof Group) collect(child, childPath, tensors, metadata);
    else if (child instanceof Dataset) addTensor(child, childPath, tensors);
  }
}

function addTensor(dataset: Dataset, name: string, tensors: Map<string, NamedTensor>): void {
  const type = dataset.dtype;
  if (typeof type !== 'string' || !/^[<>|]?f[248]$/.test(type)) return;
  const shape = dataset.shape;
  const values = Float32Array.from(dataset.value);
  const count = shape.reduce((product, n) => product * n, 1);
  if (values.length !== count) throw new Error(`${name} has ${values.length} of its ${count} values`);
  tensors.set(name, { name, shape, values });
}

// The names a group gives its own children come first: HDF5 itself sorts by alphabet, which puts block_10 before block_2.
// A name may lead through subgroups ("Conv1/kernel:0").
function inKerasOrder(group: Group): string[] {
  const named = group.attrs.layer_names ?? group.attrs.weight_names;
  const listed = Array.isArray(named) ? named.map(clean).filter((name) => has(group, name)) : [];
  return [...new Set([...listed, ...group.keys])];
}

function has(group: Group, path: string): boolean {
  return path.split('/').every((part) => {
    if (!(group instanceof Group) || !group.keys.includes(part)) return false;
    group = group.get(part) as Group;
    return true;
  });
}

// Fixed-length strings come padded with NUL.
function clean(value: unknown): string {
  return String(value).replace(/\0+$/, '');
}
