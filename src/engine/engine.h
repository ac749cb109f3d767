// The engine: commands in, events out. No screen, no browser, no threads of its own, no globals.
//
//   Engine engine([](EventEnvelope e) { Show(e); }, importers::ImportModel);
//   engine.Post({Classify{.id = 1, .name = "cat.jpg"}, {bytes}});
//   while (engine.Step()) {}
//
// In a Worker Step is called between messages, on the desktop from a thread, in the shell inline.
// The same commands give the same sequence of events on every platform.
#pragma once

#include <functional>
#include <memory>

#include "import/import.h"
#include "schema/messages.h"

namespace handful::engine {

class Engine {
 public:
  using EventSink = std::function<void(schema::EventEnvelope)>;

  // Sends Ready at once. The sink is called from within Post and Step only. `read_model` is who reads the files of
  // LoadModel: importers::ImportModel, or ReadOwnModel where the client turns other people's models into ours first.
  Engine(EventSink sink, importers::ModelReader read_model);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Queues a command. Stop takes effect at once.
  void Post(schema::CommandEnvelope command);
  // Does one bounded piece of work: one command, or one mini-batch of the training under way (commands go first).
  // Returns whether there is more to do.
  bool Step();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handful::engine
