#include "engine/store_client.h"

namespace handful::engine {

void StoreClient::Ask(schema::Event question, std::vector<schema::Bytes> values) {
  if (attached_) {
    send_(std::move(question), std::move(values));
  } else if (auto answer = memory_.Answer({std::move(question), std::move(values)})) {
    answers_.push_back(std::move(*answer));
  }
}

void StoreClient::Write(schema::StoreWrite batch, std::vector<schema::Bytes> values, Done done) {
  batch.ticket = next_ticket_++;
  writes_[batch.ticket] = std::move(done);
  Ask(std::move(batch), std::move(values));
}

void StoreClient::Read(const std::string& store, std::vector<std::string> keys, Data done) {
  schema::StoreRead read{.ticket = next_ticket_++, .store = store, .keys = std::move(keys)};
  reads_[read.ticket] = std::move(done);
  Ask(std::move(read), {});
}

void StoreClient::List(const std::string& store, const std::string& prefix, const std::string& after, int limit,
                       bool values, Data done) {
  schema::StoreList list{next_ticket_++, store, prefix, after, limit, values};
  reads_[list.ticket] = std::move(done);
  Ask(std::move(list), {});
}

void StoreClient::ListAll(const std::string& store, const std::string& prefix, int at_once, bool values, Page page,
                          Done end) {
  ListFrom(store, prefix, "", at_once, values, std::move(page), std::move(end));
}

void StoreClient::ListFrom(const std::string& store, const std::string& prefix, const std::string& after, int at_once,
                           bool values, Page page, Done end) {
  List(store, prefix, after, at_once, values,
       [this, store, prefix, at_once, values, page, end](Result<StoreValues> found) {
         if (!found.ok()) {
           end(found.status());
           return;
         }
         const std::string next = found->more && !found->keys.empty() ? found->keys.back() : "";
         if (!page(std::move(*found))) return;
         if (next.empty()) {
           end(Status());
         } else {
           ListFrom(store, prefix, next, at_once, values, page, end);
         }
       });
}

void StoreClient::Lock(const std::string& name, bool take, Done done) {
  schema::StoreLock lock{next_ticket_++, name, take};
  writes_[lock.ticket] = std::move(done);
  Ask(std::move(lock), {});
}

void StoreClient::Unlock(const std::string& name) { Ask(schema::StoreUnlock{name}, {}); }

void StoreClient::Take(const schema::StoreDone& answer) {
  auto waiting = writes_.extract(answer.ticket);
  if (waiting.empty()) return;
  waiting.mapped()(answer.error.empty() ? Status() : Status::Error(answer.error));
}

void StoreClient::Take(const schema::StoreData& answer, std::vector<schema::Bytes> values) {
  auto waiting = reads_.extract(answer.ticket);
  if (waiting.empty()) return;
  // An archive's damaged entry is told beside those that could be unpacked.
  if (!answer.error.empty() && answer.keys.empty()) {
    waiting.mapped()(Status::Error(answer.error));
    return;
  }
  waiting.mapped()(StoreValues{answer.keys, std::move(values), answer.more, answer.error});
}

bool StoreClient::Step() {
  if (answers_.empty()) return false;
  schema::CommandEnvelope answer = std::move(answers_.front());
  answers_.pop_front();
  if (const auto* done = std::get_if<schema::StoreDone>(&answer.message)) Take(*done);
  if (const auto* data = std::get_if<schema::StoreData>(&answer.message)) Take(*data, std::move(answer.buffers));
  return true;
}

}  // namespace handful::engine
