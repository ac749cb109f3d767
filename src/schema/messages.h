// Commands and events: the one language between page, worker, shell and other people's pages.
// On the web a message crosses postMessage as one JSON string {"type": "...", fields…} with its header beside it, plus
// transferred buffers; inline (CLI, desktop) it is passed as the struct itself. web/engine/messages.d.ts is generated
// from these files.
#pragma once

#include "schema/commands.h"
#include "schema/events.h"

namespace handful::schema {

using Bytes = std::vector<uint8_t>;

template <class Message>
struct Envelope {
  Message message;
  std::vector<Bytes> buffers;
};
using CommandEnvelope = Envelope<Command>;
using EventEnvelope = Envelope<Event>;

// What those who only hand a message on look at.
struct Header {
  const char* type;
  int64_t id;  // 0 where it has none
};
template <class Variant>
Header HeaderOf(const Variant& message) {
  return std::visit(
      [](const auto& m) {
        if constexpr (requires { m.id; }) {
          return Header{m.kType, m.id};
        } else {
          return Header{m.kType, 0};
        }
      },
      message);
}

}  // namespace handful::schema
