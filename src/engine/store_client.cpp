#include "engine/store_client.h"

namespace handful::engine {

void StoreClient::Write(schema::StoreWrite batch, std::vector<schema::Bytes> values, Done done) {
  batch.ticket = next_ticket_++;
  writes_[batch.ticket] = std::move(done);
  send_(std::move(batch), std::move(values));
}

void StoreClient::Read(const std::string& store, std::vector<std::string> keys, Data done) {
  schema::StoreRead read{.ticket = next_ticket_++, .store = store, .keys = std::move(keys)};
  reads_[read.ticket] = std::move(done);
  send_(std::move(read), {});
}

void StoreClient::List(const std::string& store, const std::string& prefix, const std::string& after, int limit, bool values, Data done) {
  schema::StoreList list{next_ticket_++, store, prefix, after, limit, values};
  reads_[list.ticket] = std::move(done);
  send_(std::move(list), {});
}

void StoreClient::Lock(const std::string& name, bool take, Done done) {
  schema::StoreLock lock{next_ticket_++, name, take};
  writes_[lock.ticket] = std::move(done);
  send_(std::move(lock), {});
}

void StoreClient::Unlock(const std::string& name) { send_(schema::StoreUnlock{name}, {}); }

void StoreClient::Answer(const schema::StoreDone& answer) {
  auto waiting = writes_.extract(answer.ticket);
  if (waiting.empty()) return;
  waiting.mapped()(answer.error.empty() ? Status() : Status::Error(answer.error));
}

void StoreClient::Answer(const schema::StoreData& answer, std::vector<schema::Bytes> values) {
  auto waiting = reads_.extract(answer.ticket);
  if (waiting.empty()) return;
  // An archive's damaged entry is told beside those that could be unpacked.
  if (!answer.error.empty() && answer.keys.empty()) {
    waiting.mapped()(Status::Error(answer.error));
    return;
  }
  waiting.mapped()(StoreValues{answer.keys, std::move(values), answer.more, answer.error});
}

}  // namespace handful::engine
