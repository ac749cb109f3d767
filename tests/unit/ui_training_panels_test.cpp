// What the panels of training declare: roles and names by which people with screen readers, and browser tests, find
// them.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "imgui.h"
#include "ui/frame/panels.h"
#include "unit/test_files.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using nlohmann::json;
using schema::TrainingInfo;
using testing::FakeHost;

std::vector<uint8_t> Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TrainingInfo Finished(int64_t id, int epochs = 50) {
  TrainingInfo t;
  t.id = id;
  t.time_ms = 1'700'000'000'000;
  t.settings.epochs = epochs;
  t.classes = {"one", "two", "three"};
  t.training = 146;
  t.validation = 34;
  t.split = schema::HeldOutBy::kEnds;
  t.state = schema::TrainingState::kDone;
  t.seconds = 2.5;
  t.train_accuracy = 0.99;
  t.val_accuracy = 31.0 / 34;
  t.val_loss = 0.31;
  for (int e = 1; e <= epochs; ++e) {
    const double d = std::exp(-e * 6.0 / epochs), wobble = std::sin(e * 1.7 + static_cast<double>(id)) * 0.03;
    t.curve.push_back({e, 0.06 + 1.3 * d + wobble * 0.5, 0.99 - 0.62 * d + wobble * 0.3, 0.31 + 0.9 * d + wobble,
                       0.91 - 0.5 * d + wobble});
  }
  return t;
}

