#include "engine/open_project.h"

#include <algorithm>

#include "engine/convert.h"
#include "image/encode.h"
#include "nn/mobilenet_v2.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr size_t kSaidAtOnce = 500;  // samples
constexpr int kThumbnailQuality = 85;

}  // namespace

std::shared_ptr<OpenProject> OpenProject::Create(Send send, StoreClient& store, schema::ProjectInfo info,
                                                 std::string backbone_sha256, Hooks hooks) {
  return std::shared_ptr<OpenProject>(
      new OpenProject(std::move(send), store, std::move(info), std::move(backbone_sha256), std::move(hooks)));
}

OpenProject::OpenProject(Send send, StoreClient& store, schema::ProjectInfo info, std::string backbone_sha256,
                         Hooks hooks)
    : send_(std::move(send)),
      store_(store),
      hooks_(std::move(hooks)),
      backbone_sha256_(std::move(backbone_sha256)),
      state_{.info = std::move(info)} {
  keeper_ = Keeper::Create(
      store_, id(),
      {.record =
           [this] {
             KeepEdits();
             state_.info.changed_ms = NowMs();
             return BytesOfText(schema::ToJson(state_.Info()));
           },
       .saved = [this](const std::vector<int64_t>& ids) { Saved(ids); },
       .refused = [this](const std::vector<int64_t>& ids, const Status& why) { Refused(ids, why); },
       .failed = [this](const Status& why) { Complain("", why.WithContextf("the last change could not be kept")); },
       .make_room = [this] { return MakeRoom(); }});
  trainings_ = std::make_unique<Trainings>(send_, store_, keeper_, id());
}

void OpenProject::Close() { keeper_->Close(); }

std::vector<int64_t> OpenProject::Lacking(size_t most) const {
  std::vector<int64_t> ids;
  if (!loaded_) return ids;
  for (const auto& [id, sample] : state_.samples) {
    if (sample.features == nullptr) ids.push_back(id);
    if (ids.size() == most) break;
  }
  return ids;
}

// ---- what is kept and said of a change -----------------------------------------------------------------------------

void OpenProject::SendProjectChanged() {
  send_(schema::ProjectChanged{state_.Info(), edits_.to_undo(), edits_.to_redo()}, {});
}

void OpenProject::KeepSample(int64_t sample_id) {
  const auto removed = state_.removed.find(sample_id);
  const Sample* sample = removed != state_.removed.end() ? &removed->second : state_.Find(sample_id);
  if (sample == nullptr) return;
  schema::SampleInfo info = sample->info;
  info.saved = true;
  info.removed = removed != state_.removed.end();
  keeper_->Put("samples", StoreKey(id(), sample_id), BytesOfText(schema::ToJson(info)));
}

void OpenProject::RemoveSample(int64_t sample_id) {
  for (const char* store : kSampleStores) keeper_->Remove(store, StoreKey(id(), sample_id));
}

// Once a transaction, as an edit grows with every sample of a recording.
void OpenProject::KeepEdits() {
  for (const int64_t number : edits_.TakeTouched()) {
    const std::string key = StoreKey(id(), number);
    if (const schema::EditInfo* edit = edits_.Find(number))
      keeper_->Put("history", key, BytesOfText(schema::ToJson(*edit)));
    else keeper_->Remove("history", key);
  }
  for (const int64_t sample_id : edits_.TakePurged()) RemoveSample(sample_id);
}

void OpenProject::Announce(const Changes& changes) {
  if (!changes.project) return;
  for (size_t begin = 0; begin < changes.samples.size(); begin += kSaidAtOnce) {
    schema::SamplesChanged event;
    for (size_t i = begin; i < std::min(changes.samples.size(), begin + kSaidAtOnce); ++i) {
      event.samples.push_back(state_.samples.at(changes.samples[i]).info);
      KeepSample(changes.samples[i]);
    }
    send_(std::move(event), {});
  }
  for (const int64_t sample_id : changes.removed) KeepSample(sample_id);
  if (!changes.removed.empty()) send_(schema::SamplesRemoved{changes.removed}, {});
  keeper_->Touch();
  SendProjectChanged();
  hooks_.changed(true);
}

void OpenProject::Saved(const std::vector<int64_t>& sample_ids) {
  for (const int64_t sample_id : sample_ids) {
    if (Sample* sample = state_.Find(sample_id)) sample->info.saved = true;
  }
  send_(schema::SamplesSaved{sample_ids}, {});
  SendProjectChanged();
}

