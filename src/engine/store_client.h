// The engine's end of the store: says StoreWrite, StoreRead, StoreList and StoreLock, and calls back when the answer comes.
// Answers come in a later Step; a callback must see for itself whether what it was for is still there.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "schema/messages.h"

namespace handful::engine {

struct StoreValues {
  std::vector<std::string> keys;
  std::vector<schema::Bytes> values;  // one a key, none for a list without values
  bool more = false;
  std::string warning;                // of an archive: what could not be unpacked
};

class StoreClient {
 public:
  using Done = std::function<void(Status)>;
  using Data = std::function<void(Result<StoreValues>)>;
  using Send = std::function<void(schema::Event, std::vector<schema::Bytes>)>;

  explicit StoreClient(Send send) : send_(std::move(send)) {}

  void Attach() { attached_ = true; }
  bool attached() const { return attached_; }

  void Write(schema::StoreWrite batch, std::vector<schema::Bytes> values, Done done);
  void Read(const std::string& store, std::vector<std::string> keys, Data done);
  void List(const std::string& store, const std::string& prefix, const std::string& after, int limit, bool values, Data done);
  void Lock(const std::string& name, bool take, Done done);
  void Unlock(const std::string& name);

  void Answer(const schema::StoreDone& answer);
  void Answer(const schema::StoreData& answer, std::vector<schema::Bytes> values);

 private:
  Send send_;
  bool attached_ = false;
  int64_t next_ticket_ = 1;
  std::map<int64_t, Done> writes_;
  std::map<int64_t, Data> reads_;
};

}  // namespace handful::engine