// The three panels one below the other, without the rest of the page.
class TrainingPanels : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path inter = handful::testing::SourceFile("node_modules/@expo-google-fonts/inter");
    const auto regular = Read(inter / "400Regular/Inter_400Regular.ttf"),
               strong = Read(inter / "600SemiBold/Inter_600SemiBold.ttf");
    ASSERT_FALSE(regular.empty()) << "the typeface is an npm package that is not installed";
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetStyle().WindowPadding = {0, 0};
    ASSERT_TRUE(fonts.SetFiles(regular, strong).ok());
    ASSERT_TRUE(fonts.Build(dpr).ok());
    Apply(schema::Ready{});
  }
  ~TrainingPanels() override { ImGui::DestroyContext(context); }

  void Apply(schema::Event event) { models.Apply({std::move(event), {}}); }
  // A project of three classes with pictures.
  void Open(std::vector<TrainingInfo> trainings = {}, int samples = 60) {
    schema::ProjectOpened opened;
    opened.project.id = "p";
    opened.project.classes = {{1, "one", 0}, {2, "two", 1}, {3, "three", 2}};
    opened.trainings = std::move(trainings);
    Apply(opened);
    schema::SamplesChanged changed;
    for (int i = 0; i < samples * 3; ++i) changed.samples.push_back({.id = i + 1, .class_id = 1 + i % 3});
    Apply(changed);
  }
  void TurnOnCamera() {
    CameraState state;
    state.status = CameraStatus::kOn;
    state.width = 640;
    state.height = 480;
    camera.SetState(state);
  }
  // One frame of the camera, answered.
  void Answer(schema::Answerer by, const std::string& label, double p) {
    Apply(schema::AnswersBy{.by = by});
    ASSERT_TRUE(camera.WantsShot(seconds += 0.1));
    camera.TakeShot({.file = {.id = ++shots}, .seconds = seconds});
    schema::Prediction answer;
    answer.id = host.Commands<schema::Classify>().back().id;
    answer.by = by;
    answer.top.push_back({label, p});
    for (const char* other : {"one", "two", "three"}) {
      if (label != other) answer.top.push_back({other, (1 - p) / 2});
    }
    Apply(answer);
    Settle();
  }
  void Frame() {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {std::round(width * dpr), std::round(height * dpr)};
    io.DeltaTime = 0.016F;
    ui.BeginFrame({width, height}, dpr, dark, &fonts);
    FramePanel c{
        {.ui = ui, .host = host, .textures = textures, .overlay = overlay, .targets = targets, .wide = width >= 960},
        models,
        licenses};
    const std::vector<TrainClass> classes = TrainClassesOf(models);
    TrainPanel train{c, models.train, classes};
    TryPanel trying = TryOf(c);
    const Vec2 start = ui.BeginScroll("page", {0, 0, width, height}, "Page");
    float y = start.y + kPad;
    const float column = std::min(width - 2 * kPad, panel_width);
    y += DrawTrain(train, {kPad, y}, column) + kPad;
    y += DrawTrainings(train, {kPad, y}, column) + kPad;
    y += DrawLive(trying, {kPad, y}, column) + kPad;
    ui.EndScroll(y - start.y);
    ui.EndFrame();
  }
  void Settle() {
    constexpr int kAfterInput = 2, kMost = 20;  // what input changes is drawn in the frame after it
    int frames = 0;
    do Frame();
    while ((++frames < kAfterInput || ui.NeedsAnotherFrame()) && frames < kMost);
    EXPECT_LT(frames, kMost) << "it never rests";
  }

  static void Collect(const json& node, const std::string& role, std::vector<json>& found) {
    if (node["role"] == role) found.push_back(node);
    if (!node.contains("children")) return;
    for (const json& child : node["children"]) Collect(child, role, found);
  }
  std::vector<json> All(const std::string& role) {
    std::vector<json> found;
    Collect(json::parse(access.Dump()), role, found);
    return found;
  }
  bool Has(const std::string& role, const std::string& name) {
    for (const json& node : All(role)) {
      if (node["name"].get<std::string>() == name) return true;
    }
    return false;
  }
  // Called so, or else whose name begins so.
  json One(const std::string& role, const std::string& name) {
    const std::vector<json> all = All(role);
    for (const json& node : all) {
      if (node["name"] == name) return node;
    }
    for (const json& node : all) {
      if (node["name"].get<std::string>().starts_with(name)) return node;
    }
    ADD_FAILURE() << "no " << role << " named " << name;
    return {{"id", 0}, {"name", ""}};
  }
  void Press(const std::string& role, const std::string& name) {
    ui.Activate(One(role, name)["id"].get<AccessId>());
    Settle();
  }
  void Click(const std::string& role, const std::string& name) {
    const json r = One(role, name)["rect"];
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent((r[0].get<float>() + r[2].get<float>() / 2) * dpr,
                        (r[1].get<float>() + r[3].get<float>() / 2) * dpr);
    Settle();
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    Settle();
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
    Settle();
  }
  void Type(const std::string& name, const std::string& text) {
    ui.Input(One("textbox", name)["id"].get<AccessId>(), text, true);
    Settle();
  }
  void Start(int64_t training_id) {
    Press("button", "Train");
    Apply(schema::TrainStarted{.id = host.Commands<schema::Train>().back().id,
                               .training_id = training_id,
                               .training = 146,
                               .validation = 34,
                               .classes = {"one", "two", "three"},
                               .split = schema::HeldOutBy::kEnds});
  }
  void RunTo(int epoch, int epochs) {
    const TrainingInfo whole = Finished(1, epochs);
    for (int e = 1; e <= epoch; ++e) {
      const schema::EpochPoint& p = whole.curve[static_cast<size_t>(e - 1)];
      Apply(schema::EpochDone{.epoch = e,
                              .epochs = epochs,
                              .loss = p.loss,
                              .accuracy = p.accuracy,
                              .val_loss = p.val_loss,
                              .val_accuracy = p.val_accuracy});
    }
    Apply(schema::TrainProgress{.done = epoch, .total = epochs, .seconds = 4, .seconds_left = 7});
  }

  ImGuiContext* context = ImGui::CreateContext();
  FakeHost host;
  Fonts fonts;
  AccessTree access;
  Textures textures{host};
  Models models{host};
  CameraModel& camera = models.teach.camera;
  Overlay overlay;
  std::vector<FileTarget> targets;
  std::string licenses;
  Ui ui{host, access};
  float width = 1440, height = 900, panel_width = 440, dpr = 1;
  bool dark = false;
  double seconds = 0;
  FileId shots = 0;
};

TEST_F(TrainingPanels, SayWhatKeepsTrainingFromStarting) {
  Settle();
  EXPECT_EQ(One("button", "Train")["state"], "d");
  One("text", "Add two classes and show some pictures of each.");
  Open({}, 0);
  Settle();
  One("text", "“one” and 2 other classes have no pictures yet.");
  Press("button", "Train");
  EXPECT_TRUE(host.Commands<schema::Train>().empty());
  EXPECT_TRUE(All("img").empty()) << "no empty charts";
}

