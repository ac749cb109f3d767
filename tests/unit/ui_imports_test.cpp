// Archives on their way into a project, and those that were cut short.
#include <gtest/gtest.h>

#include "ui/frame/models.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using testing::FakeHost;

struct Page {
  FakeHost host;
  Models models{host};
  Page() { Apply(schema::Ready{}); }
  void Apply(schema::Event event) { models.Apply({std::move(event), {}}); }
  std::string Said() const { return models.notices.all().empty() ? "" : models.notices.all().back().text; }
};

TEST(Imports, SayForWhichProjectTheyAre) {
  Page page;
  page.Apply(schema::ProjectOpened{.project = {.id = "p", .classes = {{.id = 1, .name = "one"}}}});
  page.models.teach.AddArchive({.id = 7, .name = "a.zip"}, 0);
  const FileRef picture{.id = 8, .name = "b.png"};
  page.models.teach.AddFiles({&picture, 1}, 1);
  ASSERT_EQ(page.host.Commands<schema::ImportArchive>().size(), 1U);
  ASSERT_EQ(page.host.Commands<schema::AddSample>().size(), 1U);
  EXPECT_EQ(page.host.Commands<schema::ImportArchive>()[0].project_id, "p");
  EXPECT_EQ(page.host.Commands<schema::AddSample>()[0].project_id, "p");
}

TEST(Imports, SayTheFirstPictureThatCouldNotBeRead) {
  Page page;
  page.models.teach.AddArchive({.id = 7, .name = "a.zip"}, 0);
  const int64_t id = page.host.Commands<schema::ImportArchive>()[0].id;
  page.Apply(schema::ImportDone{.id = id,
                                .name = "a.zip",
                                .added = 3,
                                .failed = 2,
                                .failures = {{"x/bad.png", "the file is cut short"}, {"x/worse.png", "…"}}});
  EXPECT_EQ(page.Said(), "a.zip: 3 pictures added. 2 pictures could not be read: bad.png: The file is cut short.");
  EXPECT_TRUE(page.models.teach.imports.under_way().empty());
}

TEST(Imports, ThatWereCutShortAreThoseFoundWhenTheProjectIsOpened) {
  Page page;
  schema::ProjectInfo info{.id = "p", .imports = {{4, "a.zip", "archive 1", 12, 30}}};
  page.Apply(schema::ProjectOpened{.project = info});
  const ProjectList& list = page.models.projects.list;
  ASSERT_EQ(list.cut_imports().size(), 1U);
  EXPECT_EQ(list.cut_imports()[0].added, 12);
  info.imports.push_back({9, "b.zip", "archive 2", 0, 5});  // one that begins now
  page.Apply(schema::ProjectChanged{.project = info});
  EXPECT_EQ(list.cut_imports().size(), 1U);
  page.models.projects.list.DismissImport(4);
  ASSERT_EQ(page.host.Commands<schema::DismissImport>().size(), 1U);
  EXPECT_EQ(page.host.Commands<schema::DismissImport>()[0].import_id, 4);
  info.imports.erase(info.imports.begin());
  page.Apply(schema::ProjectChanged{.project = info});
  EXPECT_TRUE(list.cut_imports().empty());
}

}  // namespace
}  // namespace handful::ui
