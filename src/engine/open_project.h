// The open project: owns its state, its history, its trainings and how all of it is kept. Every change goes one way:
// state → journal (keeper) → store, and is announced; nobody else hands out numbers or marks anything as changed.
//
// Whoever works for a project (an import, a training, pictures on their way from the store) holds a Scope. When the
// project is closed the scope is empty, and the work ends with an answer that says so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/project/edits.h"
#include "engine/project/keeper.h"
#include "engine/project/records.h"
#include "engine/project/state.h"
#include "engine/project/trainings.h"
#include "engine/store_client.h"
#include "image/image.h"
#include "schema/messages.h"

namespace handful::engine {

class OpenProject;
using Scope = std::weak_ptr<OpenProject>;

class OpenProject : public std::enable_shared_from_this<OpenProject> {
 public:
  struct Hooks {
    // Classes, samples or features changed; `by_visitor`: and not just became known.
    std::function<void(bool by_visitor)> changed;
    // ProjectOpened was said, and its trainings are known.
    std::function<void()> opened;
  };

  // `backbone_sha256`: of the one in use; "": none.
  static std::shared_ptr<OpenProject> Create(Send send, StoreClient& store, schema::ProjectInfo info,
                                             std::string backbone_sha256, Hooks hooks);
  ~OpenProject() { Close(); }
  // Reads what is kept of it; answers with ProjectOpened, SamplesChanged … and SamplesListed.
  void Load(Reply reply);
  // Of a new one there is nothing to read.
  void StartEmpty();
  // What is not kept yet is lost.
  void Close();

  const State& state() const { return state_; }
  const std::string& id() const { return state_.info.id; }
  // Its features are all there that will be without computing; it is changed from then on (CommandQueue).
  bool loaded() const { return loaded_; }
  // Samples without features, once it is loaded.
  std::vector<int64_t> Lacking(size_t most) const;
  const Trainings& trainings() const { return *trainings_; }

  // ---- changes
  void Rename(const std::string& name);
  // `change` is an edit; Done comes when it is kept.
  using Change = std::function<Result<Changes>(Edits&)>;
  void Edit(const Reply& reply, const Change& change);
  // Done, once all changes until now are kept.
  void AnswerWhenKept(const Reply& reply);
  // The class an AddSample means, made where it must be.
  Result<int64_t> ClassFor(int64_t class_id, const std::string& label);
  // `square` is kSampleSide²; null where only the features are known. `features` may be null. Sets info.id.
  Status AddSample(schema::SampleInfo& info, const image::Image* square, train::FeatureRow features);
  // Errors: there are samples already, made with another.
  Status UseInputRange(schema::InputRange range);
  void SetFeatures(int64_t sample_id, train::FeatureRow features);
  void SetCopies(int64_t sample_id, train::FeatureRow copies, const std::string& key);
  void KeepCopies(int64_t sample_id, schema::Bytes record) {
    keeper_->Put("copies", StoreKey(id(), sample_id), std::move(record));
  }
  // Which backbone makes features from now on; those of another are dropped, to be computed anew.
  void UseBackbone(const std::string& sha256);
  // Its picture cannot be read: it goes, and a sentence says so.
  void DropUnreadable(int64_t sample_id);
  // Returns its number.
  int64_t AddTraining(schema::TrainingInfo info);
  Trainings& trainings() { return *trainings_; }
  // An import begins (returns its number), gets on, and ends.
  int64_t BeginImport(const std::string& name, const std::string& session, int64_t total);
  void ImportGotOn(int64_t import_id, int64_t added);
  Status EndImport(int64_t import_id);

  // ---- what is kept
  // A record of some samples, by their ids; what is not there is left out. `done` comes also when the project was
  // closed.
  using Records = std::map<int64_t, schema::Bytes>;
  void Read(const char* store, const std::vector<int64_t>& sample_ids, std::function<void(Result<Records>)> done) const;
  // The squares of some samples; those that cannot be read are left out.
  using Squares = std::vector<std::pair<int64_t, image::Image>>;
  void ReadSquares(const std::vector<int64_t>& sample_ids, std::function<void(Squares)> done) const;
  Keeper& keeper() { return *keeper_; }

 private:
  OpenProject(Send send, StoreClient& store, schema::ProjectInfo info, std::string backbone_sha256, Hooks hooks);
  void Announce(const Changes& changes);
  void KeepEdits();
  void KeepSample(int64_t sample_id);
  void RemoveSample(int64_t sample_id);
  void SendProjectChanged();
  void Complain(const char* command, const Status& why) { engine::Complain(send_, command, why); }
  void Refused(const std::vector<int64_t>& sample_ids, const Status& why);
  void Saved(const std::vector<int64_t>& sample_ids);
  std::vector<Keeper::At> MakeRoom();
  bool RemovalIsKept(int64_t sample_id) const;
  // Of loading, in this order.
  void LoadHistory(const Reply& reply, std::vector<schema::TrainingInfo> trainings);
  void LoadSamples(const Reply& reply);
  void TakeSamples(const StoreValues& found);
  void LoadFeatures();
  void TakeFeatures(const StoreValues& found);
  void Loaded();
  void ClearOrphans();
  void RemoveOrphans(const StoreValues& found);
  // Callbacks that do nothing once this is closed.
  StoreClient::Done WhileOpen(std::function<void(OpenProject&, const Status&)> then);
  StoreClient::Page PageWhileOpen(void (OpenProject::*take)(const StoreValues&));

  Send send_;
  StoreClient& store_;
  Hooks hooks_;
  std::string backbone_sha256_;
  State state_;
  Edits edits_{state_};
  std::shared_ptr<Keeper> keeper_;
  std::unique_ptr<Trainings> trainings_;
  bool loaded_ = false;
};

}  // namespace handful::engine