TEST_F(TrainingPanels, ShowProgressAndCurvesWhileItLearns) {
  Open();
  Settle();
  One("text", "180 pictures of 3 classes, 50 epochs");
  Start(1);
  Settle();
  EXPECT_FALSE(Has("button", "Train")) << "Stop takes its place";
  One("button", "Stop");
  One("img", "Loss. The first epoch is under way.");
  RunTo(20, 50);
  Settle();
  const json bar = One("progressbar", "Training");
  EXPECT_EQ(bar["value"], "Epoch 21 of 50 · 7 s left");
  EXPECT_NE(One("img", "Loss")["name"].get<std::string>().find("held out fell from"), std::string::npos);
  EXPECT_NE(One("img", "Accuracy")["name"].get<std::string>().find("Training rose from"), std::string::npos);
  EXPECT_TRUE(Has("status", "Training: 40 %, 7 s left."));
  Press("button", "Stop");
  EXPECT_EQ(host.Commands<schema::Stop>().size(), 1U);
  EXPECT_EQ(One("button", "Stop")["state"], "d");
}

TEST_F(TrainingPanels, StateTheResultInPlainWordsAndOfferToGoOn) {
  Open();
  Settle();
  Start(1);
  RunTo(20, 50);
  Apply(schema::TrainDone{.id = host.Commands<schema::Train>()[0].id,
                          .train_accuracy = 0.99,
                          .val_accuracy = 31.0 / 34,
                          .val_loss = 0.31,
                          .stopped = true});
  TrainingInfo record = Finished(1, 20);
  record.state = schema::TrainingState::kStopped;
  record.resumable = true;
  Apply(schema::TrainingChanged{record});
  Settle();
  One("heading", "31 of 34 held-out pictures right");
  One("text", "They are the end of each recording");
  EXPECT_TRUE(Has("status", "Training is stopped. 31 of 34 held-out pictures right."));
  Press("button", "Resume");
  ASSERT_EQ(host.Commands<schema::ResumeTraining>().size(), 1U);
  EXPECT_EQ(host.Commands<schema::ResumeTraining>()[0].training_id, 1);
}

TEST_F(TrainingPanels, TheHeadlineIsTheOneInUseAlsoAfterReopeningAndRestoring) {
  TrainingInfo better = Finished(1), worse = Finished(2);
  better.current = true;
  worse.val_accuracy = 12.0 / 34;
  Open({better, worse});  // as it was kept
  Settle();
  One("heading", "31 of 34 held-out pictures right");
  One("status", "Training 1 is in use. The last one, Training 2: 12 of 34 held-out pictures right.");

  Press("button", "Restore Training 2");
  worse.current = true;
  Apply(schema::TrainingChanged{worse});
  Settle();
  One("heading", "12 of 34 held-out pictures right");
  EXPECT_FALSE(Has("heading", "31 of 34 held-out pictures right"));
  EXPECT_FALSE(Has("status", "Training 1 is in use. The last one, Training 2: 12 of 34 held-out pictures right."));

  Press("button", "Restore Training 1");
  Apply(schema::TrainingChanged{better});
  Settle();
  One("heading", "31 of 34 held-out pictures right");
}

TEST_F(TrainingPanels, TheHeadlineStaysWhileANewTrainingDoesNotTakeOver) {
  TrainingInfo kept = Finished(1);
  kept.current = true;
  Open({kept});
  Settle();
  Start(2);
  RunTo(20, 50);
  Settle();
  EXPECT_FALSE(Has("heading", "31 of 34 held-out pictures right")) << "the card is the one's under way";
  Apply(schema::Failed{.id = host.Commands<schema::Train>()[0].id,
                       .command = "Train",
                       .message = "the loss is no longer a number in epoch 21"});
  Settle();
  One("heading", "31 of 34 held-out pictures right");
  One("status", "Training 1 is in use. The last one, Training 2, failed: The loss is no longer a number in epoch 21.");
  One("alert", "The loss is no longer a number in epoch 21.");
}

