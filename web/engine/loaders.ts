// Emscripten's loaders, <name>.mjs beside this script. In the package for bundlers they lie inside (web/package/loaders.ts takes this
// one's place).
import type { EngineModule, ModuleHooks } from './types';

export type Factory = (options: ModuleHooks & {
  instantiateWasm(imports: WebAssembly.Imports,
                  done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}) => Promise<EngineModule>;

export async function loadFactory(name: string): Promise<Factory> {
  return ((await import(new URL(`${name}.mjs`, import.meta.url).href)) as { default: Factory }).default;
}
