// Commands × states: whatever the engine is asked, and whatever state its project is in, one answer comes, and it is
// the one in tests/golden/answers.txt; and what it said was done is there after a reload.
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "engine/project/records.h"
#include "schema/json.h"
#include "unit/tab.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using testing::Photo;
using testing::Tab;

constexpr int64_t kId = 77;

// A project with two classes of four pictures, a training that was stopped and one that came to its end, and a second
// project.
struct World {
  MemoryStore store;
  std::unique_ptr<Tab> tab, other_tab;
  std::string project_id, other_id;
  int64_t class_id = 0, other_class_id = 0, sample_id = 0, stopped_id = 0, done_id = 0;
  schema::ImportArchive archive;

  World() {
    Tab first(store);
    first.Run(schema::OpenProject{});
    first.Add(8);
    class_id = first.ClassId(0);
    other_class_id = first.ClassId(1);
    sample_id = first.Samples().begin()->first;
    first.Post(schema::Train{.settings = Settings(300)});
    for (int i = 0; i < 40; ++i) first.StepOnce();
    first.Run(schema::Stop{});
    stopped_id = first.Last<schema::TrainingChanged>().training.id;
    first.Run(schema::Train{.settings = Settings(3)});
    done_id = first.Last<schema::TrainStarted>().training_id;
    project_id = first.Last<schema::ProjectOpened>().project.id;
    first.Run(schema::DuplicateProject{.project_id = project_id});
    for (const auto& project : first.Last<schema::Projects>().projects) {
      if (project.id != project_id) other_id = project.id;
    }
    archive = Archive("things.zip", 3);
    store.ReleaseLocks();
  }
  // Another one like it, which is made much faster.
  World(const World& other)
      : store(other.store),
        project_id(other.project_id),
        other_id(other.other_id),
        class_id(other.class_id),
        other_class_id(other.other_class_id),
        sample_id(other.sample_id),
        stopped_id(other.stopped_id),
        done_id(other.done_id),
        archive(other.archive) {}
  schema::ImportArchive Archive(const std::string& name, int pictures) {
    std::vector<importers::InputFile> files;
    for (int i = 0; i < pictures; ++i)
      files.push_back({Format("a/%d.bmp", i), Photo(0, 900 + static_cast<uint64_t>(i))});
    schema::ImportArchive import{.name = name};
    EXPECT_TRUE(store.AddArchive(testing::EncodeZip(files, true), import).ok());
    return import;
  }
  static schema::TrainSettings Settings(int epochs) {
    return {.epochs = epochs, .batch = 4, .hidden = 6, .dropout = 0, .validation = 0.25};
  }
};

struct Asked {
  schema::Command command;
  std::vector<Bytes> buffers;
};

