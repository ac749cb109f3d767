// Keeps one project as it changes: what is put here goes to the store in transactions, one at a time, each with the
// project's own record, so that no number that was handed out is ever forgotten. Knows keys and bytes, and not what
// they mean.
//
// New samples are kept wholly or taken back. Everything else that the store refuses stays and goes with the next
// change.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "engine/store_client.h"

namespace handful::engine {

class Keeper : public std::enable_shared_from_this<Keeper> {
 public:
  using Kept = std::function<void(const Status&)>;
  using At = std::pair<std::string, std::string>;  // store and key
  struct Hooks {
    // A transaction is being made: puts what changed and was not put yet, and returns the project's record as it is
    // now.
    std::function<schema::Bytes()> record;
    // The store has these new samples now.
    std::function<void(const std::vector<int64_t>&)> saved;
    // It will not take these, so they are to be taken back.
    std::function<void(const std::vector<int64_t>&, const Status& why)> refused;
    // It will not take something that nobody waits for.
    std::function<void(const Status& why)> failed;
    // It is full: what could be let go of. Asked once a refusal; empty: nothing.
    std::function<std::vector<At>()> make_room;
  };

  // `project`: its key among the projects.
  static std::shared_ptr<Keeper> Create(StoreClient& store, std::string project, Hooks hooks);
  // From now on nothing is written and no hook is called; whoever waits hears that the project was closed.
  void Close();

  // ---- what is to be kept; the last word on a key counts
  void Put(const std::string& store, const std::string& key, schema::Bytes value);
  void Remove(const std::string& store, const std::string& key);
  // Part of the new sample of that id: goes in the transaction that has all of it.
  void PutOfSample(int64_t sample_id, const std::string& store, const std::string& key, schema::Bytes value);
  // The project's record changed.
  void Touch() { touched_ = true; }

  // ---- when it is
  // Once all that was put so far is kept, or the store has refused it.
  void WhenKept(Kept kept);
  // Once nothing is under way; what the store refuses is not waited for.
  void WhenQuiet(std::function<void()> then);

  // What was put and is not kept yet; null: nothing under this key.
  const schema::Bytes* Find(const std::string& store, const std::string& key) const;
  // New samples that are not kept yet.
  size_t unsaved() const { return unsaved_; }
  bool IsUnsaved(int64_t sample_id) const {
    return pending_.samples.contains(sample_id) || writing_.samples.contains(sample_id);
  }
  // Writes what there is, unless a transaction is under way.
  void Flush();

 private:
  struct Entry {
    std::optional<schema::Bytes> value;  // nothing: to be removed
    int64_t sample = 0;                  // the new sample it belongs to
  };
  struct Batch {
    std::map<At, Entry> entries;
    std::set<int64_t> samples;  // new
    std::vector<Kept> waiting;
  };

  Keeper(StoreClient& store, std::string project, Hooks hooks)
      : store_(store), project_(std::move(project)), hooks_(std::move(hooks)) {}
  void Set(const std::string& store, const std::string& key, Entry entry);
  void Write(schema::StoreWrite write, std::vector<schema::Bytes> values, void (Keeper::*then)(const Status&));
  void Written(const Status& status);
  bool MakeRoom();
  void RoomMade(const Status& status);
  void Refuse(const Status& status);
  void Settle();
  void Count() { unsaved_ = pending_.samples.size() + writing_.samples.size(); }

  StoreClient& store_;
  const std::string project_;
  Hooks hooks_;
  bool closed_ = false, touched_ = false, under_way_ = false, room_was_made_ = false;
  Batch pending_, writing_;
  std::map<At, Entry> refused_;  // goes with the next change
  std::vector<std::function<void()>> quiet_;
  size_t unsaved_ = 0;
};

}  // namespace handful::engine
