// Everything that ships in dist/, and under which terms: the text of dist/LICENSES.txt.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root the repository
 * @param {Map<string, string>} cmakeCache of the web build: it knows where the sources of the dependencies lie
 * @returns {string}
 */
export function collectLicenses(root, cmakeCache) {
  const own = (file) => join(root, 'web/licenses', file);
  const npm = (file) => join(root, 'node_modules', file);
  const source = (name, file = 'LICENSE') => join(cmakeCache.get(`HANDFUL_${name}_SOURCE_DIR`) ?? '', file);
  const emscripten = cmakeCache.get('HANDFUL_EMSCRIPTEN_ROOT') ?? '';
  const parts = [
    ['Handful', join(root, 'LICENSE')],
    ['XNNPACK', source('XNNPACK')],
    ['pthreadpool', source('PTHREADPOOL')],
    ['FXdiv', source('FXDIV')],
    ['FP16', source('FP16')],
    ['stb_image, stb_image_resize2', source('STB')],
    ['JSON for Modern C++ (nlohmann-json)', source('NLOHMANN_JSON', 'LICENSE.MIT')],
    ['Dear ImGui', source('IMGUI', 'LICENSE.txt')],
    ['Emscripten: its runtime, its GLFW', own('emscripten.txt')],
    ['musl, the C library of the WebAssembly modules', join(emscripten, 'system/lib/libc/musl/COPYRIGHT')],
    ['libc++, libc++abi, compiler-rt', own('llvm-exception.txt')],
    ['jsfive, the HDF5 reader', npm('jsfive/LICENSE.txt')],
    ['pako, inside jsfive', npm('pako/LICENSE')],
    ['h5wasm, the HDF5 writer, and HDF5 inside', npm('h5wasm/LICENSE.txt')],
    ['FlatBuffers', source('FLATBUFFERS')],
    ['Inter, the typeface', npm('@expo-google-fonts/inter/LICENSE_FONT')],
    ['MobileNetV2 weights (ImageNet, alpha 0.35), by Google: Apache License 2.0', own('Apache-2.0.txt')],
  ];
  const missing = parts.filter(([, file]) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(`no licence text found for: ${missing.map(([name, file]) => `${name} (${file})`).join(', ')}`);
  }
  const line = '='.repeat(24);
  return `What Handful is made of, and under which terms.\n${parts.map(([name, file]) =>
    `\n${line}\n${name}\n${line}\n\n${readFileSync(file, 'utf8').trim()}\n`).join('')}`;
}
