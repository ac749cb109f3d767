#include "engine/command_queue.h"

#include <algorithm>

#include "engine/project/commands.h"

namespace handful::engine {
namespace {

using schema::Command;
using schema::CommandEnvelope;

bool StartsTraining(const CommandEnvelope& command) {
  return IsOneOf<schema::Train, schema::ResumeTraining>(command.message);
}

// Changes the open project, or something in it.
bool ChangesProject(const Command& command) {
  return std::visit([]<class C>(const C&) { return IsEdit<C>; }, command) ||
         IsOneOf<schema::AddSample, schema::AddFeatures, schema::Train, schema::ResumeTraining, schema::RestoreTraining,
                 schema::DeleteTraining, schema::DismissImport>(command);
}

// Changes nothing, and may be asked at any time.
bool IsQuestion(const Command& command) {
  return IsOneOf<schema::Classify, schema::Inspect, schema::ComputeFeatures, schema::GetThumbnails, schema::GetSample,
                 schema::ListProjects, schema::GatherModel>(command);
}

}  // namespace

void CommandQueue::Push(CommandEnvelope command) { entries_.push_back({std::move(command), workspace_.announced()}); }

CommandQueue::Entries::const_iterator CommandQueue::Next() const {
  const OpenProject* open = workspace_.project();
  const auto waits = [&](const Command& command) {
    if (open == nullptr) return false;
    return (!open->loaded() && ChangesProject(command)) ||
           (workspace_.Overfull() && IsOneOf<schema::AddSample>(command));
  };
  bool somebody_waits = false;
  return std::ranges::find_if(entries_, [&](const Waiting& entry) {
    const Command& command = entry.command.message;
    somebody_waits = somebody_waits || waits(command);
    return !somebody_waits || IsQuestion(command);
  });
}

std::optional<CommandQueue::Entry> CommandQueue::TakeNext() {
  const auto next = entries_.begin() + (Next() - entries_.cbegin());
  if (next == entries_.end()) return std::nullopt;
  Waiting taken = std::move(*next);
  entries_.erase(next);
  const bool outdated = taken.meant.has_value() && taken.meant->lock().get() != workspace_.project() &&
                        ChangesProject(taken.command.message);
  return Entry{std::move(taken.command), outdated};
}

std::vector<CommandEnvelope> CommandQueue::TakeTrainings() {
  std::vector<CommandEnvelope> taken;
  std::erase_if(entries_, [&](Waiting& entry) {
    if (!StartsTraining(entry.command)) return false;
    taken.push_back(std::move(entry.command));
    return true;
  });
  return taken;
}

}  // namespace handful::engine
