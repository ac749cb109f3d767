#include "engine/engine.h"

#include <deque>
#include <optional>

#include "base/version.h"
#include "engine/command_queue.h"
#include "engine/jobs/export.h"
#include "engine/jobs/features.h"
#include "engine/jobs/import.h"
#include "engine/jobs/material.h"
#include "engine/jobs/train.h"
#include "engine/models.h"
#include "engine/pictures.h"
#include "engine/project/commands.h"
#include "engine/project/projects.h"
#include "engine/store_client.h"
#include "engine/workspace.h"
#include "nn/net.h"
#include "nn/registry.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr schema::EngineVariant ThisVariant() {
#if defined(__wasm_relaxed_simd__)
  return schema::EngineVariant::kRelaxed;
#elif defined(__wasm__)
  return schema::EngineVariant::kSimd;
#else
  return schema::EngineVariant::kNative;
#endif
}

bool IsStoreAnswer(const schema::Command& command) {
  return IsOneOf<schema::StoreDone, schema::StoreData, schema::StoreLost>(command);
}

}  // namespace

class Engine::Impl {
 public:
  Impl(EventSink sink, importers::ModelReader read_model)
      : sink_(std::move(sink)), models_{send_, workspace_, read_model} {
    Say(schema::Ready{handful::kVersion, ThisVariant(), nn::GemmKernelName()}, {});
    workspace_.OpenInMemory();
  }
  // Answers that are still owed are nobody's business any more.
  ~Impl() { silent_ = true; }

  void Post(schema::CommandEnvelope command) {
    if (std::holds_alternative<schema::Stop>(command.message)) {
      stop_wanted_ = training_.busy();
      for (const schema::CommandEnvelope& waiting : queue_.TakeTrainings())
        Refuse(waiting, Errorf("it was stopped before it began"));
    } else if (IsStoreAnswer(command.message)) {
      answers_from_store_.push_back(std::move(command));
    } else {
      queue_.Push(std::move(command));
    }
  }

  // What the store answers goes first, then commands, then what they left to do.
  bool Step() {
    bool worked = true;
    if (stop_wanted_) {
      stop_wanted_ = false;
      training_.Stop();
    } else if (!answers_from_store_.empty()) {
      schema::CommandEnvelope answer = std::move(answers_from_store_.front());
      answers_from_store_.pop_front();
      CarryOut(answer);
    } else if (store_.HasAnswer()) {
      store_.Step();
    } else if (std::optional<CommandQueue::Entry> next = queue_.TakeNext()) {
      if (next->outdated) Refuse(next->command, Errorf("its project was closed"));
      else CarryOut(next->command);
    } else {
      worked = features_.Step() || imports_.Step() || training_.Step();
    }
    workspace_.Flush();
    models_.SayWhoAnswers();
    return worked || stop_wanted_ || !answers_from_store_.empty() || store_.HasAnswer() || queue_.HasNext();
  }

 private:
  using Buffers = std::vector<Bytes>;

  void CarryOut(schema::CommandEnvelope& command) {
    std::visit([&](const auto& c) { Handle(c, command.buffers, ReplyTo(c)); }, command.message);
  }
  void Refuse(const schema::CommandEnvelope& command, const Status& why) {
    std::visit([&](const auto& c) { ReplyTo(c)->Fail(why); }, command.message);
  }

  void Say(schema::Event event, Buffers buffers) {
    if (!silent_) sink_({std::move(event), std::move(buffers)});
  }

  template <class Command>
  Reply ReplyTo(const Command& command) {
    int64_t id = 0;
    std::string name;
    if constexpr (requires { command.id; }) id = command.id;
    if constexpr (requires { command.name; }) name = command.name;
    if constexpr (requires { command.names; }) {
      if (!command.names.empty()) name = command.names.front();
    }
    return std::make_shared<Answer>(send_, id, Command::kType, std::move(name));
  }

  // ---- what each command means; an error becomes its Failed event
  static void FailUnless(const Status& status, const Reply& reply) {
    if (!status.ok()) reply->Fail(status);
  }

