// Videos that become pictures: those that wait for a rate, and the one that is being played.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/teach/intake.h"
#include "ui/teach/samples.h"

namespace handful::ui {

struct VideoWish {
  FileRef file;
  int64_t class_id = 0;  // 0: the class that its folder names
};

class Videos {
 public:
  Videos(Host& host, Notify notify, Samples& samples, Intake& intake)
      : host_(host), notify_(std::move(notify)), samples_(samples), intake_(intake) {}

  void Add(const VideoWish& wish) { waiting_.push_back(wish); }

  // ---- from the host
  void TakeShot(const Shot& shot);
  void Ended(FileId video, const std::string& sentence);

  // ---- from the panels
  void SetRate(int choice) { rate_ = choice; }
  // Of the first that waits.
  void Start(double shots_per_second, schema::CropMode crop_mode);
  void Refuse();

  // ---- what there is to show
  const std::vector<VideoWish>& waiting() const { return waiting_; }
  int rate() const { return rate_; }  // which of those offered
  bool playing() const { return playing_ != 0; }
  const std::string& name() const { return name_; }
  double part() const { return total_ > 0 ? static_cast<double>(done_) / total_ : -1; }

 private:
  Host& host_;
  Notify notify_;
  Samples& samples_;
  Intake& intake_;
  std::vector<VideoWish> waiting_;
  int rate_ = 2;
  FileId playing_ = 0;
  int64_t class_id_ = 0;
  std::string session_, name_, label_;
  int done_ = 0, total_ = 0;
};

}  // namespace handful::ui
