// The backbones that the page comes with: which one makes features, what the visitor chose, and how far a project's
// features are that are computed anew with another one. One that cannot be loaded gives way to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"

namespace handful::ui {

class Backbones {
 public:
  struct Shipped {
    FileRef weights;
    FileRef head;      // the fingers model that stands on it; id 0: there is none
    std::string name;  // short: "Handful's own"
  };
  explicit Backbones(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine and the host
  // All that there are, the preferred one first; that one is loaded.
  void Offer(std::vector<Shipped> shipped);
  void Apply(const schema::Event& event);
  // The one that is loaded now instead of one that could not be, since the last time.
  std::optional<size_t> TakeInstead() { return std::exchange(instead_, std::nullopt); }

  // ---- from the panels
  void Choose(size_t index);
  void Halt(bool halt);

  // ---- what there is to show
  const std::vector<Shipped>& shipped() const { return shipped_; }
  // The one asked for last; it may still be on its way. One that could not be loaded gives way to the one in use.
  size_t chosen() const { return chosen_; }
  const std::string& sha256() const { return sha256_; }  // of the one in use; "": none yet
  const std::string& title() const { return title_; }    // in words
  // Features of the open project that are computed; done = total: none.
  const schema::FeaturesProgress& progress() const { return progress_; }
  bool computing() const { return progress_.done < progress_.total; }

 private:
  void Load();

  CommandSink& sink_;
  std::vector<Shipped> shipped_;
  size_t chosen_ = 0, in_use_ = 0;
  Requests requests_{Asker::kBackbones};
  int64_t asked_ = 0;
  std::optional<size_t> instead_;
  std::string sha256_, title_;
  schema::FeaturesProgress progress_;
};

}  // namespace handful::ui
