#include "platform/web/boundary.h"

#include <cstdlib>
#include <map>

#include <emscripten.h>

namespace {

using handful::web::Bytes;

// buffers: n pairs {uint32 pointer, uint32 bytes}. They are copied before this returns.
EM_JS(void, handful_emit,
      (const char* type, double id, const char* json, size_t json_length, const uint32_t* buffers, size_t buffer_count),
      {
        const views = [];
        for (let i = 0; i < buffer_count; ++i) {
          const at = (buffers >> 2) + 2 * i;
          views.push(HEAPU8.slice(HEAPU32[at], HEAPU32[at] + HEAPU32[at + 1]));
        }
        Module['onEvent'](UTF8ToString(type), id, UTF8ToString(json, json_length), views);
      })

uint32_t Address(const void* pointer) { return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer)); }

// Buffers that JavaScript is filling, by where they begin.
std::map<const void*, Bytes>& Lent() {
  static std::map<const void*, Bytes> lent;
  return lent;
}

}  // namespace

namespace handful::web {

void Emit(const char* type, int64_t id, const std::string& json, std::span<const Bytes> buffers) {
  std::vector<uint32_t> pairs;
  for (const Bytes& buffer : buffers) {
    pairs.push_back(Address(buffer.data()));
    pairs.push_back(static_cast<uint32_t>(buffer.size()));
  }
  handful_emit(type, static_cast<double>(id), json.data(), json.size(), pairs.data(), buffers.size());
}

std::vector<Bytes> TakeBuffers(const uint32_t* pairs, size_t n) {
  std::vector<Bytes> taken;
  for (size_t i = 0; i < n; ++i) {
    auto lent = Lent().extract(reinterpret_cast<const void*>(uintptr_t{pairs[2 * i]}));
    if (lent.empty()) continue;
    taken.push_back(std::move(lent.mapped()));
    taken.back().resize(pairs[2 * i + 1]);
  }
  return taken;
}

}  // namespace handful::web

extern "C" {

EMSCRIPTEN_KEEPALIVE void* handful_alloc(size_t bytes) {
  // A vector cannot say no; malloc can, and leaves the block to the vector. (volatile: else the pair is optimised away)
  void* volatile probe = std::malloc(bytes);
  if (probe == nullptr) return nullptr;
  std::free(probe);
  Bytes buffer(bytes);
  void* begin = buffer.data();
  Lent().emplace(begin, std::move(buffer));
  return begin;
}
EMSCRIPTEN_KEEPALIVE void handful_free(void* pointer) { Lent().erase(pointer); }

}  // extern "C"
