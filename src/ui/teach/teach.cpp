#include "ui/teach/teach.h"

#include <algorithm>

#include "ui/base/files.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

Teach::Teach(Host& host, const EngineState& engine, const Notify& notify)
    : classes(host),
      selection(host, classes, samples),
      thumbnails(host, engine, samples),
      intake(host, engine, notify),
      imports(host, engine, notify),
      videos(host, notify, samples, intake),
      camera(host, engine, [this] { return samples.NextSession("camera"); }),
      host_(host),
      notify_(notify) {}

void Teach::Apply(schema::EventEnvelope& envelope) {
  schema::Event& event = envelope.message;
  camera.Apply(event);
  if (std::holds_alternative<schema::Ready>(event)) {
    intake.Pump();
  } else if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
    classes.Opened(opened->project.classes);
    samples.Forget();
    selection.Forget();
    thumbnails.Forget();
    deletion_.Forget();
  } else if (std::holds_alternative<schema::SamplesListed>(event)) {
    samples.Listed();
  } else if (const auto* changed = std::get_if<schema::ProjectChanged>(&event)) {
    classes.Changed(changed->project.classes);
    selection.Prune();
  } else if (auto* those = std::get_if<schema::SamplesChanged>(&event)) {
    samples.Upsert(std::move(those->samples));
    selection.Prune();
  } else if (const auto* added = std::get_if<schema::SampleAdded>(&event)) {
    if (added->sample.id != 0) {
      samples.Upsert({added->sample});
      selection.Prune();
    }
    intake.Ended(added->id, {});
  } else if (const auto* removed = std::get_if<schema::SamplesRemoved>(&event)) {
    samples.Remove(removed->sample_ids);
    thumbnails.Remove(removed->sample_ids);
    selection.Prune();
  } else if (const auto* saved = std::get_if<schema::SamplesSaved>(&event)) {
    samples.Saved(saved->sample_ids);
  } else if (const auto* small = std::get_if<schema::Thumbnails>(&event)) {
    thumbnails.Apply(*small, envelope.buffers);
  } else if (const auto* large = std::get_if<schema::SamplePixels>(&event)) {
    thumbnails.Apply(*large, envelope.buffers);
  } else if (const auto* progress = std::get_if<schema::ImportProgress>(&event)) {
    imports.Apply(*progress);
  } else if (const auto* done = std::get_if<schema::ImportDone>(&event)) {
    imports.Apply(*done);
  } else if (const auto* undecoded = std::get_if<schema::NeedsDecoding>(&event)) {
    intake.Ended(undecoded->id, undecoded->message);
  } else if (const auto* failed = std::get_if<schema::Failed>(&event)) {
    Failed(*failed);
  }
}

void Teach::Failed(const schema::Failed& event) {
  if (intake.Owns(event.id)) return intake.Ended(event.id, event.message);
  if (imports.Owns(event.id)) return imports.Apply(event);
  if (event.command == schema::DeleteSamples::kType || event.command == schema::DeleteClass::kType) deletion_.Forget();
  if (thumbnails.Failed(event.id) || camera.Owns(event.id) || !Owns(event.id)) return;
  notify_(NoticeKind::kError, SentenceOf(event));
}

bool Teach::Owns(int64_t request) const {
  return classes.Owns(request) || selection.Owns(request) || thumbnails.Owns(request) || intake.Owns(request) ||
         imports.Owns(request) || camera.Owns(request);
}

void Teach::DeleteSelected() {
  deletion_.OfSamples({selection.selected().begin(), selection.selected().end()});
  selection.Delete();
}

void Teach::DeleteClass(int64_t class_id) {
  const schema::ClassInfo* info = classes.Find(class_id);
  if (info == nullptr) return;
  deletion_.OfClass(*info, static_cast<int64_t>(samples.Of(class_id).size()));
  classes.Delete(class_id);
}

void Teach::EngineStopped() {
  deletion_.Forget();
  camera.EngineStopped();
  intake.EngineStopped();
  imports.EngineStopped();
  thumbnails.EngineStopped();
}

void Teach::AddFiles(std::span<const FileRef> files, int64_t class_id) {
  SampleFiles sorted = SortSampleFiles(files);
  for (const FileRef& file : sorted.left_out) host_.Release(file.id);
  if (!sorted.left_out.empty()) {
    notify_(NoticeKind::kInfo, Count(static_cast<int64_t>(sorted.left_out.size()), "file was", "files were") +
                                   " left out: not a picture.");
  }
  for (const FileRef& file : sorted.archives) AddArchive(file, class_id);
  for (const FileRef& file : sorted.videos) {
    if (class_id != 0 || !ClassFolder(file.name).empty()) {
      const schema::ClassInfo* named = classes.Find(ClassFolder(file.name));
      videos.Add({file, class_id != 0 ? class_id : named != nullptr ? named->id : 0});
    } else {
      videos.Add({file, classes.chosen()});
    }
  }
  if (sorted.pictures.empty()) return;
  const std::string session = samples.NextSession("files");
  std::stable_sort(sorted.pictures.begin(), sorted.pictures.end(), [](const FileRef& a, const FileRef& b) {
    return a.from_folder && b.from_folder && NaturalLess(a.name, b.name);
  });
  std::vector<Incoming> pictures;
  for (FileRef& file : sorted.pictures) {
    std::string folder = class_id == 0 ? ClassFolder(file.name) : "";
    const int64_t into = class_id != 0 || !folder.empty() ? class_id : classes.chosen();
    if (into == 0 && folder.empty()) folder = "Class 1";
    pictures.push_back({.file = std::move(file), .class_id = into, .label = std::move(folder), .session = session});
  }
  intake.Add(std::move(pictures));
}

}  // namespace handful::ui
