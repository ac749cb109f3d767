#include "engine/project/keeper.h"

namespace handful::engine {

std::shared_ptr<Keeper> Keeper::Create(StoreClient& store, std::string project, Hooks hooks) {
  return std::shared_ptr<Keeper>(new Keeper(store, std::move(project), std::move(hooks)));
}

void Keeper::Close() {
  if (std::exchange(closed_, true)) return;
  hooks_ = {};
  const Status gone = Errorf("the project was closed before");
  std::vector<Kept> waiting = std::move(writing_.waiting);
  for (Kept& kept : pending_.waiting) waiting.push_back(std::move(kept));
  pending_ = writing_ = {};
  refused_.clear();
  unsaved_ = 0;
  const std::vector<std::function<void()>> quiet = std::exchange(quiet_, {});
  for (const Kept& kept : waiting) kept(gone);
  for (const auto& then : quiet) then();
}

// ---- what is to be kept --------------------------------------------------------------------------------------------

void Keeper::Set(const std::string& store, const std::string& key, Entry entry) {
  if (closed_) return;
  const At at{store, key};
  refused_.erase(at);
  pending_.entries[at] = std::move(entry);
  touched_ = true;
}

void Keeper::Put(const std::string& store, const std::string& key, schema::Bytes value) {
  const auto pending = pending_.entries.find({store, key});
  // A sample that changes before it was kept is still a new one.
  const int64_t sample = pending == pending_.entries.end() ? 0 : pending->second.sample;
  Set(store, key, {std::move(value), sample});
}

void Keeper::Remove(const std::string& store, const std::string& key) { Set(store, key, {}); }

void Keeper::PutOfSample(int64_t sample_id, const std::string& store, const std::string& key, schema::Bytes value) {
  if (closed_) return;
  Set(store, key, {std::move(value), sample_id});
  pending_.samples.insert(sample_id);
  Count();
}

const schema::Bytes* Keeper::Find(const std::string& store, const std::string& key) const {
  for (const std::map<At, Entry>* entries : {&pending_.entries, &writing_.entries, &refused_}) {
    const auto found = entries->find({store, key});
    if (found != entries->end()) return found->second.value.has_value() ? &*found->second.value : nullptr;
  }
  return nullptr;
}

// ---- transactions --------------------------------------------------------------------------------------------------

void Keeper::Flush() {
  if (closed_ || under_way_ || (!touched_ && pending_.entries.empty())) return;
  schema::StoreWrite write{.puts = {{"projects", project_}}};
  std::vector<schema::Bytes> values = {hooks_.record()};
  writing_ = std::exchange(pending_, {});
  writing_.entries.merge(refused_);  // where both have a key, the newer one stays
  refused_.clear();
  touched_ = false;
  for (const auto& [at, entry] : writing_.entries) {
    if (entry.value.has_value()) {
      write.puts.push_back({at.first, at.second});
      values.push_back(*entry.value);
    } else {
      write.removes.push_back({at.first, at.second});
    }
  }
  Write(std::move(write), std::move(values), &Keeper::Written);
}

void Keeper::Write(schema::StoreWrite write, std::vector<schema::Bytes> values, void (Keeper::*then)(const Status&)) {
  under_way_ = true;
  store_.Write(std::move(write), std::move(values), [weak = weak_from_this(), then](const Status& status) {
    const std::shared_ptr<Keeper> keeper = weak.lock();
    if (keeper == nullptr || keeper->closed_) return;
    keeper->under_way_ = false;
    (keeper.get()->*then)(status);
  });
}

void Keeper::Written(const Status& status) {
  if (!status.ok()) {
    if (!room_was_made_ && MakeRoom()) return;
    room_was_made_ = false;
    Refuse(status);
    return;
  }
  room_was_made_ = false;
  const Batch batch = std::exchange(writing_, {});
  Count();
  if (!batch.samples.empty()) hooks_.saved({batch.samples.begin(), batch.samples.end()});
  for (const Kept& kept : batch.waiting) kept(status);
  Settle();
}

// What can be let go of goes in a transaction of its own, as a full store takes nothing else; then all is tried once
// more.
bool Keeper::MakeRoom() {
  const std::vector<At> room = hooks_.make_room();
  if (room.empty()) return false;
  room_was_made_ = true;
  // The batch under way is pending again, under what was put since.
  pending_.entries.merge(writing_.entries);
  pending_.samples.merge(writing_.samples);
  std::vector<Kept> waiting = std::move(writing_.waiting);
  for (Kept& kept : pending_.waiting) waiting.push_back(std::move(kept));
  pending_.waiting = std::move(waiting);
  writing_ = {};
  touched_ = true;
  schema::StoreWrite write;
  for (const At& at : room) {
    write.removes.push_back({at.first, at.second});
    pending_.entries[at] = {};
  }
  Write(std::move(write), {}, &Keeper::RoomMade);
  return true;
}

void Keeper::RoomMade(const Status&) { Flush(); }

void Keeper::Refuse(const Status& status) {
  const Batch batch = std::exchange(writing_, {});
  Count();
  for (const auto& [at, entry] : batch.entries) {
    if (entry.sample != 0) {
      pending_.entries.erase(at);  // what was said of it since is no use
    } else if (!pending_.entries.contains(at)) {
      refused_[at] = entry;
    }
  }
  if (!batch.samples.empty()) hooks_.refused({batch.samples.begin(), batch.samples.end()}, status);
  if (batch.samples.empty() && batch.waiting.empty()) hooks_.failed(status);
  for (const Kept& kept : batch.waiting) kept(status);
  Settle();
}

void Keeper::Settle() {
  if (closed_) return;
  Flush();
  if (under_way_) return;
  for (const auto& then : std::exchange(quiet_, {})) then();
}

void Keeper::WhenKept(Kept kept) {
  if (closed_) {
    kept(Errorf("the project was closed before"));
  } else if (touched_ || !pending_.entries.empty()) {
    pending_.waiting.push_back(std::move(kept));
  } else if (under_way_) {
    writing_.waiting.push_back(std::move(kept));
  } else {
    kept(Status());
  }
}

void Keeper::WhenQuiet(std::function<void()> then) {
  Flush();
  if (closed_ || !under_way_) {
    then();
  } else {
    quiet_.push_back(std::move(then));
  }
}

}  // namespace handful::engine
