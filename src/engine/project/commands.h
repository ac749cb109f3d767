// The commands that are edits: each to the edit it means.
#pragma once

#include "engine/project/edits.h"
#include "schema/commands.h"

namespace handful::engine {

inline Result<Changes> Carry(Edits& edits, const schema::AddClass& c) { return edits.AddClass(c.name); }
inline Result<Changes> Carry(Edits& edits, const schema::EditClass& c) {
  return edits.EditClass({c.class_id, c.name, c.color, c.enabled});
}
inline Result<Changes> Carry(Edits& edits, const schema::MoveClass& c) { return edits.MoveClass(c.class_id, c.index); }
inline Result<Changes> Carry(Edits& edits, const schema::MergeClasses& c) { return edits.MergeClasses(c.from, c.into); }
inline Result<Changes> Carry(Edits& edits, const schema::DeleteClass& c) { return edits.DeleteClass(c.class_id); }
inline Result<Changes> Carry(Edits& edits, const schema::MoveSamples& c) {
  return edits.MoveSamples(c.sample_ids, c.class_id);
}
inline Result<Changes> Carry(Edits& edits, const schema::DeleteSamples& c) { return edits.DeleteSamples(c.sample_ids); }
inline Result<Changes> Carry(Edits& edits, const schema::Undo&) { return edits.Undo(); }
inline Result<Changes> Carry(Edits& edits, const schema::Redo&) { return edits.Redo(); }

template <class Command>
concept IsEdit = requires(Edits& edits, const Command& command) { Carry(edits, command); };

}  // namespace handful::engine
