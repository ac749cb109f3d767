// The engine on a thread of its own: commands go in with the paths of their files, events wait until they are taken.
// The project is kept in memory and ends with the window.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "schema/messages.h"

namespace handful::platform {

class EngineThread {
 public:
  // `wake` is called from the engine's thread whenever there are events to take.
  explicit EngineThread(std::function<void()> wake);
  ~EngineThread();
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  // The files are read on the engine's thread and become the command's buffers.
  void Post(schema::Command command, std::vector<std::string> paths);
  std::vector<schema::EventEnvelope> TakeEvents();
  // Whether nothing is under way and nothing waits to be taken.
  bool Idle();

 private:
  struct Job {
    schema::Command command;
    std::vector<std::string> paths;
  };
  void Run();
  void Emit(schema::EventEnvelope event);

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<schema::EventEnvelope> events_;
  bool ending_ = false, working_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace handful::platform
