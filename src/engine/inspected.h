// The answer to Inspect: layers as pictures.
#pragma once

#include "base/status.h"
#include "engine/answers.h"
#include "schema/messages.h"

namespace handful::engine {

// Errors: `most` is no number of maps, or the model has no layer of that name.
Result<schema::EventEnvelope> ToEvent(const schema::Inspect& command, const Answers::Inspection& inspection);

}  // namespace handful::engine
