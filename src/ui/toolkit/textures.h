// Thumbnails on the graphics card: made a few at a time, so that no frame is long, and only for pictures that are
// looked at; those unseen for longest go first.
#pragma once

#include <unordered_map>

#include "ui/toolkit/screen.h"

namespace handful::ui {

class Textures {
 public:
  explicit Textures(Screen& screen) : screen_(screen) {}
  ~Textures();
  Textures(const Textures&) = delete;
  Textures& operator=(const Textures&) = delete;

  void BeginFrame();
  // The texture of `pixels`, known as `key`; made anew when `revision` changes. 0 while it waits for its turn.
  TextureId Get(int64_t key, int revision, const Pixels& pixels);
  // Whether a picture waits for the next frame.
  bool Waiting() const { return waiting_; }

 private:
  static constexpr size_t kMost = 256;
  static constexpr size_t kBytesPerFrame = 512 * 1024;

  struct Entry {
    TextureId texture = 0;
    int revision = -1;
    uint64_t used = 0;
  };
  void Forget();

  Screen& screen_;
  std::unordered_map<int64_t, Entry> entries_;
  uint64_t frame_ = 0;
  size_t budget_bytes_ = 0;
  bool waiting_ = false;
};

}  // namespace handful::ui