TEST_F(TrainingPanels, ShowAFailureAsAnAlert) {
  Open();
  Settle();
  Start(1);
  Apply(schema::Failed{.id = host.Commands<schema::Train>()[0].id,
                       .command = "Train",
                       .message = "the loss is no longer a number in epoch 1"});
  Settle();
  One("alert", "The loss is no longer a number in epoch 1.");
  EXPECT_NE(One("button", "Train").value("state", ""), "d");
}

TEST_F(TrainingPanels, FoldTheSettingsAndTakeThem) {
  Open();
  Settle();
  EXPECT_TRUE(All("textbox").empty());
  Press("button", "Advanced settings");
  for (const char* name : {"Epochs", "Batch", "Learning rate", "Hidden units", "Dropout", "Held out, %",
                           "Patience, epochs", "Seed", "Altered copies, a picture"}) {
    One("textbox", name);
  }
  EXPECT_FALSE(Has("checkbox", "Mirror half of them")) << "there are no copies yet";
  Type("Epochs", "80");
  Type("Held out", "25");
  Type("Altered copies", "2");
  Press("checkbox", "Mirror half of them");
  Press("checkbox", "Make negatives of half of them");
  Press("checkbox", "Class weights");
  Press("radio", "At random");
  One("text", "Optimistic");
  for (const char* name : {"Rotate, °", "Zoom, %", "Light, %", "Colour, %"}) One("textbox", name);
  Press("button", "Train");
  ASSERT_EQ(host.Commands<schema::Train>().size(), 1U);
  const schema::TrainSettings s = host.Commands<schema::Train>()[0].settings;
  EXPECT_EQ(s.epochs, 80);
  EXPECT_EQ(s.validation, 0.25);
  EXPECT_EQ(s.augment, 2);
  EXPECT_FALSE(s.flip);
  EXPECT_TRUE(s.invert);
  EXPECT_TRUE(s.class_weights);
  EXPECT_EQ(s.recipe, schema::Recipe::kWriteup);
}

TEST_F(TrainingPanels, SayWhatIsWrongBesideTheFieldAndDoNotStart) {
  Open();
  Settle();
  Press("button", "Advanced settings");
  Type("Epochs", "0");
  One("alert", "Epochs: a whole number from 1 to 100000");
  EXPECT_EQ(One("button", "Train")["state"], "d");
  Press("button", "Train");
  EXPECT_TRUE(host.Commands<schema::Train>().empty());
  Type("Epochs", "60");
  EXPECT_TRUE(All("alert").empty());
  Press("button", "Reset to defaults");
  EXPECT_EQ(models.train.settings.now().epochs, 50);
  EXPECT_EQ(One("button", "Reset to defaults")["state"], "d");
}

TEST_F(TrainingPanels, ListTrainingsNewestFirstAndCompareTwo) {
  std::vector<TrainingInfo> many;
  for (int64_t id = 1; id <= 60; ++id) many.push_back(Finished(id, 50 + static_cast<int>(id)));
  many[58].current = true;
  Open(many);
  Settle();
  EXPECT_EQ(All("listitem").size(), 5U);
  EXPECT_EQ(All("listitem").size(), All("checkbox").size());
  EXPECT_EQ(All("checkbox")[0]["name"], "Training 60");
  One("text", "In use");
  EXPECT_FALSE(Has("button", "Restore Training 59")) << "it is in use";
  Press("button", "Restore Training 58");
  EXPECT_EQ(host.Commands<schema::RestoreTraining>()[0].training_id, 58);
  Press("button", "Show all 60");
  EXPECT_EQ(All("listitem").size(), 60U);
  Press("checkbox", "Training 3");
  Press("checkbox", "Training 60");
  One("table", "Training 60 and Training 3");
  ASSERT_GE(All("row").size(), 5U);
  EXPECT_EQ(All("columnheader")[2]["name"], "Training 3");
  EXPECT_EQ(All("cell")[0]["name"], "Epochs");
  EXPECT_EQ(All("cell")[1]["name"], "110");
  EXPECT_EQ(All("cell")[2]["name"], "53");
  EXPECT_NE(One("img", "Loss. 60: training")["name"].get<std::string>().find("3: held out fell"), std::string::npos);
  Press("button", "Clear the comparison");
  EXPECT_TRUE(All("table").empty());
}

