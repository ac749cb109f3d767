// Random interleavings of what a visitor does, what the store answers and when the page is closed, against a plain
// model: the store holds at any time the project as it was after some of the commands, and never less than what was
// acknowledged.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "engine/project/records.h"
#include "unit/tab.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using testing::EncodeBmp;

// A small picture of one colour: quick to look at and to keep.
Bytes Flat(uint64_t color) {
  Bytes rgb(8 * 8 * 3);
  for (size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<uint8_t>(color >> (8 * (i % 3)));
  return EncodeBmp(8, 8, rgb);
}

// A project as somebody who only listens knows it.
struct View {
  schema::ProjectInfo project;
  std::map<int64_t, int64_t> samples;  // → class
  std::string Text() const {
    std::string text = project.name;
    for (const auto& c : project.classes)
      text += Format(" | %lld %s %d", static_cast<long long>(c.id), c.name.c_str(), c.enabled ? 1 : 0);
    for (const auto& [id, class_id] : samples)
      text += Format(" %lld:%lld", static_cast<long long>(id), static_cast<long long>(class_id));
    return text;
  }
};

// All that a project looked like, and from where on the store must have it.
struct Past {
  std::vector<std::string> views;
  size_t acknowledged = 0;
};

// One page, whose store answers when it likes.
class Page {
 public:
  Page(MemoryStore& store, std::map<std::string, Past>& past)
      : store_(store),
        past_(past),
        engine_([this](schema::EventEnvelope e) { Hear(std::move(e)); }, importers::ImportModel) {
    engine_.Post({schema::UseStore{}, {}});
    engine_.Post({schema::OpenProject{.take = true}, {}});
  }

  void Do(schema::Command command, std::vector<Bytes> buffers = {}) {
    engine_.Post({std::move(command), std::move(buffers)});
  }
  // The engine works; then the store answers what it was asked first.
  void Step(bool store_answers) {
    engine_.Step();
    Note();
    if (store_answers && !answers_.empty()) {
      engine_.Post(std::move(answers_.front()));
      answers_.erase(answers_.begin());
    }
  }
  void Finish() {
    for (bool more = true; more;) {
      more = engine_.Step() || !answers_.empty();
      Note();
      for (auto& answer : std::exchange(answers_, {})) engine_.Post(std::move(answer));
    }
  }

  const View& view() const { return view_; }
  bool is_open() const { return is_open_; }
  std::map<int64_t, int> asked, answered;  // commands by their ids
  std::set<std::string> projects;
  int64_t next_id = 1;
  // A command of this id is about to be asked. What follows is not older than the present view.
  void Asked(int64_t id) {
    asked[id] = 1;
    const auto known = past_.find(view_.project.id);
    if (known != past_.end() && !known->second.views.empty())
      asked_at_[id] = {view_.project.id, known->second.views.size() - 1};
  }

 private:
  void Hear(schema::EventEnvelope e) {
    if (auto answer = store_.Answer(e)) {
      answers_.push_back(std::move(*answer));
      return;
    }
    const schema::Event& event = e.message;
    std::visit(
        [&](const auto& m) {
          using E = std::remove_cvref_t<decltype(m)>;
          if constexpr (requires { m.id; }) {
            constexpr bool kIsAnswer =
                !std::is_same_v<E, schema::ProjectOpened> && !std::is_same_v<E, schema::TrainStarted> &&
                !std::is_same_v<E, schema::EpochDone> && !std::is_same_v<E, schema::TrainProgress> &&
                !std::is_same_v<E, schema::ImportProgress>;
            if (kIsAnswer && m.id != 0) ++answered[m.id];
          }
        },
        event);
    if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
      view_ = {opened->project, {}};
      is_listed_ = false;
      is_open_ = true;
      projects.insert(opened->project.id);
    }
    if (std::holds_alternative<schema::SamplesListed>(event)) is_listed_ = true;
    if (const auto* changed = std::get_if<schema::ProjectChanged>(&event)) {
      if (is_open_) view_.project = changed->project;
    }
    if (const auto* added = std::get_if<schema::SampleAdded>(&event))
      view_.samples[added->sample.id] = added->sample.class_id;
    if (const auto* changed = std::get_if<schema::SamplesChanged>(&event)) {
      for (const auto& sample : changed->samples) view_.samples[sample.id] = sample.class_id;
    }
    if (const auto* removed = std::get_if<schema::SamplesRemoved>(&event)) {
      for (const int64_t id : removed->sample_ids) view_.samples.erase(id);
    }
    if (std::holds_alternative<schema::ProjectClosed>(event)) is_open_ = false;
    if (const auto* list = std::get_if<schema::Projects>(&event)) {
      projects.clear();
      for (const auto& project : list->projects) projects.insert(project.id);
    }
    // What is acknowledged is the present view, or what followed it.
    if (const auto* saved = std::get_if<schema::SamplesSaved>(&event))
      Acknowledge(*std::ranges::max_element(saved->sample_ids));
    if (const auto* done = std::get_if<schema::Done>(&event)) {
      const auto at = asked_at_.find(done->id);
      if (at != asked_at_.end() && at->second.first == view_.project.id) {
        Past& past = past_[view_.project.id];
        past.acknowledged = std::max(past.acknowledged, at->second.second);
      }
    }
  }

  // A new sample is in the store: from the first view that had it.
  void Acknowledge(int64_t sample_id) {
    Past& past = past_[view_.project.id];
    const std::string mark = Format(" %lld:", static_cast<long long>(sample_id));
    for (size_t i = past.acknowledged; i < past.views.size(); ++i) {
      if (past.views[i].find(mark) == std::string::npos) continue;
      past.acknowledged = i;
      return;
    }
  }

  // After each step: how the project looks now.
  void Note() {
    if (!is_open_ || !is_listed_) return;
    Past& past = past_[view_.project.id];
    std::string text = view_.Text();
    if (past.views.empty() || past.views.back() != text) past.views.push_back(std::move(text));
  }

  MemoryStore& store_;
  std::map<std::string, Past>& past_;
  std::vector<schema::CommandEnvelope> answers_;
  std::map<int64_t, std::pair<std::string, size_t>> asked_at_;  // the project, and its view then
  View view_;
  bool is_open_ = false, is_listed_ = false;
  Engine engine_;
};

