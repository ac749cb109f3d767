#include "ui/teach/videos.h"

#include "base/status.h"
#include "ui/base/files.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

void Videos::Start(double shots_per_second, schema::CropMode crop_mode) {
  if (waiting_.empty() || playing()) return;
  const VideoWish wish = waiting_.front();
  waiting_.erase(waiting_.begin());
  playing_ = wish.file.id;
  class_id_ = wish.class_id;
  name_ = BaseName(wish.file.name);
  label_ = wish.class_id == 0 ? ClassFolder(wish.file.name) : "";
  if (class_id_ == 0 && label_.empty()) label_ = "Class 1";
  session_ = samples_.NextSession("video");
  done_ = total_ = 0;
  host_.SampleVideo(playing_, shots_per_second, crop_mode);
}

void Videos::Refuse() {
  if (waiting_.empty()) return;
  host_.Release(waiting_.front().file.id);
  waiting_.erase(waiting_.begin());
}

void Videos::TakeShot(const Shot& shot) {
  if (shot.video != playing_ || !playing()) return host_.Release(shot.file.id);
  done_ = shot.index + 1;
  total_ = shot.total;
  Incoming picture{.file = shot.file,
                   .class_id = class_id_,
                   .label = label_,
                   .session = session_,
                   .source = schema::SampleSource::kVideo,
                   .burst = true,
                   .pixels = true};
  picture.file.name = Format("%s at %.2f s", name_.c_str(), shot.seconds);
  intake_.Add({std::move(picture)});
}

void Videos::Ended(FileId video, const std::string& sentence) {
  if (video != playing_) return;
  if (!sentence.empty()) notify_(NoticeKind::kError, name_ + ": " + sentence);
  host_.Release(video);
  playing_ = 0;
}

}  // namespace handful::ui
