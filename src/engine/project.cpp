#include "engine/project.h"

#include <algorithm>
#include <set>

#include "nn/mobilenet_v2.h"

namespace handful::engine {
namespace {

std::string Pictures(size_t n) { return n == 1 ? "1 picture" : Format("%zu pictures", n); }

size_t CharactersOf(const std::string& utf8) {
  return static_cast<size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

// Control characters become spaces, and none stand at the ends.
std::string Trimmed(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

Status NoClass(int64_t id) { return Errorf("there is no class %lld in this project", static_cast<long long>(id)); }

}  // namespace

schema::ProjectInfo Project::info() const {
  schema::ProjectInfo info = info_;
  info.samples = static_cast<int>(samples_.size());
  return info;
}

const schema::ClassInfo* Project::FindClass(int64_t id) const {
  const auto found = std::ranges::find(info_.classes, id, &schema::ClassInfo::id);
  return found == info_.classes.end() ? nullptr : &*found;
}

const schema::ClassInfo* Project::FindClassCalled(const std::string& name) const {
  const auto found = std::ranges::find(info_.classes, Trimmed(name), &schema::ClassInfo::name);
  return found == info_.classes.end() ? nullptr : &*found;
}

Sample* Project::Find(int64_t sample_id) {
  const auto found = samples_.find(sample_id);
  return found == samples_.end() ? nullptr : &found->second;
}

void Project::PutBack(schema::SampleInfo info) {
  const int64_t id = info.id;
  info_.next_id = std::max(info_.next_id, id + 1);
  samples_[id].info = std::move(info);
}

std::vector<int64_t> Project::DropFeatures() {
  std::vector<int64_t> ids;
  for (std::map<int64_t, Sample>* samples : {&samples_, &removed_}) {
    for (auto& [id, sample] : *samples) {
      sample.features.reset();
      sample.copies.reset();
      ids.push_back(id);
    }
  }
  return ids;
}

void Project::Forget(int64_t sample_id) {
  samples_.erase(sample_id);
  removed_.erase(sample_id);
  for (std::deque<Edit>* edits : {&undo_, &redo_}) {
    for (Edit& edit : *edits) std::erase_if(edit.steps, [&](const Step& step) { return step.sample_id == sample_id; });
    std::erase_if(*edits, [](const Edit& edit) { return edit.steps.empty() && !edit.session.empty(); });
  }
}

// ---- edits ---------------------------------------------------------------------------------------------------------

Result<std::string> Project::CheckedName(const std::string& name, int64_t except_class) const {
  std::string trimmed = Trimmed(name);
  if (trimmed.empty()) return Errorf("a class needs a name");
  if (const size_t n = CharactersOf(trimmed); n > kMostNameCharacters) {
    return Errorf("a class's name may have %zu characters, and this one has %zu", kMostNameCharacters, n);
  }
  const schema::ClassInfo* other = FindClassCalled(trimmed);
  if (other != nullptr && other->id != except_class) return Errorf("there is a class called \"%s\" already", trimmed.c_str());
  return trimmed;
}

Result<Changes> Project::AddClass(const std::string& name) {
  Result<std::string> checked = CheckedName(name, 0);
  if (!checked.ok()) return checked.status();
  if (info_.classes.size() >= kMostClasses) return Errorf("a project may have %zu classes", kMostClasses);
  // The first colour nobody has.
  std::set<int> taken;
  for (const schema::ClassInfo& c : info_.classes) taken.insert(c.color);
  int color = 0;
  while (taken.contains(color)) ++color;
  Edit edit = NewEdit("add the class " + *checked);
  edit.classes_after.push_back({TakeId(), *checked, color, true});
  return Commit(std::move(edit));
}

Result<Changes> Project::EditClass(const schema::ClassInfo& wanted) {
  const schema::ClassInfo* present = FindClass(wanted.id);
  if (present == nullptr) return NoClass(wanted.id);
  Result<std::string> name = CheckedName(wanted.name, wanted.id);
  if (!name.ok()) return name.status();
  if (wanted.color < 0) return Errorf("field \"color\" is %d, less than 0", wanted.color);
  Edit edit = NewEdit(present->name != *name              ? "rename " + present->name
                      : present->enabled != wanted.enabled ? (wanted.enabled ? "switch on " : "switch off ") + present->name
                                                           : "recolour " + present->name);
  auto after = std::ranges::find(edit.classes_after, wanted.id, &schema::ClassInfo::id);
  *after = {wanted.id, *name, wanted.color, wanted.enabled};
  return Commit(std::move(edit));
}

Result<Changes> Project::MoveClass(int64_t class_id, int index) {
  const schema::ClassInfo* present = FindClass(class_id);
  if (present == nullptr) return NoClass(class_id);
  Edit edit = NewEdit("move " + present->name);
  auto& classes = edit.classes_after;
  if (index < 0 || static_cast<size_t>(index) >= classes.size()) {
    return Errorf("field \"index\" is %d, outside 0 … %zu", index, classes.size() - 1);
  }
  const schema::ClassInfo moved = *present;
  std::erase_if(classes, [&](const auto& c) { return c.id == class_id; });
  classes.insert(classes.begin() + index, moved);
  return Commit(std::move(edit));
}

Result<Changes> Project::MergeClasses(int64_t from, int64_t into) {
  const schema::ClassInfo* source = FindClass(from);
  const schema::ClassInfo* target = FindClass(into);
  if (source == nullptr) return NoClass(from);
  if (target == nullptr) return NoClass(into);
  if (from == into) return Errorf("a class cannot be merged into itself: %s", source->name.c_str());
  Edit edit = NewEdit("merge " + source->name + " into " + target->name);
  for (const auto& [id, sample] : samples_) {
    if (sample.info.class_id == from) edit.steps.push_back({id, from, into});
  }
  std::erase_if(edit.classes_after, [&](const auto& c) { return c.id == from; });
  return Commit(std::move(edit));
}

Result<Changes> Project::DeleteClass(int64_t class_id) {
  const schema::ClassInfo* present = FindClass(class_id);
  if (present == nullptr) return NoClass(class_id);
  Edit edit = NewEdit("delete the class " + present->name);
  for (const auto& [id, sample] : samples_) {
    if (sample.info.class_id == class_id) edit.steps.push_back({id, class_id, {}});
  }
  std::erase_if(edit.classes_after, [&](const auto& c) { return c.id == class_id; });
  return Commit(std::move(edit));
}

Result<Changes> Project::MoveSamples(const std::vector<int64_t>& sample_ids, int64_t class_id) {
  const schema::ClassInfo* target = FindClass(class_id);
  if (target == nullptr) return NoClass(class_id);
  Edit edit = NewEdit("");
  for (const int64_t id : sample_ids) {
    const auto found = samples_.find(id);
    if (found == samples_.end()) return Errorf("there is no sample %lld in this project", static_cast<long long>(id));
    if (found->second.info.class_id != class_id) edit.steps.push_back({id, found->second.info.class_id, class_id});
  }
  if (edit.steps.empty()) return Changes{};
  edit.label = "move " + Pictures(edit.steps.size()) + " to " + target->name;
  return Commit(std::move(edit));
}

Result<Changes> Project::DeleteSamples(const std::vector<int64_t>& sample_ids) {
  Edit edit = NewEdit("");
  for (const int64_t id : std::set<int64_t>(sample_ids.begin(), sample_ids.end())) {
    const auto found = samples_.find(id);
    if (found == samples_.end()) return Errorf("there is no sample %lld in this project", static_cast<long long>(id));
    edit.steps.push_back({id, found->second.info.class_id, {}});
  }
  if (edit.steps.empty()) return Changes{};
  edit.label = "delete " + Pictures(edit.steps.size());
  return Commit(std::move(edit));
}

Result<Changes> Project::AddSample(schema::SampleInfo& info, train::FeatureRow features) {
  if (FindClass(info.class_id) == nullptr) return NoClass(info.class_id);
  info.id = TakeId();
  samples_[info.id] = {info, std::move(features), nullptr, ""};
  const Step step{info.id, {}, info.class_id};
  const bool goes_on = !undo_.empty() && redo_.empty() && !info.session.empty() && undo_.back().session == info.session;
  if (!goes_on) {
    Edit edit = NewEdit("");
    edit.session = info.session.empty() ? Format("%lld", static_cast<long long>(info.id)) : info.session;
    edit.steps.push_back(step);
    edit.label = "add " + Pictures(1);
    return Commit(std::move(edit));
  }
  Edit& edit = undo_.back();
  edit.steps.push_back(step);
  edit.label = "add " + Pictures(edit.steps.size());
  return Changes{true, {info.id}, {}};
}

// ---- history -------------------------------------------------------------------------------------------------------

Changes Project::Commit(Edit edit) {
  redo_.clear();
  undo_.push_back(std::move(edit));
  if (undo_.size() > kMostUndo) {
    for (const Step& step : undo_.front().steps) {
      if (!step.to.has_value()) removed_.erase(step.sample_id);
    }
    undo_.pop_front();
  }
  return Apply(undo_.back(), true);
}

Changes Project::Apply(const Edit& edit, bool forward) {
  Changes changes{true, {}, {}};
  info_.classes = forward ? edit.classes_after : edit.classes_before;
  for (const Step& step : edit.steps) {
    const std::optional<int64_t>& target = forward ? step.to : step.from;
    if (!target.has_value()) {
      if (auto node = samples_.extract(step.sample_id); !node.empty()) removed_.insert(std::move(node));
      changes.removed.push_back(step.sample_id);
      continue;
    }
    if (auto node = removed_.extract(step.sample_id); !node.empty()) samples_.insert(std::move(node));
    samples_[step.sample_id].info.class_id = *target;
    changes.samples.push_back(step.sample_id);
  }
  return changes;
}

Result<Changes> Project::Undo() {
  if (undo_.empty()) return Errorf("there is nothing to undo");
  redo_.push_back(std::move(undo_.back()));
  undo_.pop_back();
  return Apply(redo_.back(), false);
}

Result<Changes> Project::Redo() {
  if (redo_.empty()) return Errorf("there is nothing to redo");
  undo_.push_back(std::move(redo_.back()));
  redo_.pop_back();
  return Apply(undo_.back(), true);
}

// ---- training ------------------------------------------------------------------------------------------------------

std::vector<int64_t> Project::DatasetIds(bool with_features) const {
  std::set<int64_t> enabled;
  for (const schema::ClassInfo& c : info_.classes) {
    if (c.enabled) enabled.insert(c.id);
  }
  std::vector<int64_t> ids;
  for (const auto& [id, sample] : samples_) {
    if ((sample.features != nullptr || !with_features) && enabled.contains(sample.info.class_id)) ids.push_back(id);
  }
  return ids;
}

train::Dataset Project::ToDataset(bool with_features) const {
  train::Dataset data;
  data.dim = nn::kMobileNetFeatures;
  std::map<int64_t, int> label;
  for (const schema::ClassInfo& c : info_.classes) {
    if (!c.enabled) continue;
    label[c.id] = static_cast<int>(data.classes.size());
    data.classes.push_back(c.name);
  }
  for (const int64_t id : DatasetIds(with_features)) {
    const Sample& sample = samples_.at(id);
    data.rows.push_back(sample.features);
    data.labels.push_back(label[sample.info.class_id]);
    data.groups.push_back(sample.info.burst ? sample.info.session : "");
    data.copies.push_back(sample.copies);
  }
  return data;
}

}  // namespace handful::engine
