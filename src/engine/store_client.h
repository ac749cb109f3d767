// The engine's end of the store: asks (StoreWrite, StoreRead, StoreList, StoreLock) and calls back when the answer
// comes. There is always a store: somebody else's from UseStore on, until then one in memory. Answers come in a later
// Step; a callback must see for itself whether what it was for is still there.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/answer.h"
#include "engine/memory_store.h"
#include "schema/messages.h"

namespace handful::engine {

struct StoreValues {
  std::vector<std::string> keys;
  std::vector<schema::Bytes> values;  // one a key, none for a list without values
  bool more = false;
  std::string warning;  // of an archive: what could not be unpacked
};

class StoreClient {
 public:
  using Done = std::function<void(const Status&)>;
  using Data = std::function<void(Result<StoreValues>)>;

  explicit StoreClient(Send send) : send_(std::move(send)) {}

  // Somebody else answers from now on, and keeps pictures.
  void Attach() { attached_ = true; }
  bool keeps_pixels() const { return attached_; }

  void Write(schema::StoreWrite batch, std::vector<schema::Bytes> values, Done done);
  void Read(const std::string& store, std::vector<std::string> keys, Data done);
  void List(const std::string& store, const std::string& prefix, const std::string& after, int limit, bool values,
            Data done);
  // All keys that begin with `prefix`, `at_once` at a time: `page` says whether more is wanted. `end` comes after the
  // last page, with the reason where one could not be read; not where `page` wanted no more.
  using Page = std::function<bool(StoreValues)>;
  void ListAll(const std::string& store, const std::string& prefix, int at_once, bool values, Page page, Done end);
  void Lock(const std::string& name, bool take, Done done);
  void Unlock(const std::string& name);

  void Take(const schema::StoreDone& answer);
  void Take(const schema::StoreData& answer, std::vector<schema::Bytes> values);
  // Takes an answer of the store in memory. Returns whether there was one.
  bool Step();
  bool HasAnswer() const { return !answers_.empty(); }

 private:
  void ListFrom(const std::string& store, const std::string& prefix, const std::string& after, int at_once, bool values,
                Page page, Done end);
  void Ask(schema::Event question, std::vector<schema::Bytes> values);

  Send send_;
  bool attached_ = false;
  MemoryStore memory_;
  std::deque<schema::CommandEnvelope> answers_;  // of the store in memory
  int64_t next_ticket_ = 1;
  std::map<int64_t, Done> writes_;
  std::map<int64_t, Data> reads_;
};

}  // namespace handful::engine