// What a visitor does next.
void DoSomething(Page& page, Rng& rng) {
  const int64_t id = page.next_id++;
  const View& view = page.view();
  auto some_class = [&]() -> int64_t {
    const auto& classes = view.project.classes;
    return classes.empty() ? 1 : classes[rng.Below(static_cast<uint32_t>(classes.size()))].id;
  };
  auto some_samples = [&] {
    std::vector<int64_t> ids;
    for (const auto& [sample_id, class_id] : view.samples) {
      if (rng.Below(3) == 0) ids.push_back(sample_id);
    }
    return ids;
  };
  auto some_project = [&] {
    auto at = page.projects.begin();
    if (!page.projects.empty()) std::advance(at, rng.Below(static_cast<uint32_t>(page.projects.size())));
    return page.projects.empty() ? std::string("none") : *at;
  };
  page.Asked(id);
  switch (rng.Below(24)) {
    case 0: return page.Do(schema::AddClass{.id = id, .name = Format("class %u", rng.Below(6))});
    case 1:
      return page.Do(schema::EditClass{
          .id = id, .class_id = some_class(), .name = Format("class %u", rng.Below(9)), .enabled = rng.Below(4) != 0});
    case 2:
      return page.Do(schema::MoveClass{.id = id, .class_id = some_class(), .index = static_cast<int>(rng.Below(3))});
    case 3: return page.Do(schema::MergeClasses{.id = id, .from = some_class(), .into = some_class()});
    case 4: return page.Do(schema::DeleteClass{.id = id, .class_id = some_class()});
    case 5: return page.Do(schema::MoveSamples{.id = id, .sample_ids = some_samples(), .class_id = some_class()});
    case 6:
    case 7: return page.Do(schema::DeleteSamples{.id = id, .sample_ids = some_samples()});
    case 8:
    case 9:
    case 10: return page.Do(schema::Undo{.id = id});
    case 11: return page.Do(schema::Redo{.id = id});
    case 12: return page.Do(schema::CreateProject{.id = id, .name = Format("project %u", rng.Below(9))});
    case 13: return page.Do(schema::OpenProject{.id = id, .project_id = some_project()});
    case 14:
      return page.Do(
          schema::RenameProject{.id = id, .project_id = view.project.id, .name = Format("name %u", rng.Below(9))});
    case 15:
      if (rng.Below(4) == 0) return page.Do(schema::DeleteProject{.id = id, .project_id = some_project()});
      return page.Do(schema::ListProjects{.id = id});
    default:
      return page.Do(schema::AddSample{.id = id,
                                       .name = "p.bmp",
                                       .label = Format("class %u", rng.Below(3)),
                                       .session = rng.Below(2) == 0 ? "take" : ""},
                     {Flat(rng.Next())});
  }
}

