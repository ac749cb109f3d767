// The answer that a command waits for. Whoever carries the command out holds it until one of its three ends: the
// command's own event, Done or Failed. It is given once; one that nobody gives says Failed when the last holder lets go
// of it, so that no command stays without an answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "schema/messages.h"

namespace handful::engine {

using Send = std::function<void(schema::Event, std::vector<schema::Bytes>)>;

schema::Failed FailureOf(int64_t id, const char* command, const std::string& name, const Status& why);
// A failure that nobody's command is to blame for; `command` says what it is about.
inline void Complain(const Send& send, const char* command, const Status& why) {
  send(FailureOf(0, command, "", why), {});
}

class Answer {
 public:
  // `command`: its type; `name`: of the file it was about, where there is one.
  Answer(Send send, int64_t id, const char* command, std::string name)
      : send_(std::move(send)), id_(id), command_(command), name_(std::move(name)) {}
  ~Answer() {
    if (id_ != 0) Fail(Errorf("it was given up, since its project was closed"));
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  int64_t id() const { return id_; }
  const std::string& name() const { return name_; }

  // The command's own event.
  void Say(schema::Event event, std::vector<schema::Bytes> buffers = {}) {
    if (!std::exchange(given_, true)) send_(std::move(event), std::move(buffers));
  }
  // For commands without one. Nobody waits for an answer without an id.
  void Done() {
    if (!std::exchange(given_, true) && id_ != 0) send_(schema::Done{id_}, {});
  }
  void Fail(const Status& why) {
    if (!std::exchange(given_, true)) send_(FailureOf(id_, command_, name_, why), {});
  }
  void Give(const Status& status) { status.ok() ? Done() : Fail(status); }

 private:
  Send send_;
  int64_t id_;
  const char* command_;
  std::string name_;
  bool given_ = false;
};

// Shared, since callbacks are copied; there is one answer all the same.
using Reply = std::shared_ptr<Answer>;

}  // namespace handful::engine