std::vector<Asked> AllCommands(World& w) {
  static const Bytes cnn = nn::WriteModel(testing::RandomCnn(64, {"round", "square"}, 3)), photo = Photo(0, 5);
  schema::ImportArchive import = w.archive;
  import.id = kId;
  return {
      {schema::LoadBackbone{.id = kId}, {testing::BackboneFile(1)}},
      {schema::LoadModel{.id = kId, .names = {"cnn.safetensors"}}, {cnn}},
      {schema::Classify{.id = kId}, {photo}},
      {schema::Inspect{.id = kId, .most = 1}, {photo}},
      {schema::ComputeFeatures{.id = kId}, {photo}},
      {schema::AddSample{.id = kId, .name = "new.bmp", .label = "red"}, {photo}},
      {schema::AddSample{.id = kId, .name = "new.bmp", .class_id = w.class_id}, {photo}},
      {schema::AddFeatures{.id = kId, .label = "red"}, {Bytes(5120)}},
      {schema::Train{.id = kId, .settings = World::Settings(2)}, {}},
      {schema::ResumeTraining{.id = kId, .training_id = w.stopped_id, .epochs = 305}, {}},
      {schema::RestoreTraining{.id = kId, .training_id = w.stopped_id}, {}},
      {schema::DeleteTraining{.id = kId, .training_id = w.done_id}, {}},
      {schema::ListProjects{.id = kId}, {}},
      {schema::OpenProject{.id = kId}, {}},
      {schema::OpenProject{.id = kId, .project_id = w.other_id}, {}},
      {schema::CreateProject{.id = kId, .name = "New"}, {}},
      {schema::RenameProject{.id = kId, .project_id = w.project_id, .name = "Named"}, {}},
      {schema::RenameProject{.id = kId, .project_id = w.other_id, .name = "Named"}, {}},
      {schema::DuplicateProject{.id = kId, .project_id = w.project_id}, {}},
      {schema::DeleteProject{.id = kId, .project_id = w.project_id}, {}},
      {schema::DeleteProject{.id = kId, .project_id = w.other_id}, {}},
      {schema::AddClass{.id = kId, .name = "new"}, {}},
      {schema::EditClass{.id = kId, .class_id = w.class_id, .name = "other name"}, {}},
      {schema::MoveClass{.id = kId, .class_id = w.class_id, .index = 1}, {}},
      {schema::MergeClasses{.id = kId, .from = w.class_id, .into = w.other_class_id}, {}},
      {schema::DeleteClass{.id = kId, .class_id = w.class_id}, {}},
      {schema::MoveSamples{.id = kId, .sample_ids = {w.sample_id}, .class_id = w.other_class_id}, {}},
      {schema::DeleteSamples{.id = kId, .sample_ids = {w.sample_id}}, {}},
      {schema::Undo{.id = kId}, {}},
      {schema::Redo{.id = kId}, {}},
      {schema::GetThumbnails{.id = kId, .sample_ids = {w.sample_id}}, {}},
      {schema::GetSample{.id = kId, .sample_id = w.sample_id}, {}},
      {import, {}},
      {schema::DismissImport{.id = kId, .import_id = 1}, {}},
      {schema::GatherModel{.id = kId}, {}},
      {schema::ExportProject{.id = kId}, {}},
  };
}

void Open(World& w) {
  w.tab = std::make_unique<Tab>(w.store);
  w.tab->Run(schema::OpenProject{.project_id = w.project_id});
}

struct State {
  const char* name;
  std::function<void(World&)> begin;  // makes w.tab, and brings it there
  std::function<void(World&)> end;    // after the command was posted
};

void Finish(World& w) { w.tab->Finish(); }

const State kStates[] = {
    {"no project", [](World& w) { w.tab = std::make_unique<Tab>(w.store); }, Finish},
    {"open", Open, Finish},
    {"opening",
     [](World& w) {
       w.tab = std::make_unique<Tab>(w.store);
       w.tab->Post(schema::OpenProject{.project_id = w.project_id});
       for (int i = 0; i < 6; ++i) w.tab->StepOnce();
     },
     Finish},
    {"closing", Open,
     [](World& w) {
       w.tab->StepOnly(1);
       w.tab->Run(schema::StoreLost{LockOf(w.project_id)});
     }},
    {"importing",
     [](World& w) {
       Open(w);
       w.tab->Post(w.Archive("many.zip", 20));
       for (int i = 0; i < 12; ++i) w.tab->StepOnce();
     },
     Finish},
    {"training",
     [](World& w) {
       Open(w);
       w.tab->Post(schema::Train{.settings = World::Settings(4)});
       w.tab->StepOnce();
       w.tab->StepOnce();
     },
     Finish},
    {"another tab has it",
     [](World& w) {
       w.other_tab = std::make_unique<Tab>(w.store);
       w.other_tab->Run(schema::OpenProject{.project_id = w.project_id});
       w.tab = std::make_unique<Tab>(w.store);
       w.tab->Run(schema::OpenProject{.project_id = w.project_id});
     },
     Finish},
    {"store full",
     [](World& w) {
       Open(w);
       w.store.RoomFor("pixels", w.store.Of("pixels").size());
     },
     Finish},
    {"store refuses to write",
     [](World& w) {
       Open(w);
       w.store.FailWrites("the disk is broken");
     },
     Finish},
    {"store refuses to read",
     [](World& w) {
       Open(w);
       w.store.FailReads("the disk cannot be read");
     },
     Finish},
};

