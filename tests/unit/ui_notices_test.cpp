// Sentences for the visitor, and the way back after something was deleted.
#include <gtest/gtest.h>

#include "ui/frame/models.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using testing::FakeHost;

// A project with the classes "one" and "two", three pictures in the first.
struct Project {
  FakeHost host;
  Models models{host};
  schema::ProjectInfo info{.id = "p", .classes = {{.id = 1, .name = "one"}, {.id = 2, .name = "two"}}};

  Project() {
    Apply(schema::Ready{});
    Apply(schema::ProjectOpened{.project = info});
    Apply(schema::SamplesChanged{{{.id = 11, .class_id = 1}, {.id = 12, .class_id = 1}, {.id = 13, .class_id = 1}}});
    Changed(schema::EditKind::kAddSamples, 3);
  }
  void Apply(schema::Event event) { models.Apply({std::move(event), {}}); }
  void Changed(schema::EditKind kind, int samples, const std::string& name = "cats") {
    Apply(schema::ProjectChanged{.project = info, .undo = {.kind = kind, .name = name, .samples = samples}});
  }
  void SelectAll() {
    models.teach.selection.OpenGallery(1);
    models.teach.selection.SelectAll();
  }
  std::vector<std::string> Said() const {
    std::vector<std::string> texts;
    for (const Notice& notice : models.notices.all()) texts.push_back(notice.text);
    return texts;
  }
};

TEST(UndoNotice, IsSaidWhenThePicturesAreGoneAndNotBefore) {
  Project p;
  p.SelectAll();
  p.models.teach.DeleteSelected();
  ASSERT_EQ(p.host.Commands<schema::DeleteSamples>().size(), 1U);
  p.Changed(schema::EditKind::kRenameClass, 0);  // an earlier wish's
  EXPECT_TRUE(p.Said().empty());
  p.Apply(schema::SamplesRemoved{{11, 12, 13}});
  p.Changed(schema::EditKind::kDeleteSamples, 3);
  EXPECT_EQ(p.Said(), std::vector<std::string>{"3 pictures deleted."});
  EXPECT_EQ(p.models.notices.all()[0].undoes, "delete 3 pictures");
}

TEST(UndoNotice, NamesTheClassAndItsPictures) {
  Project p;
  p.models.teach.DeleteClass(1);
  p.Apply(schema::SamplesRemoved{{11, 12, 13}});
  p.info.classes.erase(p.info.classes.begin());
  p.Changed(schema::EditKind::kDeleteClass, 0, "one");
  EXPECT_EQ(p.Said(), std::vector<std::string>{"“one” and its 3 pictures deleted."});
  p.models.teach.DeleteClass(2);
  p.info.classes.clear();
  p.Changed(schema::EditKind::kDeleteClass, 0, "two");
  EXPECT_EQ(p.Said(), std::vector<std::string>{"“two” deleted."}) << "one offer at a time";
}

TEST(UndoNotice, GoesWhenUndoWouldUndoSomethingElse) {
  Project p;
  p.SelectAll();
  p.models.teach.DeleteSelected();
  p.Apply(schema::SamplesRemoved{{11, 12, 13}});
  p.Changed(schema::EditKind::kDeleteSamples, 3);
  p.models.notices.Add(NoticeKind::kInfo, "Something else.");
  p.Changed(schema::EditKind::kDeleteSamples, 3);
  EXPECT_EQ(p.Said().size(), 2U) << "the history is the same";
  p.Changed(schema::EditKind::kAddSamples, 1);
  EXPECT_EQ(p.Said(), std::vector<std::string>{"Something else."});
}

TEST(UndoNotice, GoesWithItsProject) {
  Project p;
  p.SelectAll();
  p.models.teach.DeleteSelected();
  p.Apply(schema::SamplesRemoved{{11, 12, 13}});
  p.Changed(schema::EditKind::kDeleteSamples, 3);
  p.Apply(schema::ProjectOpened{.project = {.id = "q"}});
  EXPECT_TRUE(p.Said().empty());
}

TEST(UndoNotice, IsNotSaidOfWhatWasRefused) {
  Project p;
  p.SelectAll();
  p.models.teach.DeleteSelected();
  p.Apply(schema::Failed{.id = p.host.Commands<schema::DeleteSamples>()[0].id,
                         .command = "DeleteSamples",
                         .message = "the store is full"});
  EXPECT_EQ(p.Said(), std::vector<std::string>{"The store is full."});
  p.Apply(schema::SamplesRemoved{{11, 12, 13}});
  p.Changed(schema::EditKind::kMoveClass, 0);
  EXPECT_EQ(p.Said().size(), 1U);
}

TEST(UndoNotice, HasTenSecondsFromWhenItIsSeenAndAsLongAgainWhileSomebodyIsAtIt) {
  Notices notices;
  notices.Add(NoticeKind::kInfo, "This stays.");
  EXPECT_LT(notices.Tick(100), 0) << "nothing goes by itself";
  notices.OfferUndo("3 pictures deleted.", "delete 3 pictures");
  EXPECT_EQ(notices.Tick(101), Notices::kUndoSeconds);
  EXPECT_EQ(notices.Tick(108), 3);
  notices.Hold(notices.all()[1].id);
  EXPECT_EQ(notices.Tick(110), Notices::kUndoSeconds);
  notices.Tick(119.9);
  EXPECT_EQ(notices.all().size(), 2U);
  notices.Tick(120);
  ASSERT_EQ(notices.all().size(), 1U);
  EXPECT_EQ(notices.all()[0].text, "This stays.");
}

TEST(Notices, OnlySomeAreKeptAndTheOldestGivesWay) {
  Notices notices;
  for (int i = 0; i < 6; ++i) notices.Add(NoticeKind::kInfo, std::to_string(i));
  ASSERT_EQ(notices.all().size(), Notices::kMost);
  EXPECT_EQ(notices.all()[0].text, "2");
}

}  // namespace
}  // namespace handful::ui