void OpenProject::Refused(const std::vector<int64_t>& sample_ids, const Status& why) {
  std::vector<int64_t> gone;
  for (const int64_t sample_id : sample_ids) {
    if (state_.Find(sample_id) != nullptr) gone.push_back(sample_id);
    edits_.Forget(sample_id);  // which goes with the next change: this one was refused
  }
  if (!gone.empty()) send_(schema::SamplesRemoved{gone}, {});
  Complain(schema::AddSample::kType, sample_ids.size() == 1
                                         ? why.WithContextf("a picture could not be kept")
                                         : why.WithContextf("%zu pictures could not be kept", sample_ids.size()));
  SendProjectChanged();
  hooks_.changed(true);
}

// What was removed is in the store for Undo only. Where the store has not heard of the removal yet, it goes with that.
std::vector<Keeper::At> OpenProject::MakeRoom() {
  std::vector<Keeper::At> room;
  const bool has_some =
      std::ranges::any_of(state_.removed, [&](const auto& entry) { return RemovalIsKept(entry.first); });
  if (!has_some) return room;
  edits_.ForgetRemoved();
  for (const int64_t number : edits_.TakeTouched()) room.emplace_back("history", StoreKey(id(), number));
  for (const int64_t sample_id : edits_.TakePurged()) {
    if (!RemovalIsKept(sample_id)) {
      RemoveSample(sample_id);
      continue;
    }
    for (const char* store : kSampleStores) room.emplace_back(store, StoreKey(id(), sample_id));
  }
  SendProjectChanged();
  return room;
}

bool OpenProject::RemovalIsKept(int64_t sample_id) const {
  return keeper_->Find("samples", StoreKey(id(), sample_id)) == nullptr;
}

// ---- changes -------------------------------------------------------------------------------------------------------

void OpenProject::Rename(const std::string& name) {
  state_.info.name = name;
  keeper_->Touch();
  SendProjectChanged();
}

void OpenProject::Edit(const Reply& reply, const Change& change) {
  const Result<Changes> changes = change(edits_);
  if (!changes.ok()) {
    reply->Fail(changes.status());
    return;
  }
  Announce(*changes);
  if (!changes->project) {
    reply->Done();
  } else {
    AnswerWhenKept(reply);
  }
}

void OpenProject::AnswerWhenKept(const Reply& reply) {
  keeper_->WhenKept([reply](const Status& kept) {
    kept.ok() ? reply->Done() : reply->Fail(kept.WithContextf("the change could not be kept"));
  });
}

Result<int64_t> OpenProject::ClassFor(int64_t class_id, const std::string& label) {
  if (class_id != 0) {
    if (state_.FindClass(class_id) == nullptr)
      return Errorf("there is no class %lld in this project", static_cast<long long>(class_id));
    return class_id;
  }
  if (const schema::ClassInfo* found = state_.FindClassCalled(label)) return found->id;
  const Result<Changes> changes = edits_.AddClass(label);
  if (!changes.ok()) return changes.status();
  Announce(*changes);
  return state_.info.classes.back().id;
}

Status OpenProject::AddSample(schema::SampleInfo& info, const image::Image* square, train::FeatureRow features) {
  const bool with_pixels = store_.keeps_pixels() && square != nullptr;
  std::vector<uint8_t> png, jpeg;
  if (with_pixels) {
    Result<std::vector<uint8_t>> encoded = image::EncodePng(*square);
    if (!encoded.ok()) return encoded.status();
    png = std::move(*encoded);
    Result<image::Image> small = image::Thumbnail(*square, kThumbnailSide);
    if (!small.ok()) return small.status();
    encoded = image::EncodeJpeg(*small, kThumbnailQuality);
    if (!encoded.ok()) return encoded.status();
    jpeg = std::move(*encoded);
  }
  if (info.time_ms == 0) info.time_ms = NowMs();
  info.saved = false;
  const Result<Changes> changes = edits_.AddSample(info, features);
  if (!changes.ok()) return changes.status();
  const std::string key = StoreKey(id(), info.id);
  schema::SampleInfo record = info;
  record.saved = true;
  keeper_->PutOfSample(info.id, "samples", key, BytesOfText(schema::ToJson(record)));
  if (with_pixels) {
    keeper_->PutOfSample(info.id, "pixels", key, std::move(png));
    keeper_->PutOfSample(info.id, "thumbnails", key, std::move(jpeg));
  }
  if (features != nullptr)
    keeper_->PutOfSample(info.id, "features", key, BytesOf({features.get(), nn::kMobileNetFeatures}));
  hooks_.changed(true);
  return {};
}

Status OpenProject::UseInputRange(schema::InputRange range) {
  if (range == state_.input_range) return {};
  if (!state_.samples.empty()) {
    return Errorf("field \"input_range\" is \"%s\", but the samples before were made with \"%s\"", TextOf(range),
                  TextOf(state_.input_range));
  }
  state_.input_range = range;
  return {};
}

