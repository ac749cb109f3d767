// A store in memory, and archives to read from: answers the engine's questions where there is no browser (shell, native
// window, tests). Nothing outlives it. Keys are ASCII, so that byte order is the browser's;
// tests/fixtures/store_cases.json holds it to what web/engine/store.ts does.
//
//   MemoryStore store;
//   engine.Post({schema::UseStore{}, {}});
//   …in the engine's sink: if (auto answer = store.Answer(event)) engine.Post(std::move(*answer));
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "import/zip.h"
#include "schema/messages.h"

namespace handful::engine {

class MemoryStore {
 public:
  // The answer to StoreWrite, StoreRead, StoreList and StoreLock.
  std::optional<schema::CommandEnvelope> Answer(const schema::EventEnvelope& event);

  // A zip to import from: fills in `command.store` and `command.entries`.
  Status AddArchive(schema::Bytes zip, schema::ImportArchive& command);

  // For tests: the next writes, or reads, fail with this sentence, until it is "".
  void FailWrites(const std::string& sentence) { failure_ = sentence; }
  void FailReads(const std::string& sentence) { read_failure_ = sentence; }
  // For tests: as when all tabs were closed.
  void ReleaseLocks() { locks_.clear(); }
  // For tests: no more values than these are taken into a store, and what is removed leaves room for the next
  // transaction only.
  void RoomFor(const std::string& store, size_t values) { full_store_ = store, most_values_ = values; }
  const std::map<std::string, schema::Bytes>& Of(const std::string& store) { return stores_[store]; }

 private:
  struct Archive {
    schema::Bytes zip;
    importers::ZipReader reader;
  };
  schema::StoreDone Write(const schema::StoreWrite& batch, const std::vector<schema::Bytes>& values);
  schema::CommandEnvelope Read(const schema::StoreRead& read) const;
  schema::CommandEnvelope List(const schema::StoreList& list) const;

  std::map<std::string, std::map<std::string, schema::Bytes>> stores_;
  std::map<std::string, Archive> archives_;
  std::set<std::string> locks_;
  std::string failure_, read_failure_, full_store_;
  size_t most_values_ = 0;
};

}  // namespace handful::engine
