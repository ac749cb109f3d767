#include "engine/memory_store.h"

#include <algorithm>

namespace handful::engine {
namespace {

using schema::Bytes;

bool IsAscii(const std::string& key) {
  return std::ranges::all_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::optional<schema::CommandEnvelope> MemoryStore::Answer(const schema::EventEnvelope& event) {
  if (const auto* write = std::get_if<schema::StoreWrite>(&event.message))
    return schema::CommandEnvelope{Write(*write, event.buffers), {}};
  if (const auto* read = std::get_if<schema::StoreRead>(&event.message)) return Read(*read);
  if (const auto* list = std::get_if<schema::StoreList>(&event.message)) return List(*list);
  if (const auto* lock = std::get_if<schema::StoreLock>(&event.message)) {
    const bool granted = locks_.insert(lock->name).second || lock->take;
    return schema::CommandEnvelope{schema::StoreDone{lock->ticket, granted ? "" : "somebody else has it"}, {}};
  }
  if (const auto* unlock = std::get_if<schema::StoreUnlock>(&event.message)) locks_.erase(unlock->name);
  return {};
}

schema::StoreDone MemoryStore::Write(const schema::StoreWrite& batch, const std::vector<Bytes>& values) {
  if (!failure_.empty()) return {batch.ticket, failure_};
  if (values.size() != batch.puts.size())
    return {batch.ticket, Format("%zu values came for %zu keys", values.size(), batch.puts.size())};
  if (!full_store_.empty()) {
    const auto is_new = [&](const schema::StorePut& at) {
      return at.store == full_store_ && !stores_[full_store_].contains(at.key);
    };
    const auto added = static_cast<size_t>(std::ranges::count_if(batch.puts, is_new));
    if (added > 0 && stores_[full_store_].size() + added > most_values_)
      return {batch.ticket, Format("there is room for %zu only", most_values_)};
  }
  for (const schema::StorePut& at : batch.puts) {
    if (!IsAscii(at.key)) return {batch.ticket, Format("The key \"%s\" is not ASCII.", at.key.c_str())};
  }
  if (!batch.copy_from.empty()) {
    for (auto& [name, store] : stores_) {
      std::map<std::string, Bytes> copies;
      for (const auto& [key, value] : store) {
        if (key.starts_with(batch.copy_from)) copies[batch.copy_to + key.substr(batch.copy_from.size())] = value;
      }
      copies.merge(store);
      store = std::move(copies);
    }
  }
  for (const schema::StorePut& at : batch.removes) stores_[at.store].erase(at.key);
  for (const schema::StorePut& at : batch.remove_prefixes) {
    std::erase_if(stores_[at.store], [&](const auto& entry) { return entry.first.starts_with(at.key); });
  }
  for (size_t i = 0; i < values.size(); ++i) stores_[batch.puts[i].store][batch.puts[i].key] = values[i];
  return {batch.ticket, ""};
}

schema::CommandEnvelope MemoryStore::Read(const schema::StoreRead& read) const {
  schema::StoreData answer{.ticket = read.ticket, .error = read_failure_};
  if (!read_failure_.empty()) return {answer, {}};
  std::vector<Bytes> values;
  const auto archive = archives_.find(read.store);
  const auto store = stores_.find(read.store);
  for (const std::string& key : read.keys) {
    if (archive != archives_.end()) {
      const auto& entries = archive->second.reader.entries();
      const auto entry = std::ranges::find(entries, key, &importers::ZipReader::Entry::name);
      if (entry == entries.end()) continue;
      Result<Bytes> unpacked = archive->second.reader.Read(*entry);
      if (!unpacked.ok()) {
        answer.error = unpacked.status().message();
        continue;
      }
      answer.keys.push_back(key);
      values.push_back(std::move(*unpacked));
    } else if (store != stores_.end()) {
      const auto found = store->second.find(key);
      if (found == store->second.end()) continue;
      answer.keys.push_back(key);
      values.push_back(found->second);
    }
  }
  return {answer, std::move(values)};
}

schema::CommandEnvelope MemoryStore::List(const schema::StoreList& list) const {
  schema::StoreData answer{.ticket = list.ticket, .error = read_failure_};
  if (!read_failure_.empty()) return {answer, {}};
  std::vector<Bytes> values;
  const auto store = stores_.find(list.store);
  if (store != stores_.end()) {
    for (auto it = store->second.lower_bound(std::max(list.prefix, list.after)); it != store->second.end(); ++it) {
      const auto& [key, value] = *it;
      if (!key.starts_with(list.prefix)) break;
      if (key == list.after) continue;
      if (answer.keys.size() == static_cast<size_t>(list.limit)) {
        answer.more = true;
        break;
      }
      answer.keys.push_back(key);
      if (list.values) values.push_back(value);
    }
  }
  return {answer, std::move(values)};
}

Status MemoryStore::AddArchive(Bytes zip, schema::ImportArchive& command) {
  command.store = Format("archive:%zu", archives_.size() + 1);
  Archive& archive = archives_[command.store];
  archive.zip = std::move(zip);
  Result<importers::ZipReader> reader = importers::ZipReader::Open(archive.zip, importers::kProjectZipLimits);
  if (!reader.ok()) return reader.status();
  archive.reader = std::move(*reader);
  for (const auto& entry : archive.reader.entries())
    command.entries.push_back({entry.name, static_cast<int64_t>(entry.unpacked_bytes)});
  return {};
}

}  // namespace handful::engine
