// The whole user interface without a screen: what it declares, how it answers, and that it rests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ui/frame/app.h"
#include "unit/test_files.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using nlohmann::json;
using testing::FakeHost;
using testing::Files;
using testing::Loaded;
using testing::Predicted;

std::vector<uint8_t> Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class AppTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path inter = handful::testing::SourceFile("node_modules/@expo-google-fonts/inter");
    const auto regular = Read(inter / "400Regular/Inter_400Regular.ttf"),
               strong = Read(inter / "600SemiBold/Inter_600SemiBold.ttf");
    ASSERT_FALSE(regular.empty()) << "the typeface is an npm package that is not installed";
    app.Resize(1440, 900, 1);
    ASSERT_TRUE(app.SetFonts(regular, strong).ok());
  }

  // Draws until the user interface is content; returns how many frames that took.
  int Settle() {
    int frames = 1;
    while (app.Frame(seconds += 0.016) && frames < 50) ++frames;
    return frames;
  }
  void WithModel() {
    app.OnEvent({schema::Ready{.version = "1"}, {}});
    app.OnEvent(Loaded(1, {"0", "1", "2", "3"}));
  }
  void Drop(int n) {
    std::vector<std::string> names;
    for (int i = 0; i < n; ++i) names.push_back("photo " + std::to_string(i) + ".png");
    app.AddFiles(Files(names), {});
    AnswerAll();
  }
  void AnswerAll() {
    for (; answered < host.Commands<schema::Classify>().size(); ++answered) {
      app.OnEvent(Predicted(host.Commands<schema::Classify>()[answered].id, answered % 2 == 0 ? "2" : "3", 0.9));
    }
  }

  static void Collect(const json& node, const std::string& role, std::vector<json>& found) {
    if (node["role"] == role) found.push_back(node);
    if (node.contains("children")) {
      for (const json& child : node["children"]) Collect(child, role, found);
    }
  }
  std::vector<json> All(const std::string& role) {
    std::vector<json> found;
    Collect(json::parse(app.access().Dump()), role, found);
    return found;
  }
  std::vector<json> Named(const std::string& role, const std::string& name) {
    std::vector<json> found = All(role);
    std::erase_if(found, [&](const json& node) { return node["name"] != name; });
    return found;
  }
  json One(const std::string& role, const std::string& name) {
    for (const json& node : All(role)) {
      if (node["name"] == name) return node;
    }
    ADD_FAILURE() << "no " << role << " named " << name;
    return json::object();
  }
  void ClickAt(const json& node) {
    const auto& r = node["rect"];
    app.PointerMoved(r[0].get<float>() + r[2].get<float>() / 2, r[1].get<float>() + r[3].get<float>() / 2);
    app.PointerButton(true);
    app.PointerButton(false);
    Settle();
  }

  FakeHost host;
  App app{host};
  double seconds = 0;
  size_t answered = 0;
};

TEST_F(AppTest, RestsOnceItHasDrawnWhatThereIs) {
  WithModel();
  Drop(20);
  EXPECT_LT(Settle(), 20);
  const int asked = host.frame_requests;
  EXPECT_FALSE(app.Frame(seconds += 0.016));
  EXPECT_EQ(host.frame_requests, asked);
  const size_t operations = host.operations.size();
  app.Frame(seconds += 0.016);
  EXPECT_EQ(host.operations.size(), operations);
}

TEST_F(AppTest, SaysWhatTheModelKnowsAndWhatIsMissing) {
  app.OnMissing("The backbone is missing.");
  Settle();
  EXPECT_EQ(One("text", "The backbone is missing.")["role"], "text");
  WithModel();
  Settle();
  One("heading", "raised fingers");
  EXPECT_EQ(All("listitem").size(), 4U);
}

TEST_F(AppTest, WhereNoModelIsLoadedNeighboursAnswerWhatWasDropped) {
  app.OnEvent({schema::Ready{.version = "1"}, {}});
  Drop(3);
  EXPECT_TRUE(host.Commands<schema::Classify>().empty());
  app.OnEvent({schema::AnswersBy{schema::Answerer::kNeighbours, ""}, {}});
  EXPECT_EQ(host.Commands<schema::Classify>().size(), 3U);
}

TEST_F(AppTest, DeclaresEveryRowAlsoThoseOutOfSight) {
  WithModel();
  Drop(200);
  Settle();
  EXPECT_EQ(All("row").size(), 201U) << "and the head";
  const auto last = One("button", "photo 199.png");
  EXPECT_GT(last["rect"][1].get<float>(), 900) << "it is below the window";
  EXPECT_LT(host.textures, 50U) << "textures are made for what can be seen";
}

