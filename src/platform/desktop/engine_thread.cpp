#include "platform/desktop/engine_thread.h"

#include <optional>
#include <utility>

#include "cli/files.h"
#include "engine/engine.h"
#include "engine/memory_store.h"

namespace handful::platform {
namespace {

// The failure of a command whose file could not be read, as the engine would say it.
schema::EventEnvelope Unreadable(const schema::Command& command, const std::string& path, const Status& status) {
  schema::Failed failed;
  failed.name = path;
  failed.message = status.message();
  std::visit(
      [&failed](const auto& c) {
        failed.command = c.kType;
        if constexpr (requires { c.id; }) failed.id = c.id;
      },
      command);
  return {failed, {}};
}

}  // namespace

EngineThread::EngineThread(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { Run(); }) {}

EngineThread::~EngineThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EngineThread::Post(schema::Command command, std::vector<std::string> paths) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({std::move(command), std::move(paths)});
  }
  changed_.notify_all();
}

std::vector<schema::EventEnvelope> EngineThread::TakeEvents() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

bool EngineThread::Idle() {
  const std::lock_guard lock(mutex_);
  return jobs_.empty() && events_.empty() && !working_;
}

void EngineThread::Emit(schema::EventEnvelope event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  wake_();
}

void EngineThread::Run() {
  engine::MemoryStore store;
  std::vector<schema::CommandEnvelope> answers;
  engine::Engine engine(
      [&](schema::EventEnvelope event) {
        if (std::optional<schema::CommandEnvelope> answer = store.Answer(event)) answers.push_back(std::move(*answer));
        else Emit(std::move(event));
      },
      importers::ImportModel);
  engine.Post({schema::UseStore{}, {}});
  bool busy = true;
  for (;;) {
    std::deque<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      working_ = busy;
      changed_.wait(lock, [&] { return ending_ || busy || !jobs_.empty(); });
      if (ending_) return;
      jobs.swap(jobs_);
      working_ = true;
    }
    for (Job& job : jobs) {
      schema::CommandEnvelope envelope{std::move(job.command), {}};
      bool readable = true;
      for (const std::string& path : job.paths) {
        Result<std::vector<uint8_t>> bytes = cli::ReadFile(path);
        if (!bytes.ok()) {
          Emit(Unreadable(envelope.message, path, bytes.status()));
          readable = false;
          break;
        }
        envelope.buffers.push_back(std::move(*bytes));
      }
      if (!readable) continue;
      if (auto* archive = std::get_if<schema::ImportArchive>(&envelope.message)) {
        const std::string name = archive->name;
        if (const Status opened = store.AddArchive(std::move(envelope.buffers[0]), *archive); !opened.ok()) {
          Emit(Unreadable(envelope.message, name, opened));
          continue;
        }
        envelope.buffers.clear();
      }
      engine.Post(std::move(envelope));
    }
    for (schema::CommandEnvelope& answer : std::exchange(answers, {})) engine.Post(std::move(answer));
    busy = engine.Step() || !answers.empty();
  }
}

}  // namespace handful::platform