TEST_F(TrainingPanels, TakeTheMouseWhereverARowSaysItDoes) {
  height = 2000;
  TrainingInfo current = Finished(2);
  current.current = true;
  Open({Finished(1), current});
  Settle();
  Click("checkbox", "Training 2");
  EXPECT_TRUE(models.train.trainings.IsCompared(2));
  Click("checkbox", "Training 1");
  EXPECT_TRUE(models.train.trainings.IsCompared(1));
  EXPECT_EQ(All("table").size(), 1U);
  Click("button", "Restore Training 1");
  EXPECT_EQ(host.Commands<schema::RestoreTraining>().size(), 1U);
  Click("button", "Delete Training 1");
  Click("button", "Delete for good");
  EXPECT_EQ(host.Commands<schema::DeleteTraining>().size(), 1U);
}

TEST_F(TrainingPanels, DeleteOnlyWhenAskedTwice) {
  Open({Finished(1), Finished(2)});
  Settle();
  Press("button", "Delete Training 1");
  EXPECT_TRUE(host.Commands<schema::DeleteTraining>().empty());
  Press("button", "Keep");
  EXPECT_FALSE(Has("button", "Delete for good"));
  Press("button", "Delete Training 1");
  Press("button", "Delete for good");
  ASSERT_EQ(host.Commands<schema::DeleteTraining>().size(), 1U);
  Apply(schema::TrainingDeleted{1});
  Settle();
  EXPECT_EQ(All("listitem").size(), 1U);
}

TEST_F(TrainingPanels, SayWhatIsMissingForALiveAnswer) {
  Settle();
  One("text", "Add two classes and show two pictures of each");
  Open({}, 0);
  Settle();
  One("text", "Show two pictures of each class");
  Apply(schema::AnswersBy{.by = schema::Answerer::kNeighbours});
  Settle();
  Press("button", "Turn on the camera");
  TurnOnCamera();
  Settle();
  One("img", "What the network sees");
  One("text", "Looking");
}

TEST_F(TrainingPanels, AnswerLiveByNeighboursUntilThereIsAHead) {
  Open();
  TurnOnCamera();
  Answer(schema::Answerer::kNeighbours, "two", 0.9);
  One("heading", "two");
  One("text", "Nearest neighbours");
  const auto meters = All("meter");
  ASSERT_EQ(meters.size(), 3U);
  EXPECT_EQ(meters[0]["name"], "one") << "bars stay in the order of the classes";
  EXPECT_EQ(meters[1]["name"], "two");
  EXPECT_EQ(meters[1]["value"], "90.0 %");
  Answer(schema::Answerer::kModel, "three", 0.8);
  One("heading", "three");
  EXPECT_FALSE(Has("text", "Nearest neighbours"));
  Press("button", "Pause the live answer");
  EXPECT_FALSE(camera.live_on());
  One("button", "Go on with the live answer");
}

TEST_F(TrainingPanels, AnswerLiveWhileItLearns) {
  Open();
  TurnOnCamera();
  Settle();
  Start(1);
  RunTo(10, 50);
  Answer(schema::Answerer::kNeighbours, "one", 0.7);
  One("progressbar", "Training");
  One("heading", "one");
}

TEST_F(TrainingPanels, FitEveryWidth) {
  Open({Finished(1), Finished(2, 1200)});
  Apply(schema::AnswersBy{.by = schema::Answerer::kModel});
  TurnOnCamera();
  models.train.settings.SetOpen(true);
  models.train.settings.Set(Setting::augment, 2);
  models.train.trainings.SetCompared(1, true);
  models.train.trainings.SetCompared(2, true);
  for (const float w : {320.0F, 360.0F, 440.0F, 700.0F, 1200.0F}) {
    width = w + 2 * kPad;
    panel_width = w;
    Settle();
    for (const char* role :
         {"button", "radio", "checkbox", "textbox", "img", "heading", "cell", "text", "meter", "progressbar"}) {
      for (const json& node : All(role)) {
        const float left = node["rect"][0].get<float>(), right = left + node["rect"][2].get<float>();
        EXPECT_GE(left, kPad) << node["name"] << " at " << w;
        EXPECT_LE(right, kPad + w + 0.5F) << node["name"] << " at " << w;
      }
    }
  }
}

}  // namespace
}  // namespace handful::ui
