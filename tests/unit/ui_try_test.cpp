// Pictures to be answered, and the models that answer them.
#include <gtest/gtest.h>

#include "ui/base/files.h"
#include "ui/frame/models.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using schema::Classify;
using testing::FailedToClassify;
using testing::FakeHost;
using testing::Files;
using testing::Loaded;
using testing::Predicted;

// Models whose engine is ready and knows the classes "0" to "3".
struct Ready {
  FakeHost host;
  Models model{host};
  Ready() {
    model.Apply({schema::Ready{.version = "1"}, {}});
    model.Apply(Loaded(77, {"0", "1", "2", "3"}));
    host.sent.clear();
  }
  std::vector<Classify> Asked() const { return host.Commands<Classify>(); }
  // Answers whatever is asked until nothing is.
  void AnswerAll(const std::string& label = "1", double p = 0.9) {
    for (size_t i = 0; i < Asked().size(); ++i) model.Apply(Predicted(Asked()[i].id, label, p));
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const int i : model.trying.order.Order())
      names.push_back(model.trying.queue.pictures()[static_cast<size_t>(i)].name);
    return names;
  }
};

TEST(Queue, SendsAFewPicturesAtATimeAndTheNextWithEachAnswer) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png", "c.png", "d.png", "e.png"}));
  EXPECT_EQ(r.Asked().size(), 3U);
  r.model.Apply(Predicted(r.Asked()[0].id, "2", 0.99));
  EXPECT_GE(r.Asked().size(), 4U);
  r.AnswerAll();
  EXPECT_EQ(r.model.trying.queue.counts().done, 5);
  EXPECT_EQ(r.model.trying.queue.counts().pending(), 0);
  EXPECT_EQ(r.model.trying.queue.pictures()[0].top[0].label, "2");
}

TEST(Queue, KeepsPicturesWaitingUntilThereIsAModel) {
  FakeHost host;
  Models model(host);
  model.Apply({schema::Ready{}, {}});
  model.trying.AddFiles(Files({"a.png"}));
  EXPECT_TRUE(host.Commands<Classify>().empty());
  model.Apply(Loaded(1, {"0", "1"}));
  EXPECT_EQ(host.Commands<Classify>().size(), 1U);
}

TEST(Queue, AnErrorBelongsToItsPictureAndTheOthersGoOn) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png"}));
  const auto asked = r.Asked();
  r.model.Apply(FailedToClassify(asked[0].id, "not a picture"));
  r.model.Apply(Predicted(asked[1].id, "3", 0.8));
  EXPECT_EQ(r.model.trying.queue.pictures()[0].state, PictureState::kFailed);
  EXPECT_EQ(r.model.trying.queue.pictures()[0].error, "Not a picture.");
  EXPECT_EQ(r.model.trying.queue.pictures()[1].state, PictureState::kDone);
  EXPECT_EQ(r.model.trying.queue.counts().failed, 1);
  EXPECT_TRUE(r.model.notices.all().empty());
}

TEST(Queue, ANewCropAsksForEverythingAgainAndIgnoresEarlierAnswers) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png"}));
  const auto before = r.Asked();
  r.model.trying.queue.SetCropMode(schema::CropMode::kFit);
  ASSERT_EQ(r.host.Commands<schema::SetCropMode>().size(), 1U);
  r.model.Apply(Predicted(before[0].id, "0", 1));
  EXPECT_EQ(r.model.trying.queue.counts().done, 0) << "an answer for the earlier crop was taken";
  r.AnswerAll("3");
  EXPECT_EQ(r.model.trying.queue.counts().done, 2);
  EXPECT_EQ(r.model.trying.queue.pictures()[0].top[0].label, "3");
}

TEST(Queue, AnotherModelAnswersThePicturesThatAreThere) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png"}));
  r.AnswerAll("1");
  const size_t asked = r.Asked().size();
  r.model.Apply(Loaded(78, {"cat", "dog"}));
  ASSERT_GT(r.Asked().size(), asked);
  r.model.Apply(Predicted(r.Asked().back().id, "dog", 0.7));
  EXPECT_EQ(r.model.trying.queue.pictures()[0].top[0].label, "dog");
  EXPECT_EQ(r.model.trying.model.ClassIndex("dog"), 1);
  EXPECT_EQ(r.model.trying.model.ClassIndex("1"), -1);
}

