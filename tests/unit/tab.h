// A tab: the engine with a store that outlives it, and what the engine said.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "engine/engine.h"
#include "engine/memory_store.h"
#include "nn/model.h"
#include "unit/model_fixture.h"
#include "unit/model_samples.h"
#include "unit/test_files.h"

namespace handful::testing {

// 224 × 224 pixels of noise over one of three colours.
inline schema::Bytes Photo(int label, uint64_t seed) {
  schema::Bytes rgb(224 * 224 * 3);
  Rng rng(seed);
  for (size_t i = 0; i < rgb.size(); ++i)
    rgb[i] = static_cast<uint8_t>(rng.Below(60) + (i % 3 == static_cast<size_t>(label) ? 180 : 0));
  return EncodeBmp(224, 224, rgb);
}

// The file of a random backbone, made once.
inline const schema::Bytes& BackboneFile(uint64_t seed) {
  static std::map<uint64_t, schema::Bytes> files;
  schema::Bytes& file = files[seed];
  if (file.empty()) file = nn::WriteModel(RandomBackbone(seed));
  return file;
}

// One tab.
class Tab {
 public:
  explicit Tab(engine::MemoryStore& store, bool with_backbone = true)
      : store_(store),
        engine_(
            [this](schema::EventEnvelope e) {
              if (auto answer = store_.Answer(e)) answers_.push_back(std::move(*answer));
              else if (!std::holds_alternative<schema::TrainProgress>(e.message)) events.push_back(std::move(e));
            },
            importers::ImportModel) {
    Post(schema::UseStore{});
    if (with_backbone) LoadBackbone();
  }

  void LoadBackbone(uint64_t seed = 1) { Run(schema::LoadBackbone{.name = "b"}, {BackboneFile(seed)}); }
  void Post(schema::Command command, std::vector<schema::Bytes> buffers = {}) {
    engine_.Post({std::move(command), std::move(buffers)});
  }
  // Everything that can be done now, and what the store's answers lead to.
  void Finish() {
    do {
      for (auto& answer : std::exchange(answers_, {})) engine_.Post(std::move(answer));
      while (engine_.Step()) {
      }
    } while (!answers_.empty());
  }
  void Run(schema::Command command, std::vector<schema::Bytes> buffers = {}) {
    Post(std::move(command), std::move(buffers));
    Finish();
  }
  // One step, and what the store says to it.
  void StepOnce() {
    for (auto& answer : std::exchange(answers_, {})) engine_.Post(std::move(answer));
    engine_.Step();
  }
  // Steps without the store answering.
  void StepOnly(int steps) {
    for (int i = 0; i < steps; ++i) engine_.Step();
  }

  template <class T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const auto& e : events) {
      if (const T* event = std::get_if<T>(&e.message)) found.push_back(*event);
    }
    return found;
  }
  template <class T>
  T Last() const {
    const std::vector<T> all = All<T>();
    EXPECT_FALSE(all.empty()) << T::kType;
    return all.empty() ? T{} : all.back();
  }
  template <class T>
  const std::vector<schema::Bytes>& BuffersOfLast() const {
    for (auto e = events.rbegin(); e != events.rend(); ++e) {
      if (std::holds_alternative<T>(e->message)) return e->buffers;
    }
    static const std::vector<schema::Bytes> none;
    return none;
  }
  std::string LastFailure() const {
    const auto failures = All<schema::Failed>();
    return failures.empty() ? "" : failures.back().message;
  }
  // The samples as told: id → class.
  std::map<int64_t, schema::SampleInfo> Samples() const {
    std::map<int64_t, schema::SampleInfo> samples;
    for (const auto& e : events) {
      if (std::holds_alternative<schema::ProjectOpened>(e.message)) samples.clear();
      if (const auto* added = std::get_if<schema::SampleAdded>(&e.message)) samples[added->sample.id] = added->sample;
      if (const auto* changed = std::get_if<schema::SamplesChanged>(&e.message)) {
        for (const auto& sample : changed->samples) samples[sample.id] = sample;
      }
      if (const auto* removed = std::get_if<schema::SamplesRemoved>(&e.message)) {
        for (const int64_t id : removed->sample_ids) samples.erase(id);
      }
    }
    return samples;
  }
  int64_t ClassId(size_t index) const { return Last<schema::ProjectChanged>().project.classes.at(index).id; }

  // Photos of the first classes.
  void Add(int n, int classes = 2, uint64_t seed = 0) {
    const char* names[] = {"red", "green", "blue"};
    for (int i = 0; i < n; ++i) {
      const int label = i % classes;
      Post(schema::AddSample{.id = 100 + i,
                             .name = Format("%d.bmp", i),
                             .label = names[label],
                             .session = Format("take %llu", static_cast<unsigned long long>(seed))},
           {Photo(label, seed * 1000 + static_cast<uint64_t>(i))});
    }
    Finish();
  }

  std::vector<schema::EventEnvelope> events;

 private:
  engine::MemoryStore& store_;
  std::vector<schema::CommandEnvelope> answers_;
  engine::Engine engine_;
};

inline schema::TrainSettings Quick() {
  return {.epochs = 6, .batch = 4, .hidden = 12, .dropout = 0.2, .validation = 0.25};
}

// The zip that WriteArchive describes.
inline schema::Bytes ZipOf(const Tab& tab, engine::MemoryStore& store) {
  const auto archive = tab.Last<schema::WriteArchive>();
  const std::vector<schema::Bytes>& inline_parts = tab.BuffersOfLast<schema::WriteArchive>();
  std::vector<importers::InputFile> files;
  size_t next = 0;
  for (const schema::ArchivePart& part : archive.parts) {
    files.push_back({part.name, part.store.empty() ? inline_parts.at(next++) : store.Of(part.store).at(part.key)});
  }
  return EncodeZip(files, /*deflate=*/false);
}

}  // namespace handful::testing
