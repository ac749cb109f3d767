// The engine in a Worker: engine_abi.h's functions around one Engine.
#include <cstdlib>
#include <map>
#include <string_view>
#include <vector>

#include <emscripten.h>

#include "engine/engine.h"
#include "platform/web/engine_abi.h"
#include "schema/json.h"

namespace {

using handful::schema::Bytes;

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

void Emit(const handful::schema::EventEnvelope& event) {
  const auto [type, id] = handful::schema::HeaderOf(event.message);
  const std::string json = handful::schema::ToJson(event.message);
  std::vector<uint32_t> pairs;
  for (const Bytes& buffer : event.buffers) {
    pairs.push_back(Address(buffer.data()));
    pairs.push_back(static_cast<uint32_t>(buffer.size()));
  }
  handful_emit(type, static_cast<double>(id), json.data(), json.size(), pairs.data(), event.buffers.size());
}

// Buffers that JavaScript is filling, by where they begin.
std::map<const void*, Bytes>& Lent() {
  static std::map<const void*, Bytes> lent;
  return lent;
}

// The module is the process: one engine, made on first use so that onEvent is there to hear Ready.
handful::engine::Engine& TheEngine() {
  static handful::engine::Engine engine(Emit);
  return engine;
}

}  // namespace

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

EMSCRIPTEN_KEEPALIVE void handful_post(const char* json, size_t json_length, const uint32_t* buffers,
                                       size_t buffer_count) {
  std::vector<Bytes> taken;
  for (size_t i = 0; i < buffer_count; ++i) {
    auto lent = Lent().extract(reinterpret_cast<const void*>(uintptr_t{buffers[2 * i]}));
    if (lent.empty()) continue;
    taken.push_back(std::move(lent.mapped()));
    taken.back().resize(buffers[2 * i + 1]);
  }
  handful::Result<handful::schema::Command> command = handful::schema::CommandFromJson({json, json_length});
  if (command.ok()) {
    TheEngine().Post({std::move(*command), std::move(taken)});
  } else {
    Emit({handful::schema::NotUnderstood({json, json_length}, command.status()), {}});
  }
}

EMSCRIPTEN_KEEPALIVE int handful_step() { return TheEngine().Step() ? 1 : 0; }

}  // extern "C"
