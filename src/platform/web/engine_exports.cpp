// The engine in a Worker: engine_abi.h's functions around one Engine.
#include <string_view>

#include <emscripten.h>

#include "engine/engine.h"
#include "platform/web/boundary.h"
#include "platform/web/engine_abi.h"
#include "schema/json.h"

namespace {

void Emit(const handful::schema::EventEnvelope& event) {
  const auto [type, id] = handful::schema::HeaderOf(event.message);
  handful::web::Emit(type, id, handful::schema::ToJson(event.message), event.buffers);
}

// The module is the process: one engine, made on first use so that onEvent is there to hear Ready.
handful::engine::Engine& TheEngine() {
  static handful::engine::Engine engine(Emit, handful::importers::ReadOwnModel);
  return engine;
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void handful_post(const char* json, size_t json_length, const uint32_t* buffers,
                                       size_t buffer_count) {
  std::vector<handful::schema::Bytes> taken = handful::web::TakeBuffers(buffers, buffer_count);
  handful::Result<handful::schema::Command> command = handful::schema::CommandFromJson({json, json_length});
  if (command.ok()) {
    TheEngine().Post({std::move(*command), std::move(taken)});
  } else {
    Emit({handful::schema::NotUnderstood({json, json_length}, command.status()), {}});
  }
}

EMSCRIPTEN_KEEPALIVE int handful_step() { return TheEngine().Step() ? 1 : 0; }

}  // extern "C"
