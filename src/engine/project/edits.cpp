#include "engine/project/edits.h"

#include <algorithm>
#include <map>

#include "base/utf8.h"

namespace handful::engine {
namespace {

using schema::EditInfo;
using schema::EditKind;

Status NoClass(int64_t id) { return Errorf("there is no class %lld in this project", static_cast<long long>(id)); }
Status NoSample(int64_t id) { return Errorf("there is no sample %lld in this project", static_cast<long long>(id)); }

// The samples of one class, on their way to `to`.
void MoveAll(const State& state, int64_t from, int64_t to, EditInfo& edit) {
  schema::EditedSamples moved{from, to, {}};
  for (const auto& [id, sample] : state.samples) {
    if (sample.info.class_id == from) moved.ids.push_back(id);
  }
  if (!moved.ids.empty()) edit.samples.push_back(std::move(moved));
}

// Some samples by where they are, on their way to `to`.
std::vector<schema::EditedSamples> Grouped(const std::map<int64_t, std::vector<int64_t>>& by_class, int64_t to) {
  std::vector<schema::EditedSamples> groups;
  for (const auto& [from, ids] : by_class) groups.push_back({from, to, ids});
  return groups;
}

}  // namespace

void Edits::Load(std::vector<EditInfo> edits) {
  undo_.clear();
  redo_.clear();
  for (EditInfo& edit : edits) {
    if (edit.number <= state_.info.edit) undo_.push_back(std::move(edit));
    else redo_.push_front(std::move(edit));
  }
}

const EditInfo* Edits::Find(int64_t number) const {
  for (const std::deque<EditInfo>* edits : {&undo_, &redo_}) {
    for (auto edit = edits->rbegin(); edit != edits->rend(); ++edit) {
      if (edit->number == number) return &*edit;
    }
  }
  return nullptr;
}

// ---- edits ---------------------------------------------------------------------------------------------------------

Result<std::string> Edits::CheckedName(const std::string& name, int64_t except_class) const {
  std::string trimmed = Trimmed(name);
  if (trimmed.empty()) return Errorf("a class needs a name");
  if (const size_t n = CharactersOf(trimmed); n > kMostNameCharacters) {
    return Errorf("a class's name may have %zu characters, and this one has %zu", kMostNameCharacters, n);
  }
  const schema::ClassInfo* other = state_.FindClassCalled(trimmed);
  if (other != nullptr && other->id != except_class)
    return Errorf("there is a class called \"%s\" already", trimmed.c_str());
  return trimmed;
}

EditInfo Edits::NewEdit(schema::EditSummary summary) const {
  return {.summary = std::move(summary), .classes_before = state_.info.classes, .classes_after = state_.info.classes};
}

Result<Changes> Edits::AddClass(const std::string& name) {
  Result<std::string> checked = CheckedName(name, 0);
  if (!checked.ok()) return checked.status();
  if (state_.info.classes.size() >= kMostClasses) return Errorf("a project may have %zu classes", kMostClasses);
  // The first colour nobody has.
  std::set<int> taken;
  for (const schema::ClassInfo& c : state_.info.classes) taken.insert(c.color);
  int color = 0;
  while (taken.contains(color)) ++color;
  EditInfo edit = NewEdit({.kind = EditKind::kAddClass, .name = *checked});
  edit.classes_after.push_back({state_.info.next_id++, *checked, color, true});
  return Commit(std::move(edit));
}

Result<Changes> Edits::EditClass(const schema::ClassInfo& wanted) {
  const schema::ClassInfo* present = state_.FindClass(wanted.id);
  if (present == nullptr) return NoClass(wanted.id);
  Result<std::string> name = CheckedName(wanted.name, wanted.id);
  if (!name.ok()) return name.status();
  if (wanted.color < 0) return Errorf("field \"color\" is %d, less than 0", wanted.color);
  const EditKind kind = present->name != *name               ? EditKind::kRenameClass
                        : present->enabled == wanted.enabled ? EditKind::kRecolorClass
                        : wanted.enabled                     ? EditKind::kSwitchClassOn
                                                             : EditKind::kSwitchClassOff;
  EditInfo edit = NewEdit({.kind = kind, .name = present->name});
  const auto after = std::ranges::find(edit.classes_after, wanted.id, &schema::ClassInfo::id);
  *after = {wanted.id, *name, wanted.color, wanted.enabled};
  return Commit(std::move(edit));
}

Result<Changes> Edits::MoveClass(int64_t class_id, int index) {
  const schema::ClassInfo* present = state_.FindClass(class_id);
  if (present == nullptr) return NoClass(class_id);
  EditInfo edit = NewEdit({.kind = EditKind::kMoveClass, .name = present->name});
  auto& classes = edit.classes_after;
  if (index < 0 || static_cast<size_t>(index) >= classes.size()) {
    return Errorf("field \"index\" is %d, outside 0 … %zu", index, classes.size() - 1);
  }
  const schema::ClassInfo moved = *present;
  std::erase_if(classes, [&](const auto& c) { return c.id == class_id; });
  classes.insert(classes.begin() + index, moved);
  return Commit(std::move(edit));
}

Result<Changes> Edits::MergeClasses(int64_t from, int64_t into) {
  const schema::ClassInfo* source = state_.FindClass(from);
  const schema::ClassInfo* target = state_.FindClass(into);
  if (source == nullptr) return NoClass(from);
  if (target == nullptr) return NoClass(into);
  if (from == into) return Errorf("a class cannot be merged into itself: %s", source->name.c_str());
  EditInfo edit = NewEdit({.kind = EditKind::kMergeClasses, .name = source->name, .into = target->name});
  MoveAll(state_, from, into, edit);
  std::erase_if(edit.classes_after, [&](const auto& c) { return c.id == from; });
  return Commit(std::move(edit));
}

Result<Changes> Edits::DeleteClass(int64_t class_id) {
  const schema::ClassInfo* present = state_.FindClass(class_id);
  if (present == nullptr) return NoClass(class_id);
  EditInfo edit = NewEdit({.kind = EditKind::kDeleteClass, .name = present->name});
  MoveAll(state_, class_id, 0, edit);
  std::erase_if(edit.classes_after, [&](const auto& c) { return c.id == class_id; });
  return Commit(std::move(edit));
}

Result<Changes> Edits::MoveSamples(const std::vector<int64_t>& sample_ids, int64_t class_id) {
  const schema::ClassInfo* target = state_.FindClass(class_id);
  if (target == nullptr) return NoClass(class_id);
  std::map<int64_t, std::vector<int64_t>> by_class;
  int count = 0;
  for (const int64_t id : std::set<int64_t>(sample_ids.begin(), sample_ids.end())) {
    const Sample* sample = state_.Find(id);
    if (sample == nullptr) return NoSample(id);
    if (sample->info.class_id == class_id) continue;
    by_class[sample->info.class_id].push_back(id);
    ++count;
  }
  if (count == 0) return Changes{};
  EditInfo edit = NewEdit({.kind = EditKind::kMoveSamples, .name = target->name, .samples = count});
  edit.samples = Grouped(by_class, class_id);
  return Commit(std::move(edit));
}

Result<Changes> Edits::DeleteSamples(const std::vector<int64_t>& sample_ids) {
  std::map<int64_t, std::vector<int64_t>> by_class;
  const std::set<int64_t> ids(sample_ids.begin(), sample_ids.end());
  for (const int64_t id : ids) {
    const Sample* sample = state_.Find(id);
    if (sample == nullptr) return NoSample(id);
    by_class[sample->info.class_id].push_back(id);
  }
  if (ids.empty()) return Changes{};
  EditInfo edit = NewEdit({.kind = EditKind::kDeleteSamples, .samples = static_cast<int>(ids.size())});
  edit.samples = Grouped(by_class, 0);
  return Commit(std::move(edit));
}

Result<Changes> Edits::AddSample(schema::SampleInfo& info, train::FeatureRow features) {
  if (state_.FindClass(info.class_id) == nullptr) return NoClass(info.class_id);
  info.id = state_.info.next_id++;
  state_.samples[info.id] = {info, std::move(features), nullptr, ""};
  const bool goes_on = !undo_.empty() && redo_.empty() && !info.session.empty() && undo_.back().session == info.session;
  if (!goes_on) {
    EditInfo edit = NewEdit({.kind = EditKind::kAddSamples, .samples = 1});
    edit.session = info.session.empty() ? Format("%lld", static_cast<long long>(info.id)) : info.session;
    edit.samples.push_back({0, info.class_id, {info.id}});
    return Commit(std::move(edit));
  }
  EditInfo& edit = undo_.back();
  const auto same = std::ranges::find(edit.samples, info.class_id, &schema::EditedSamples::to);
  if (same != edit.samples.end()) same->ids.push_back(info.id);
  else edit.samples.push_back({0, info.class_id, {info.id}});
  edit.summary.samples = 0;
  for (const schema::EditedSamples& group : edit.samples) edit.summary.samples += static_cast<int>(group.ids.size());
  touched_.insert(edit.number);
  return Changes{true, {info.id}, {}};
}

// ---- history -------------------------------------------------------------------------------------------------------

Changes Edits::Commit(EditInfo edit) {
  const bool forgets = !redo_.empty() || undo_.size() >= kMostUndo;
  for (const EditInfo& undone : redo_) touched_.insert(undone.number);
  redo_.clear();
  edit.number = state_.info.edit + 1;
  touched_.insert(edit.number);
  undo_.push_back(std::move(edit));
  if (undo_.size() > kMostUndo) {
    touched_.insert(undo_.front().number);
    undo_.pop_front();
  }
  Changes changes = Apply(undo_.back(), true);
  if (forgets) PurgeUnmentioned();
  return changes;
}

Changes Edits::Apply(const EditInfo& edit, bool forward) {
  Changes changes{true, {}, {}};
  state_.info.classes = forward ? edit.classes_after : edit.classes_before;
  state_.info.edit = forward ? edit.number : edit.number - 1;
  for (const schema::EditedSamples& group : edit.samples) {
    const int64_t target = forward ? group.to : group.from;
    for (const int64_t id : group.ids) {
      if (target == 0) {
        if (auto node = state_.samples.extract(id); !node.empty()) {
          state_.removed.insert(std::move(node));
          changes.removed.push_back(id);
        }
        continue;
      }
      if (auto node = state_.removed.extract(id); !node.empty()) state_.samples.insert(std::move(node));
      Sample* sample = state_.Find(id);
      if (sample == nullptr) continue;  // its picture could not be read any more
      sample->info.class_id = target;
      changes.samples.push_back(id);
    }
  }
  return changes;
}

Result<Changes> Edits::Undo() {
  if (undo_.empty()) return Errorf("there is nothing to undo");
  redo_.push_back(std::move(undo_.back()));
  undo_.pop_back();
  return Apply(redo_.back(), false);
}

Result<Changes> Edits::Redo() {
  if (redo_.empty()) return Errorf("there is nothing to redo");
  undo_.push_back(std::move(redo_.back()));
  redo_.pop_back();
  return Apply(undo_.back(), true);
}

void Edits::Forget(int64_t sample_id) {
  state_.samples.erase(sample_id);
  state_.removed.erase(sample_id);
  for (std::deque<EditInfo>* edits : {&undo_, &redo_}) {
    for (EditInfo& edit : *edits) {
      for (schema::EditedSamples& group : edit.samples) {
        if (std::erase(group.ids, sample_id) != 0) touched_.insert(edit.number);
      }
      std::erase_if(edit.samples, [](const auto& group) { return group.ids.empty(); });
    }
    std::erase_if(*edits, [](const EditInfo& edit) { return edit.samples.empty() && !edit.session.empty(); });
  }
}

void Edits::ForgetRemoved() {
  for (const EditInfo& undone : redo_) touched_.insert(undone.number);
  redo_.clear();
  const auto mentions_removed = [&](const EditInfo& edit) {
    return std::ranges::any_of(edit.samples, [&](const schema::EditedSamples& group) {
      return std::ranges::any_of(group.ids, [&](int64_t id) { return state_.removed.contains(id); });
    });
  };
  const auto last = std::find_if(undo_.rbegin(), undo_.rend(), mentions_removed);
  for (auto edit = undo_.begin(); edit != last.base(); ++edit) touched_.insert(edit->number);
  undo_.erase(undo_.begin(), last.base());
  PurgeUnmentioned();
}

void Edits::PurgeUnmentioned() {
  std::set<int64_t> mentioned;
  for (const std::deque<EditInfo>* edits : {&undo_, &redo_}) {
    for (const EditInfo& edit : *edits) {
      for (const schema::EditedSamples& group : edit.samples) mentioned.insert(group.ids.begin(), group.ids.end());
    }
  }
  std::erase_if(state_.removed, [&](const auto& entry) {
    if (mentioned.contains(entry.first)) return false;
    purged_.push_back(entry.first);
    return true;
  });
}

}  // namespace handful::engine
