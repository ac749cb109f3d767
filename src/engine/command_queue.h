// What the engine was told and has not begun. Commands are carried out in the order in which they came, except that
// questions pass those that wait: what is about the open project waits until all of it is read, and samples wait while
// too many are not kept yet.
#pragma once

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "engine/workspace.h"
#include "schema/messages.h"

namespace handful::engine {

template <class... Commands>
bool IsOneOf(const schema::Command& command) {
  return (std::holds_alternative<Commands>(command) || ...);
}

class CommandQueue {
 public:
  explicit CommandQueue(const Workspace& workspace) : workspace_(workspace) {}

  struct Entry {
    schema::CommandEnvelope command;
    // It was meant for a project that is not open any more.
    bool outdated = false;
  };

  void Push(schema::CommandEnvelope command);
  bool HasNext() const { return Next() != entries_.end(); }
  // The next one that need not wait, if any.
  std::optional<Entry> TakeNext();
  // Those that would begin a training.
  std::vector<schema::CommandEnvelope> TakeTrainings();

 private:
  struct Waiting {
    schema::CommandEnvelope command;
    std::optional<Scope> meant;  // Workspace::announced() when it came
  };
  using Entries = std::deque<Waiting>;
  Entries::const_iterator Next() const;

  const Workspace& workspace_;
  Entries entries_;
};

}  // namespace handful::engine
