// Commands and events: the one language between page, worker, shell and other people's pages.
// On the web a message crosses postMessage as one JSON string {"type": "...", fields…} plus transferred buffers;
// inline (CLI, desktop) it is passed as the struct itself. web/engine/messages.d.ts is generated from these files.
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

}  // namespace handful::schema