TEST(Queue, StoppingSendsNothingMoreUntilContinued) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png", "c.png", "d.png", "e.png", "f.png"}));
  r.model.trying.queue.Stop();
  const size_t asked = r.Asked().size();
  for (size_t i = 0; i < asked; ++i) r.model.Apply(Predicted(r.Asked()[i].id, "1", 0.9));
  EXPECT_EQ(r.model.trying.queue.counts().waiting, 3);
  r.model.trying.queue.Continue();
  r.AnswerAll();
  EXPECT_EQ(r.model.trying.queue.counts().done, 6);
}

TEST(Queue, TheSelectedPictureIsAskedForLargeAndTheRestSmall) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png"}));
  EXPECT_GT(r.Asked()[0].thumbnail_side, kThumbnailSide);
  EXPECT_EQ(r.Asked()[1].thumbnail_side, kThumbnailSide);
}

TEST(Queue, TakesTheLargePictureForTheCardAndShrinksItForTheTable) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png"}));
  auto event = Predicted(r.Asked()[0].id, "1", 0.9);
  auto& prediction = std::get<schema::Prediction>(event.message);
  prediction.thumbnail_width = 256;
  prediction.thumbnail_height = 128;
  event.buffers.push_back(schema::Bytes(256 * 128 * 4, 200));
  r.model.Apply(std::move(event));
  EXPECT_EQ(r.model.trying.queue.detail().picture, r.model.trying.queue.pictures()[0].id);
  EXPECT_EQ(r.model.trying.queue.detail().pixels.width, 256);
  EXPECT_EQ(r.model.trying.queue.pictures()[0].thumbnail.width, kThumbnailSide);
  EXPECT_EQ(r.model.trying.queue.pictures()[0].thumbnail.rgba8[0], 200);
}

TEST(Queue, DropsAThumbnailWhoseBytesDoNotMatchItsSize) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png"}));
  auto event = Predicted(r.Asked()[0].id, "1", 0.9);
  auto& prediction = std::get<schema::Prediction>(event.message);
  prediction.thumbnail_width = 100;
  prediction.thumbnail_height = 100;
  event.buffers.push_back(schema::Bytes(12));
  r.model.Apply(std::move(event));
  EXPECT_EQ(r.model.trying.queue.pictures()[0].state, PictureState::kDone);
  EXPECT_TRUE(r.model.trying.queue.pictures()[0].thumbnail.empty());
}

TEST(Queue, SortsByNameAsPeopleCountAndByProbabilityWithTheUnansweredLast) {
  Ready r;
  r.model.trying.AddFiles(Files({"10.png", "2.png", "bad.png"}));
  const auto asked = r.Asked();
  r.model.Apply(Predicted(asked[0].id, "1", 0.6));
  r.model.Apply(Predicted(asked[1].id, "0", 0.9));
  r.model.Apply(FailedToClassify(asked[2].id, "no"));
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"10.png", "2.png", "bad.png"}));
  r.model.trying.order.SortBy(SortColumn::kName);
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"2.png", "10.png", "bad.png"}));
  r.model.trying.order.SortBy(SortColumn::kName);
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"bad.png", "10.png", "2.png"}));
  r.model.trying.order.SortBy(SortColumn::kProbability);
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"2.png", "10.png", "bad.png"}));
  r.model.trying.order.SortBy(SortColumn::kProbability);
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"10.png", "2.png", "bad.png"}));
  r.model.trying.order.SortBy(SortColumn::kProbability);
  EXPECT_EQ(r.Names(), (std::vector<std::string>{"10.png", "2.png", "bad.png"})) << "as added";
}

TEST(Queue, ClearingReleasesEveryFileAndForgetsAnswersUnderWay) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png"}));
  const auto asked = r.Asked();
  r.model.trying.Clear();
  EXPECT_EQ(r.host.released, (std::vector<FileId>{1, 2}));
  r.model.Apply(Predicted(asked[0].id, "1", 0.9));
  EXPECT_TRUE(r.model.trying.queue.pictures().empty());
  EXPECT_EQ(r.model.trying.queue.selected(), nullptr);
}

TEST(Queue, AModelIsOpenedWithItsLabelsAndARefusalLeavesTheOldOne) {
  Ready r;
  r.model.trying.AddFiles(Files({"keras_model.h5", "labels.txt", "cat.jpg"}));
  const auto opened = r.host.Commands<schema::LoadModel>();
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].names, (std::vector<std::string>{"keras_model.h5", "labels.txt"}));
  EXPECT_EQ(r.model.trying.queue.pictures().size(), 1U);
  r.model.Apply(
      {schema::Failed{opened[0].id, schema::LoadModel::kType, "keras_model.h5", "keras_model.h5: cut short"}, {}});
  ASSERT_EQ(r.model.notices.all().size(), 1U);
  EXPECT_EQ(r.model.notices.all()[0].text, "keras_model.h5: cut short.");
  EXPECT_EQ(r.model.trying.model.info()->title, "raised fingers");
  EXPECT_EQ(r.Asked().size(), 1U) << "the picture waited for the model and must go on";
}

