// What waits, what passes, and what was meant for a project that is not open any more.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/tab.h"

namespace handful::engine {
namespace {

using testing::Photo;
using testing::Tab;

// A store with two projects of eight samples; returns their ids.
std::pair<std::string, std::string> TwoProjects(MemoryStore& store) {
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  const std::string id = tab.Last<schema::ProjectOpened>().project.id;
  tab.Run(schema::DuplicateProject{.project_id = id});
  const auto projects = tab.Last<schema::Projects>().projects;
  const auto copy = std::ranges::find_if(projects, [&](const auto& project) { return project.id != id; });
  store.ReleaseLocks();
  return {id, copy->id};
}

// Where the first event is that `is` likes; events.size(): none is.
template <class Event, class Test>
size_t Find(const Tab& tab, const Test& is) {
  const auto found = std::ranges::find_if(tab.events, [&](const auto& e) {
    const Event* event = std::get_if<Event>(&e.message);
    return event != nullptr && is(*event);
  });
  return static_cast<size_t>(found - tab.events.begin());
}

TEST(CommandQueue, AChangeWaitsUntilItsProjectIsReadAndAQuestionDoesNot) {
  MemoryStore store;
  const auto [project, other] = TwoProjects(store);
  Tab tab(store);
  tab.Post(schema::OpenProject{.id = 1, .project_id = project});
  while (tab.All<schema::ProjectOpened>().empty()) tab.StepOnce();
  ASSERT_TRUE(tab.All<schema::SamplesListed>().empty());
  tab.Post(schema::AddSample{.id = 2, .label = "red"}, {Photo(0, 9)});
  tab.Post(schema::OpenProject{.id = 3, .project_id = other});
  tab.Post(schema::ComputeFeatures{.id = 4}, {Photo(0, 10)});
  tab.Finish();
  const size_t added = Find<schema::SampleAdded>(tab, [](const auto& e) { return e.id == 2; });
  const size_t next = Find<schema::ProjectOpened>(tab, [](const auto& e) { return e.id == 3; });
  EXPECT_LT(Find<schema::Features>(tab, [](const auto& e) { return e.id == 4; }), added);
  EXPECT_LT(added, next);
  EXPECT_LT(next, tab.events.size());
  EXPECT_EQ(tab.Last<schema::SamplesListed>().samples, 8);
  tab.Run(schema::OpenProject{.id = 5, .project_id = project});
  EXPECT_EQ(tab.Last<schema::SamplesListed>().samples, 9);
}

// The sender cannot know that another one is being opened, and numbers of classes and samples are the same in every
// project.
TEST(CommandQueue, AChangeDoesNotFallIntoTheNextProject) {
  MemoryStore store;
  const auto [project, other] = TwoProjects(store);
  Tab tab(store);
  tab.Run(schema::OpenProject{.project_id = project});
  tab.Post(schema::OpenProject{.id = 1, .project_id = other});
  const auto is_other = [&, o = other](const auto& e) { return e.project.id == o; };
  int64_t before = 100;  // ids of what was asked before anybody could know
  for (; Find<schema::ProjectOpened>(tab, is_other) == tab.events.size(); ++before) {
    ASSERT_LT(before, 1000);
    tab.Post(schema::AddClass{.id = before, .name = Format("class %lld", static_cast<long long>(before))});
    tab.StepOnce();
  }
  tab.Post(schema::AddClass{.id = before, .name = "meant for this one"});
  tab.Finish();
  std::vector<std::string> names;
  for (const auto& c : tab.Last<schema::ProjectChanged>().project.classes) names.push_back(c.name);
  EXPECT_EQ(names, (std::vector<std::string>{"red", "green", "meant for this one"}));
  std::vector<std::string> reasons;
  for (const auto& failed : tab.All<schema::Failed>()) reasons.push_back(failed.message);
  EXPECT_TRUE(std::ranges::find(reasons, "its project was closed") != reasons.end());
}

}  // namespace
}  // namespace handful::engine
