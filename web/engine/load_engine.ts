// Starts a module with the engine's boundary: the engine of a variant, or the converter.
import { loadFactory } from './loaders';
import type { EngineModule, ModuleHooks } from './types';

/** `compiled` is what compile_module.ts gave. */
export async function startModule(name: string, compiled: Promise<WebAssembly.Module>, hooks: ModuleHooks): Promise<EngineModule> {
  const [factory, module] = await Promise.all([loadFactory(name), compiled]);
  return new Promise((resolve, reject) => {
    factory({
      ...hooks,
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module), reject);
        return {};
      },
    }).then(resolve, reject);
  });
}
