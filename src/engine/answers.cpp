#include "engine/answers.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "engine/convert.h"
#include "nn/mobilenet_v2.h"

namespace handful::engine {
namespace {

constexpr int kLeastForNeighbours = 2;  // samples, in each of two classes
constexpr size_t kMostBackbones = 3;

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

void Answers::UseBackbone(std::shared_ptr<nn::Backbone> backbone) {
  std::erase_if(backbones_, [&](const auto& known) { return known->sha256() == backbone->sha256(); });
  backbones_.insert(backbones_.begin(), std::move(backbone));
  if (backbones_.size() > kMostBackbones) backbones_.pop_back();
  inspector_.reset();
  if (project_ != nullptr) Decide(*project_);
}

Result<train::FeatureRow> Answers::Features(const image::Image& square, const image::InputRange& range) {
  if (backbone() == nullptr) return Errorf("no MobileNetV2 backbone is loaded: load its file first");
  range_ = range;
  Result<std::span<const float>> features = backbone()->Features(square, range);
  if (!features.ok()) return features.status();
  return train::MakeFeatureRow(*features);
}

Status Answers::UseLoaded(const nn::Model& model, bool shipped) {
  Result<std::unique_ptr<nn::Classifier>> classifier = nn::Classifier::Create(model, backbones_);
  if (!classifier.ok()) return classifier.status();
  loaded_ = Known{std::move(*classifier), model, {}};
  inspector_.reset();
  loaded_first_ = !shipped;
  if (project_ != nullptr) Decide(*project_);
  else who_ = {schema::Answerer::kModel, ""};
  return {};
}

Status Answers::UseTrained(const nn::Model& model, std::vector<int64_t> class_ids) {
  Result<std::unique_ptr<nn::Classifier>> classifier = nn::Classifier::Create(model, backbones_);
  if (!classifier.ok()) return classifier.status();
  trained_ = Known{std::move(*classifier), model, std::move(class_ids)};
  inspector_.reset();
  loaded_first_ = false;
  if (project_ != nullptr) Decide(*project_);
  return {};
}

void Answers::ProjectChanged(const State& project, bool by_visitor) {
  project_ = &project;
  neighbours_.reset();
  if (by_visitor) loaded_first_ = false;
  Decide(project);
}

void Answers::Decide(const State& project) {
  inspector_.reset();
  std::map<int64_t, int> counts;  // of enabled classes
  for (const schema::ClassInfo& c : project.info.classes) {
    if (c.enabled) counts[c.id] = 0;
  }
  for (const auto& [id, sample] : project.samples) {
    const auto count = counts.find(sample.info.class_id);
    if (count != counts.end() && sample.features != nullptr) ++count->second;
  }
  std::string unknown;  // to the trained head
  // A class without pictures takes nothing away from those that have some.
  const auto with_enough =
      std::ranges::count_if(counts, [](const auto& entry) { return entry.second >= kLeastForNeighbours; });
  const bool neighbours_can = with_enough >= 2;
  for (const auto& [id, count] : counts) {
    if (trained_ && count > 0 && std::ranges::find(trained_->class_ids, id) == trained_->class_ids.end())
      unknown = project.FindClass(id)->name;
  }
  if (trained_) {
    // What it learned to call by a name that changed since, it calls by the new one.
    for (size_t i = 0; i < trained_->class_ids.size() && i < trained_->model.classes.size(); ++i) {
      if (const schema::ClassInfo* c = project.FindClass(trained_->class_ids[i])) trained_->model.classes[i] = c->name;
    }
  }
  who_is_loaded_ = false;
  if (loaded_first_ && loaded_) {
    who_is_loaded_ = true;
    who_ = {schema::Answerer::kModel, ""};
  } else if (trained_ && (unknown.empty() || !neighbours_can)) {
    who_ = {schema::Answerer::kModel, unknown};
  } else if (neighbours_can && backbone() != nullptr) {
    who_ = {schema::Answerer::kNeighbours, unknown};
  } else {
    who_is_loaded_ = true;
    who_ = {loaded_ ? schema::Answerer::kModel : schema::Answerer::kNobody, ""};
  }
}

Result<nn::Model> Answers::WholeModel() const {
  const Known* known = Model();
  if (who_.by == schema::Answerer::kNeighbours || known == nullptr) {
    return Errorf("no trained model answers yet, so there is none to take along: train one first");
  }
  const nn::Model& model = known->model;
  const auto fits = std::ranges::find(backbones_, model.backbone_sha256, [](const auto& b) { return b->sha256(); });
  static const nn::TensorFile none;
  return fits == backbones_.end() ? nn::WithBackbone(model, "", none)
                                  : nn::WithBackbone(model, (*fits)->sha256(), (*fits)->weights());
}

Result<int> Answers::Side() const {
  if (who_.by == schema::Answerer::kNeighbours) return nn::kMobileNetSide;
  const Known* model = Model();
  if (model == nullptr) return Errorf("no model is loaded");
  return model->classifier->side();
}

Result<Answers::Answer> Answers::Classify(const image::Image& square, int top) {
  Answer answer{.by = who_.by};
  const auto start = std::chrono::steady_clock::now();
  if (who_.by == schema::Answerer::kNeighbours) {
    Result<train::FeatureRow> features = Features(square, range_);
    if (!features.ok()) return features.status();
    if (!neighbours_) neighbours_.emplace(project_->ToDataset());
    answer.top = Top(neighbours_->classes(), neighbours_->Classify({features->get(), nn::kMobileNetFeatures}), top);
  } else {
    const Known* model = Model();
    if (model == nullptr) return Errorf("no model is loaded");
    Result<std::span<const float>> probabilities = model->classifier->Classify(square);
    if (!probabilities.ok()) return probabilities.status();
    answer.top = Top(model->model.classes, *probabilities, top);
  }
  answer.forward_ms = MillisecondsSince(start);
  return answer;
}

Result<Answers::Inspection> Answers::Inspect(const image::Image& square) {
  nn::Model bare;
  const nn::Model* model = &bare;
  if (who_.by == schema::Answerer::kNeighbours) {
    bare.part = nn::Part::kBackbone;
    bare.input_range = range_;
  } else if (const Known* known = Model()) {
    model = &known->model;
  } else {
    return Errorf("no model is loaded");
  }
  if (!inspector_) {
    const auto fits = std::ranges::find(backbones_, model->backbone_sha256, [](const auto& b) { return b->sha256(); });
    const nn::Backbone* shared = fits != backbones_.end() ? fits->get() : backbone();
    if (model == &bare && shared != nullptr)
      bare.architecture = &shared->architecture(), bare.input_side = shared->side();
    Result<nn::Inspector> made = nn::Inspector::Create(*model, shared == nullptr ? nullptr : &shared->weights());
    if (!made.ok()) return made.status();
    inspector_.emplace(std::move(*made));
  }
  Result<std::vector<nn::LayerOutput>> layers = inspector_->Layers(square, model->input_range);
  if (!layers.ok()) return layers.status();
  return Inspection{inspector_->filters(), std::move(*layers)};
}

}  // namespace handful::engine