// What a tab has been told of its project.
std::string View(const Tab& tab) {
  std::string text;
  schema::ProjectInfo project;
  for (const auto& e : tab.events) {
    if (const auto* opened = std::get_if<schema::ProjectOpened>(&e.message)) project = opened->project;
    if (const auto* changed = std::get_if<schema::ProjectChanged>(&e.message)) project = changed->project;
  }
  text = project.name;
  for (const auto& c : project.classes) text += Format(" | %lld %s", static_cast<long long>(c.id), c.name.c_str());
  for (const auto& [id, sample] : tab.Samples())
    text += Format(" %lld:%lld", static_cast<long long>(id), static_cast<long long>(sample.class_id));
  return text;
}

// The answers, with what differs from run to run left out.
std::vector<std::string> AnswersIn(const Tab& tab, const World& w) {
  std::vector<std::string> answers;
  for (const auto& event : tab.events) {
    std::visit(
        [&](const auto& e) {
          using E = std::remove_cvref_t<decltype(e)>;
          if constexpr (requires { e.id; }) {
            if (e.id != kId) return;
            const std::string type = E::kType;
            if (type == "ProjectOpened" || type == "TrainStarted" || type == "EpochDone" || type == "ImportProgress")
              return;
            if constexpr (std::is_same_v<E, schema::Failed>) {
              std::string message = e.message;
              for (const auto& [text, name] :
                   {std::pair(w.project_id, "<project>"), std::pair(w.other_id, "<other>")}) {
                if (const size_t at = message.find(text); at != std::string::npos)
                  message.replace(at, text.size(), name);
              }
              answers.push_back("Failed: " + message);
              std::string said;  // phrase by phrase
              for (const schema::Phrase& phrase : e.phrases)
                said += (said.empty() ? "" : ": ") + Status({phrase.code, phrase.arguments}).message();
              EXPECT_EQ(said, e.message);
            } else {
              answers.push_back(type);
            }
          }
        },
        event.message);
  }
  return answers;
}

TEST(States, EveryCommandIsAnsweredOnceInEveryState) {
  std::string table;
  World first;
  const size_t count = AllCommands(first).size();
  for (const State& state : kStates) {
    table += std::string("== ") + state.name + "\n";
    for (size_t i = 0; i < count; ++i) {
      World w(first);
      state.begin(w);
      const Asked asked = AllCommands(w)[i];
      const std::string type = std::visit([](const auto& c) { return std::string(c.kType); }, asked.command);
      w.tab->Post(asked.command, asked.buffers);
      state.end(w);
      const std::vector<std::string> answers = AnswersIn(*w.tab, w);
      EXPECT_EQ(answers.size(), 1U) << type << " in state: " << state.name;
      table += type + ": " + (answers.empty() ? "NO ANSWER" : answers[0]) + "\n";
      // What is open now is there after a reload, where the store has taken it.
      const bool is_open = !w.tab->All<schema::ProjectOpened>().empty() && w.tab->All<schema::ProjectClosed>().empty();
      if (!is_open || std::string_view(state.name).starts_with("store")) continue;
      const std::string before = View(*w.tab);
      w.tab.reset();
      Tab again(w.store, /*with_backbone=*/false);
      again.Run(schema::OpenProject{.take = true});
      EXPECT_EQ(View(again), before) << type << " in state: " << state.name;
    }
  }
  const std::string path = testing::SourceFile("tests/golden/answers.txt");
  if (std::getenv("HANDFUL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << table;
  const Bytes expected = testing::ReadBytes(path);
  EXPECT_EQ(table, std::string(expected.begin(), expected.end()))
      << "HANDFUL_UPDATE_GOLDEN=1 writes tests/golden/answers.txt anew";
}

}  // namespace
}  // namespace handful::engine