void Play(uint64_t seed) {
  SCOPED_TRACE(Format("seed %llu", static_cast<unsigned long long>(seed)));
  MemoryStore store;
  std::map<std::string, Past> past;
  Rng rng(seed);
  for (int life = 0; life < 3; ++life) {
    const bool nothing_is_kept = store.Of("projects").empty();
    Page page(store, past);
    page.Finish();
    if (!page.is_open()) {
      ASSERT_TRUE(nothing_is_kept) << "only a first project cannot be opened where the store takes nothing";
      store.FailWrites("");
      store.RoomFor("", 0);
      page.Do(schema::OpenProject{});
      page.Finish();
    }
    const View begun = page.view();
    if (!nothing_is_kept) {
      // What the page before left behind.
      const Past& before = past[begun.project.id];
      bool is_known = false;
      for (size_t i = before.acknowledged; i < before.views.size(); ++i)
        is_known = is_known || before.views[i] == begun.Text();
      ASSERT_TRUE(is_known) << "after life " << life << " the store holds\n  " << begun.Text()
                            << "\nacknowledged was\n  "
                            << (before.views.empty() ? "" : before.views[before.acknowledged]) << "\nand last seen\n  "
                            << (before.views.empty() ? "" : before.views.back());
    }
    past.clear();
    past[begun.project.id].views = {begun.Text()};
    const uint32_t steps = 20 + rng.Below(60);
    for (uint32_t i = 0; i < steps; ++i) {
      if (rng.Below(3) == 0) DoSomething(page, rng);
      if (rng.Below(20) == 0) store.FailWrites(rng.Below(2) == 0 ? "the store is in a bad mood" : "");
      if (rng.Below(30) == 0)
        store.RoomFor(rng.Below(2) == 0 ? "pixels" : "", store.Of("pixels").size() + rng.Below(3));
      page.Step(rng.Below(3) != 0);
    }
    if (rng.Below(2) == 0) continue;  // the page is closed in the midst of it
    store.FailWrites("");
    store.RoomFor("", 0);
    page.Finish();
    // One more change takes with it whatever was refused before.
    const std::string name = Format("at last %d", life);
    page.Asked(page.next_id);
    page.Do(schema::AddClass{.id = page.next_id++, .name = name});
    page.Finish();
    for (const auto& [id, times] : page.asked) ASSERT_EQ(page.answered[id], 1) << "answers to command " << id;
    if (page.is_open()) past[page.view().project.id].acknowledged = past[page.view().project.id].views.size() - 1;
  }
}

TEST(Interleavings, TheStoreHoldsWhatWasAcknowledgedHoweverThingsCome) {
  const bool is_long = std::getenv("HANDFUL_LONG") != nullptr && std::string(std::getenv("HANDFUL_LONG")) == "1";
  const uint64_t seeds = is_long ? 10'000 : 150;
  for (uint64_t seed = 1; seed <= seeds && !HasFatalFailure(); ++seed) Play(seed);
}

}  // namespace
}  // namespace handful::engine