TEST_F(AppTest, SelectsARowByActivatingItsElementOutOfSight) {
  WithModel();
  Drop(200);
  Settle();
  app.Activate(One("button", "photo 150.png")["id"].get<AccessId>());
  Settle();
  ASSERT_NE(app.models().trying.queue.selected(), nullptr);
  EXPECT_EQ(app.models().trying.queue.selected()->name, "photo 150.png");
}

TEST_F(AppTest, AClickInTheMiddleOfADeclaredRectangleOperatesTheControl) {
  app.Resize(1440, 2600, 1);  // all of the third column in sight
  WithModel();
  Drop(3);
  Settle();
  ClickAt(One("radio", "Fit with border"));
  EXPECT_EQ(app.models().trying.queue.crop_mode(), schema::CropMode::kFit);
  EXPECT_EQ(One("radio", "Fit with border")["state"], "c");
  EXPECT_EQ(One("button", "Download CSV")["state"], "d") << "nothing is answered for this crop yet";
  AnswerAll();
  Settle();
  ClickAt(One("button", "photo 1.png"));
  EXPECT_EQ(app.models().trying.queue.selected()->name, "photo 1.png");
  ClickAt(One("button", "Answer"));
  EXPECT_EQ(app.models().trying.order.sorting().column, SortColumn::kAnswer);
  ClickAt(One("button", "Download CSV"));
  ASSERT_EQ(host.saved.size(), 1U);
  ClickAt(One("button", "Clear"));
  EXPECT_TRUE(app.models().trying.queue.pictures().empty());
}

TEST_F(AppTest, TheDialogHoldsTheRestOutOfReachUntilItIsClosed) {
  WithModel();
  Settle();
  ClickAt(One("button", "About Handful and licences"));
  EXPECT_EQ(All("dialog").size(), 1U);
  EXPECT_EQ(host.license_requests, 1);
  const size_t buttons = All("button").size();
  ClickAt(One("button", "Advanced settings"));
  EXPECT_EQ(All("button").size(), buttons) << "a click went through the dialog";
  EXPECT_EQ(All("dialog").size(), 1U);
  ClickAt(One("button", "Switch to the dark theme"));
  EXPECT_EQ(host.theme, ThemeMode::kSystem) << "a click went past the dialog";
  EXPECT_TRUE(All("dialog").empty()) << "a click outside closes it";
}

TEST_F(AppTest, ScrollsTheTableByPixelsAndStopsAtItsEnds) {
  app.Resize(1440, 2600, 1);
  WithModel();
  Drop(100);
  Settle();
  const auto row = [&] { return One("button", "photo 50.png")["rect"][1].get<float>(); };
  const auto head = One("columnheader", "Answer");
  const float x = head["rect"][0].get<float>(), y = head["rect"][1].get<float>() + 100;
  const float before = row();
  app.ScrollBy(x, y, 123);
  Settle();
  EXPECT_EQ(row(), before - 123);
  app.ScrollBy(x, y, -1000);
  Settle();
  EXPECT_EQ(row(), before);
}

TEST_F(AppTest, FitsEveryWidthAndPixelRatio) {
  WithModel();
  Drop(5);
  for (const float dpr : {1.0F, 1.25F, 2.0F, 3.0F}) {
    for (const auto& [width, height] : {std::pair{1440.0F, 900.0F}, {1024.0F, 768.0F}, {390.0F, 844.0F}}) {
      app.Resize(width, height, dpr);
      Settle();
      for (const char* role : {"button", "radio", "file", "folder", "meter", "heading", "cell", "text"}) {
        for (const json& node : All(role)) {
          const float left = node["rect"][0].get<float>(), right = left + node["rect"][2].get<float>();
          EXPECT_GE(left, 0) << node["name"] << " at " << width;
          EXPECT_LE(right, width + 0.5F) << node["name"] << " at " << width;
        }
      }
    }
  }
  EXPECT_GE(host.font_uploads, 4);
}

TEST_F(AppTest, LetsTheHostDrawNamesTheTypefaceHasNoLettersFor) {
  WithModel();
  app.AddFiles(Files({"写真.png"}), {});
  Settle();
  EXPECT_NE(std::find(host.rasterized.begin(), host.rasterized.end(), "写真.png"), host.rasterized.end());
}