TEST(Queue, AHeadRefusedForWantOfABackboneIsOpenedOnceThereIsOne) {
  FakeHost host;
  Models model(host);
  model.Apply({schema::Ready{}, {}});
  model.trying.arrivals.SetMissing("no backbone");
  model.trying.model.Hold(Files({"fingers.safetensors"}));
  EXPECT_TRUE(host.Commands<schema::LoadModel>().empty());
  FileRef dropped{.id = 9, .name = "backbone.h5", .bytes = 1};
  model.trying.AddFiles({&dropped, 1});
  const auto opened = host.Commands<schema::LoadModel>();
  ASSERT_EQ(opened.size(), 1U);
  model.Apply({schema::BackboneLoaded{opened[0].id, "hash", true}, {}});
  const auto now = host.Commands<schema::LoadModel>();
  ASSERT_EQ(now.size(), 2U);
  EXPECT_EQ(now[1].names, (std::vector<std::string>{"fingers.safetensors"}));
  EXPECT_TRUE(model.trying.arrivals.missing().empty());
}

TEST(Queue, ADeadEngineFailsOnlyWhatItWorkedOnAndARestartGoesOn) {
  Ready r;
  r.model.trying.AddFiles(Files({"a.png", "b.png", "c.png", "d.png", "e.png"}));
  r.model.EngineStopped("The engine ran out of memory.");
  EXPECT_EQ(r.model.trying.queue.counts().failed, 3);
  EXPECT_EQ(r.model.trying.queue.counts().waiting, 2);
  r.model.Apply({schema::Ready{}, {}});
  r.model.Apply(Loaded(77, {"0", "1", "2", "3"}));  // repeated by the host
  EXPECT_EQ(r.model.trying.queue.counts().failed, 3) << "what killed the engine was tried again";
  EXPECT_EQ(r.Asked().size(), 5U);
}

TEST(Queue, CountsDownloadsUntilTheyAreThere) {
  FakeHost host;
  Models model(host);
  model.trying.arrivals.SetDownload("engine", 10, 100);
  model.trying.arrivals.SetDownload("backbone", 5, 0);
  ASSERT_EQ(model.trying.arrivals.downloads().size(), 2U);
  model.trying.arrivals.SetDownload("engine", 100, 100);
  ASSERT_EQ(model.trying.arrivals.downloads().size(), 1U);
  EXPECT_EQ(model.trying.arrivals.downloads()[0].what, "backbone");
  model.Apply({schema::BackboneLoaded{1, "hash", true}, {}});
  EXPECT_TRUE(model.trying.arrivals.downloads().empty()) << "its size was never known";
}

TEST(SortFiles, LeavesOutWhatLiesInAFolderAndIsNoPicture) {
  std::vector<FileRef> files = Files({"set/a.JPG", "set/notes.txt", "set/Thumbs.db"});
  for (FileRef& file : files) file.from_folder = true;
  const SortedFiles sorted = SortFiles(files);
  EXPECT_EQ(sorted.pictures.size(), 1U);
  EXPECT_EQ(sorted.left_out.size(), 2U);
  EXPECT_TRUE(sorted.model.empty());
}

TEST(SortFiles, ATextDroppedAloneIsShownAsAPictureThatCannotBeRead) {
  const SortedFiles sorted = SortFiles(Files({"notes.txt"}));
  EXPECT_EQ(sorted.pictures.size(), 1U);
}

TEST(SortFiles, TakesTheFilesOfATensorFlowJsModelTogether) {
  const SortedFiles sorted = SortFiles(Files({"model.json", "weights.bin", "metadata.json"}));
  EXPECT_EQ(sorted.model.size(), 3U);
  EXPECT_TRUE(sorted.pictures.empty());
}

TEST(NaturalLess, OrdersNumbersInsideNames) {
  EXPECT_TRUE(NaturalLess("img2.png", "img10.png"));
  EXPECT_FALSE(NaturalLess("img10.png", "img2.png"));
  EXPECT_TRUE(NaturalLess("img2.png", "img02.png") != NaturalLess("img02.png", "img2.png"));
  EXPECT_FALSE(NaturalLess("same", "same"));
  EXPECT_TRUE(NaturalLess("a", "ab"));
}

}  // namespace
}  // namespace handful::ui