void OpenProject::SetFeatures(int64_t sample_id, train::FeatureRow features) {
  Sample* sample = state_.Find(sample_id);
  if (sample == nullptr) return;
  keeper_->Put("features", StoreKey(id(), sample_id), BytesOf({features.get(), nn::kMobileNetFeatures}));
  sample->features = std::move(features);
  hooks_.changed(false);
}

void OpenProject::SetCopies(int64_t sample_id, train::FeatureRow copies, const std::string& key) {
  Sample* sample = state_.Find(sample_id);
  if (sample == nullptr) return;
  sample->copies = std::move(copies);
  sample->copies_key = key;
}

void OpenProject::UseBackbone(const std::string& sha256) {
  backbone_sha256_ = sha256;
  const std::string made_by = state_.info.backbone_sha256;
  if (made_by == sha256 || !loaded_) return;
  if (!made_by.empty()) {
    // The store forgets them in the transaction that names the new backbone: at no time are two backbones' features in
    // one project.
    for (std::map<int64_t, Sample>* samples : {&state_.samples, &state_.removed}) {
      for (auto& [sample_id, sample] : *samples) {
        sample.features.reset();
        sample.copies.reset();
        keeper_->Remove("features", StoreKey(id(), sample_id));
      }
    }
  }
  state_.info.backbone_sha256 = sha256;
  keeper_->Touch();
  hooks_.changed(false);
}

void OpenProject::DropUnreadable(int64_t sample_id) {
  const Sample* sample = state_.Find(sample_id);
  if (sample == nullptr) return;
  Complain(schema::OpenProject::kType, Errorf("picture %s of this project cannot be read any more, so it was taken out",
                                              sample->info.name.c_str()));
  edits_.Forget(sample_id);
  RemoveSample(sample_id);
  send_(schema::SamplesRemoved{{sample_id}}, {});
  SendProjectChanged();
  hooks_.changed(true);
}

int64_t OpenProject::AddTraining(schema::TrainingInfo info) {
  info.id = state_.info.next_id++;
  const int64_t training_id = info.id;
  trainings_->Keep(std::move(info));
  return training_id;
}

// ---- imports -------------------------------------------------------------------------------------------------------

int64_t OpenProject::BeginImport(const std::string& name, const std::string& session, int64_t total) {
  const int64_t import_id = state_.info.next_id++;
  state_.info.imports.push_back({import_id, name, session, 0, total});
  keeper_->Touch();
  return import_id;
}

void OpenProject::ImportGotOn(int64_t import_id, int64_t added) {
  const auto import = std::ranges::find(state_.info.imports, import_id, &schema::ImportInfo::id);
  if (import != state_.info.imports.end()) import->added = added;
}

Status OpenProject::EndImport(int64_t import_id) {
  if (std::erase_if(state_.info.imports, [&](const auto& import) { return import.id == import_id; }) == 0) {
    return Errorf("there is no import %lld in this project", static_cast<long long>(import_id));
  }
  keeper_->Touch();
  SendProjectChanged();
  return {};
}

// ---- what is kept --------------------------------------------------------------------------------------------------

void OpenProject::Read(const char* store, const std::vector<int64_t>& sample_ids,
                       std::function<void(Result<Records>)> done) const {
  std::vector<std::string> keys;
  Records pending;  // not written yet
  for (const int64_t sample_id : sample_ids) {
    const std::string key = StoreKey(id(), sample_id);
    if (const Bytes* value = keeper_->Find(store, key)) pending[sample_id] = *value;
    else keys.push_back(key);
  }
  store_.Read(store, std::move(keys),
              [pending = std::move(pending), done = std::move(done)](Result<StoreValues> found) mutable {
                if (!found.ok()) {
                  done(found.status());
                  return;
                }
                for (size_t i = 0; i < found->keys.size(); ++i)
                  pending[NumberIn(found->keys[i])] = std::move(found->values[i]);
                done(std::move(pending));
              });
}

void OpenProject::ReadSquares(const std::vector<int64_t>& sample_ids, std::function<void(Squares)> done) const {
  Read("pixels", sample_ids, [done = std::move(done)](Result<Records> found) {
    Squares squares;
    for (const auto& [sample_id, png] : found.ok() ? *found : Records()) {
      Result<image::Decoded> decoded = image::Decode(png);
      if (!decoded.ok() || decoded->image.width != kSampleSide || decoded->image.height != kSampleSide) continue;
      squares.emplace_back(sample_id, std::move(decoded->image));
    }
    done(std::move(squares));
  });
}

}  // namespace handful::engine