TEST_F(AppTest, TakesHostileNamesAsText) {
  WithModel();
  app.AddFiles(
      Files({"<img src=x onerror=alert(1)>.png", std::string(10000, 'x') + ".png", "a\x80\xFF.png", "%s%n.png"}), {});
  Settle();
  One("button", "<img src=x onerror=alert(1)>.png");
  One("button", "%s%n.png");
}

schema::EventEnvelope WithClasses(int n) {
  schema::ProjectOpened opened;
  opened.project.id = "p";
  for (int i = 1; i <= n; ++i) opened.project.classes.push_back({.id = i, .name = "class " + std::to_string(i)});
  return {opened, {}};
}

TEST_F(AppTest, KeysChooseClassesShootAndUndo) {
  WithModel();
  app.OnEvent(WithClasses(2));
  app.OnEvent({schema::SamplesListed{}, {}});
  Settle();
  EXPECT_TRUE(app.Key("2", false, false, false, true));
  EXPECT_EQ(app.models().teach.classes.chosen(), 2);
  EXPECT_FALSE(app.Key("3", false, false, false, true)) << "there are two classes";
  EXPECT_TRUE(app.Key(" ", false, false, false, true));
  EXPECT_EQ(app.models().teach.camera.recording_class(), 2);
  EXPECT_TRUE(app.Key(" ", false, false, false, false));
  EXPECT_TRUE(app.Key("?", false, false, false, true));
  Settle();
  EXPECT_EQ(All("dialog").size(), 1U);
  EXPECT_FALSE(app.Key("1", false, false, false, true)) << "behind the dialog nothing changes";
  EXPECT_EQ(app.models().teach.classes.chosen(), 2);
}

TEST_F(AppTest, AfterDeletingThereIsAnUndoForTenSeconds) {
  WithModel();
  app.OnEvent(WithClasses(2));
  app.OnEvent({schema::SamplesChanged{{{.id = 11, .class_id = 1}, {.id = 12, .class_id = 1}}}, {}});
  app.OnEvent({schema::SamplesListed{}, {}});
  const auto remove = [&] {
    EXPECT_TRUE(app.Key("g", false, false, false, true));
    EXPECT_TRUE(app.Key("a", true, false, false, true));
    EXPECT_TRUE(app.Key("Delete", false, false, false, true));
    app.OnEvent({schema::SamplesRemoved{{11, 12}}, {}});
    schema::ProjectChanged changed;
    changed.project = std::get<schema::ProjectOpened>(WithClasses(2).message).project;
    changed.undo = {.kind = schema::EditKind::kDeleteSamples, .samples = 2};
    app.OnEvent({changed, {}});
    EXPECT_TRUE(app.Key("Escape", false, false, false, true));
    Settle();
  };
  remove();
  EXPECT_EQ(One("status", "2 pictures deleted.")["role"], "status") << "a screen reader says it";
  const json undo = One("button", "Undo");
  ASSERT_FALSE(host.frames_in.empty());
  EXPECT_GT(host.frames_in.back(), 9);
  app.Activate(undo["id"]);
  Settle();
  EXPECT_EQ(host.Commands<schema::Undo>().size(), 1U);
  EXPECT_TRUE(Named("status", "2 pictures deleted.").empty()) << "it has been taken";

  app.OnEvent({schema::SamplesChanged{{{.id = 11, .class_id = 1}, {.id = 12, .class_id = 1}}}, {}});
  remove();
  ASSERT_EQ(Named("status", "2 pictures deleted.").size(), 1U);
  seconds += Notices::kUndoSeconds;
  Settle();
  EXPECT_TRUE(Named("status", "2 pictures deleted.").empty());
}

TEST_F(AppTest, OffersAnExampleOnlyWhereTheHostHasOneAndOnceAtATime) {
  WithModel();
  Settle();
  const auto offered = [&] {
    return std::ranges::count(All("button"), "Open an example",
                              [](const json& node) { return node["name"].get<std::string>(); });
  };
  ASSERT_EQ(offered(), 1);
  app.Activate(One("button", "Open an example")["id"]);
  Settle();
  EXPECT_EQ(host.examples, 1);
  app.OpenExample({.id = 9, .name = "example.zip"});
  Settle();
  ASSERT_EQ(host.Commands<schema::ImportArchive>().size(), 1U);
  EXPECT_EQ(host.Commands<schema::ImportArchive>()[0].class_id, 0);
  app.Activate(One("button", "Open an example")["id"]);
  Settle();
  EXPECT_EQ(host.examples, 1) << "one is on its way";

  host.has_example = false;
  app.Redraw();
  Settle();
  EXPECT_EQ(offered(), 0);
}

}  // namespace
}  // namespace handful::ui
