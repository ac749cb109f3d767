// What the engine says to whoever keeps its records (a browser's database, memory), and what that one answers by its
// ticket. What each carries in `Envelope::buffers`, in order, is said beside it.
#pragma once

#include "schema/records.h"

namespace handful::schema {

// ---- events --------------------------------------------------------------------------------------------------------

struct StorePut {
  std::string store;
  std::string key;
  static constexpr char kName[] = "StorePut";
  HANDFUL_FIELDS(StorePut, store, key);
};

// One transaction: all of it or nothing. Stores: projects, samples, features, pixels, thumbnails, copies, history,
// trainings. Buffers: one a put, its value.
struct StoreWrite {
  int64_t ticket = 0;
  std::vector<StorePut> puts;
  std::vector<StorePut> removes;
  std::vector<StorePut> remove_prefixes;  // all keys of a store that begin so
  std::string copy_from;                  // DuplicateProject: every key of every store that begins so …
  std::string copy_to;                    // … is also kept under this beginning
  static constexpr char kType[] = "StoreWrite";
  HANDFUL_FIELDS(StoreWrite, ticket, puts, removes, remove_prefixes, copy_from, copy_to);
};

struct StoreRead {
  int64_t ticket = 0;
  std::string store;
  std::vector<std::string> keys;
  static constexpr char kType[] = "StoreRead";
  HANDFUL_FIELDS(StoreRead, ticket, store, keys);
};

// Keys that begin with `prefix`, ascending.
struct StoreList {
  int64_t ticket = 0;
  std::string store;
  std::string prefix;
  std::string after;  // a key; "": from the first
  int limit = 0;
  bool values = true;
  static constexpr char kType[] = "StoreList";
  HANDFUL_FIELDS(StoreList, ticket, store, prefix, after, limit, values);
};

// Held until StoreUnlock or the end of the engine.
struct StoreLock {
  int64_t ticket = 0;
  std::string name;
  bool take = false;  // from whoever has it
  static constexpr char kType[] = "StoreLock";
  HANDFUL_FIELDS(StoreLock, ticket, name, take);
};

struct StoreUnlock {
  std::string name;
  static constexpr char kType[] = "StoreUnlock";
  HANDFUL_FIELDS(StoreUnlock, name);
};

// ---- commands ------------------------------------------------------------------------------------------------------

// The answer to StoreWrite and StoreLock.
struct StoreDone {
  int64_t ticket = 0;
  std::string error;  // a sentence, "" if all of it is kept
  static constexpr char kType[] = "StoreDone";
  HANDFUL_FIELDS(StoreDone, ticket, error);
};

// The answer to StoreRead and StoreList. Buffers: one a key (none for a StoreList without values).
struct StoreData {
  int64_t ticket = 0;
  std::vector<std::string> keys;  // of the values; what is not there is left out
  bool more = false;              // StoreList: there are keys after the last
  std::string error;
  static constexpr char kType[] = "StoreData";
  HANDFUL_FIELDS(StoreData, ticket, keys, more, error);
};

// Somebody took this lock away: another tab.
struct StoreLost {
  std::string lock;
  static constexpr char kType[] = "StoreLost";
  HANDFUL_FIELDS(StoreLost, lock);
};

}  // namespace handful::schema
