// HDF5 in JavaScript, for the converter (web/engine/converter.ts) and the shell under Node (tools/handful-wasm.mjs):
// Module.hdf5(writes, bytes) gives bytes, or a sentence where it cannot.
#include <string>

#include <emscripten.h>

#include "export/hdf5.h"
#include "import/hdf5.h"

namespace {

using handful::Errorf;
using handful::Result;

// Keeps what it gave until it is taken; its length, or minus that less one where it is a sentence.
EM_JS(int, handful_hdf5, (int writes, const uint8_t* bytes, size_t size), {
  const hdf5 = Module['hdf5'];
  const done = hdf5 ? hdf5(Boolean(writes), HEAPU8.slice(bytes, bytes + size)) : 'this program has no HDF5 library';
  const failed = !ArrayBuffer.isView(done);
  Module['hdf5Gave'] = failed ? new TextEncoder().encode(done) : done;
  return failed ? -1 - Module['hdf5Gave'].length : done.length;
})

EM_JS(void, handful_hdf5_take, (uint8_t* into), {
  HEAPU8.set(Module['hdf5Gave'], into);
  Module['hdf5Gave'] = null;
})

Result<std::vector<uint8_t>> Ask(bool writes, std::span<const uint8_t> bytes) {
  const int length = handful_hdf5(writes, bytes.data(), bytes.size());
  std::vector<uint8_t> taken(static_cast<size_t>(length < 0 ? -1 - length : length));
  handful_hdf5_take(taken.data());
  if (length < 0) return Errorf("%s", std::string(taken.begin(), taken.end()).c_str());
  return taken;
}

}  // namespace

namespace handful::importers {

Result<nn::TensorFile> ReadHdf5(std::span<const uint8_t> bytes) {
  const Result<std::vector<uint8_t>> safetensors = Ask(/*writes=*/false, bytes);
  if (!safetensors.ok()) return safetensors.status();
  return nn::ReadSafetensors(*safetensors);
}

}  // namespace handful::importers

namespace handful::exporters {

bool CanWriteHdf5() { return true; }

Result<std::vector<uint8_t>> WriteHdf5(const nn::TensorFile& file) {
  return Ask(/*writes=*/true, nn::WriteSafetensors(file));
}

}  // namespace handful::exporters