  template <IsEdit Command>
  void Handle(const Command& command, Buffers&, const Reply& reply) {
    if (OpenProject* project = workspace_.project())
      project->Edit(reply, [&](Edits& edits) { return Carry(edits, command); });
    else reply->Fail(Errorf("no project is open"));
  }
  template <class Command>
    requires requires(Projects& projects, const Command& command, Reply reply) { projects.Handle(command, reply); }
  void Handle(const Command& command, Buffers&, const Reply& reply) {
    projects_.Handle(command, reply);
  }
  template <class Command>
    requires requires(Pictures& pictures, const Command& command, const Buffers& buffers, const Reply& reply) {
      pictures.Handle(command, buffers, reply);
    }
  void Handle(const Command& command, Buffers& buffers, const Reply& reply) {
    FailUnless(pictures_.Handle(command, buffers, reply), reply);
  }
  void Handle(const schema::GetThumbnails& command, Buffers&, const Reply& reply) {
    FailUnless(pictures_.Handle(command, reply), reply);
  }
  void Handle(const schema::GetSample& command, Buffers&, const Reply& reply) {
    FailUnless(pictures_.Handle(command, reply), reply);
  }

  void Handle(const schema::LoadBackbone& command, Buffers& buffers, const Reply& reply) {
    features_.GoOn();
    FailUnless(models_.Handle(command, buffers, reply), reply);
  }
  void Handle(const schema::LoadModel& command, Buffers& buffers, const Reply& reply) {
    FailUnless(models_.Handle(command, buffers, reply), reply);
  }
  void Handle(const schema::SetCropMode& command, Buffers&, const Reply& reply) {
    models_.Handle(command);
    reply->Done();
  }
  void Handle(const schema::HaltFeatures& command, Buffers&, const Reply& reply) {
    features_.Halt(command.halt);
    reply->Done();
  }

  void Handle(const schema::Train& command, Buffers&, const Reply& reply) {
    const schema::TrainSettings& s = command.settings;
    const State& state = workspace_.state();
    if (!nn::LearnsFromPixels(TextOf(s.network)) && !state.samples.empty() && s.input_range != state.input_range) {
      reply->Fail(Errorf("setting \"input_range\" is \"%s\", but the samples were made with \"%s\"",
                         TextOf(s.input_range), TextOf(state.input_range)));
      return;
    }
    const OpenProject* project = workspace_.project();
    if (!nn::LearnsFromPixels(TextOf(s.network)) && !models_.HasBackbone() && project != nullptr &&
        !project->Lacking(1).empty()) {
      reply->Fail(
          Errorf("MobileNet's weights are not loaded, so there is nothing to fine-tune: load them, or train a network "
                 "from scratch (setting \"network\")"));
      return;
    }
    features_.GoOn();
    training_.Handle(command, reply);
  }
  void Handle(const schema::ResumeTraining& command, Buffers&, const Reply& reply) {
    features_.GoOn();
    training_.Handle(command, reply);
  }
  void Handle(const schema::RestoreTraining& command, Buffers&, const Reply& reply) {
    Result<OpenProject*> project = workspace_.RequireProject();
    if (!project.ok()) return reply->Fail(project.status());
    Result<const schema::TrainingInfo*> info = (*project)->trainings().Find(command.training_id);
    if (!info.ok()) return reply->Fail(info.status());
    if ((*info)->state != schema::TrainingState::kDone && (*info)->state != schema::TrainingState::kStopped) {
      return reply->Fail((*info)->state == schema::TrainingState::kFailed
                             ? Errorf("this training failed, so it has no model")
                             : Errorf("this training is under way, so it has no model yet"));
    }
    (*project)->trainings().MakeCurrent(command.training_id);
    auto kept = std::make_shared<Status>();
    (*project)->keeper().WhenKept([kept](const Status& status) { *kept = status; });
    models_.AdoptFromStore(**info, [reply, kept, scope = workspace_.scope()](const Status& adopted) {
      const auto open = scope.lock();
      if (!adopted.ok() || open == nullptr)
        return reply->Fail(adopted.ok() ? Errorf("its project was closed") : adopted);
      open->keeper().WhenKept([reply, kept](const Status&) { reply->Give(*kept); });
    });
  }
  void Handle(const schema::DeleteTraining& command, Buffers&, const Reply& reply) {
    Result<OpenProject*> project = workspace_.RequireProject();
    if (!project.ok()) return reply->Fail(project.status());
    Result<const schema::TrainingInfo*> info = (*project)->trainings().Find(command.training_id);
    if (!info.ok()) return reply->Fail(info.status());
    if ((*info)->state == schema::TrainingState::kRunning)
      return reply->Fail(Errorf("this training is under way: stop it first"));
    const bool was_current = (*info)->current;
    (*project)->trainings().Delete(command.training_id);
    if (was_current) (void)models_.Adopt(nullptr, {});
    (*project)->AnswerWhenKept(reply);
  }
  // Stop is handled in Post.
  void Handle(const schema::Stop&, Buffers&, const Reply& reply) { reply->Done(); }

