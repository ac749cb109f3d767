// Runs a WebAssembly command-line program under Node: node tools/run-wasm.mjs PROGRAM.mjs [ARGUMENT...]
// The program sees the machine's files (NODERAWFS) and environment variables, and its exit status becomes this process's.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [program, ...args] = process.argv.slice(2);
if (!program) {
  console.error('usage: node tools/run-wasm.mjs PROGRAM.mjs [ARGUMENT...]');
  process.exit(2);
}
const { default: createProgram } = await import(pathToFileURL(resolve(program)));
await createProgram({
  arguments: args,
  thisProgram: program,
  preRun: [(module) => Object.assign(module.ENV, process.env)],
});