  void Handle(const schema::ClearSamples&, Buffers&, const Reply& reply) {
    if (training_.busy()) return reply->Fail(Errorf("a training is under way: stop it first"));
    if (store_.keeps_pixels())
      return reply->Fail(Errorf("ClearSamples is for use without a store: delete the project instead"));
    workspace_.OpenInMemory();
    reply->Done();
  }

  void Handle(const schema::ImportArchive& command, Buffers&, const Reply& reply) {
    FailUnless(imports_.Handle(command, reply), reply);
  }
  void Handle(const schema::DismissImport& command, Buffers&, const Reply& reply) {
    Result<OpenProject*> project = workspace_.RequireProject();
    if (!project.ok()) return reply->Fail(project.status());
    if (const Status ended = (*project)->EndImport(command.import_id); !ended.ok()) return reply->Fail(ended);
    (*project)->AnswerWhenKept(reply);
  }
  void Handle(const schema::GatherModel&, Buffers&, const Reply& reply) { GatherModel(models_, workspace_, reply); }
  void Handle(const schema::ExportProject&, Buffers&, const Reply& reply) {
    if (!store_.keeps_pixels())
      return reply->Fail(Errorf("ExportProject: pictures are not kept here, so there is nothing to export"));
    if (workspace_.project() == nullptr) return reply->Fail(Errorf("no project is open"));
    workspace_.WhenQuiet([reply, scope = workspace_.scope()] {
      if (const auto project = scope.lock()) ExportProject(*project, reply);
    });
  }

  void Handle(const schema::UseStore& command, Buffers&, const Reply& reply) {
    training_.KeepEvery(command.seconds_between_states);
    if (!store_.keeps_pixels()) workspace_.Close();  // the one in memory
    store_.Attach();
    reply->Done();
  }
  void Handle(const schema::StoreDone& command, Buffers&, const Reply& reply) {
    store_.Take(command);
    reply->Done();
  }
  void Handle(const schema::StoreData& command, Buffers& buffers, const Reply& reply) {
    store_.Take(command, std::move(buffers));
    reply->Done();
  }
  void Handle(const schema::StoreLost& command, Buffers&, const Reply& reply) {
    workspace_.Handle(command);
    reply->Done();
  }

  const EventSink sink_;
  bool silent_ = false;
  const Send send_ = [this](schema::Event event, Buffers buffers) { Say(std::move(event), std::move(buffers)); };
  std::deque<schema::CommandEnvelope> answers_from_store_;
  bool stop_wanted_ = false;

  StoreClient store_{send_};
  Workspace workspace_{send_,
                       store_,
                       {.opened = [this] { models_.ProjectOpened(); },
                        .changed = [this](bool by_visitor) { models_.ProjectChanged(by_visitor); }}};
  CommandQueue queue_{workspace_};
  Models models_;
  Pictures pictures_{send_, store_, workspace_, models_};
  Projects projects_{store_, workspace_, send_};
  FeatureJob features_{send_, store_, workspace_, models_};
  TrainJob training_{send_, store_, workspace_, models_};
  ImportJob imports_{send_, store_, workspace_, projects_,
                     [this](OpenProject& project, schema::SampleInfo info, const std::string& label,
                            const Bytes& file) { return pictures_.AddFile(project, std::move(info), label, file); }};
};

Engine::Engine(EventSink sink, importers::ModelReader read_model)
    : impl_(std::make_unique<Impl>(std::move(sink), read_model)) {}
Engine::~Engine() = default;
void Engine::Post(schema::CommandEnvelope command) { impl_->Post(std::move(command)); }
bool Engine::Step() { return impl_->Step(); }

}  // namespace handful::engine
