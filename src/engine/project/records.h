// How projects lie in the store, and what their records say. Keys within a project are "<project>/<number of 12
// digits>":
//   projects    <project> → ProjectInfo           samples     → SampleInfo         features → 1280 float32
//   pixels      → 224² PNG                        thumbnails  → 112² JPEG          history  → EditInfo
//   copies      → a line that says how they were made, then float32
//   trainings   <project>/info/<number> → TrainingInfo; <project>/model/<number>, <project>/held_out/<number>
//               (train/held_out.h) and, of one that can go on, <project>/state/<number> → safetensors
// The infos are JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/messages.h"
#include "train/dataset.h"

namespace handful::engine {

inline constexpr int kSampleSide = 224;
inline constexpr int kThumbnailSide = 112;

// What a sample has of its own, and what a project has.
inline constexpr const char* kSampleStores[] = {"samples", "features", "pixels", "thumbnails", "copies"};
inline constexpr const char* kProjectStores[] = {"samples", "features", "pixels",   "thumbnails",
                                                 "copies",  "history",  "trainings"};

std::string StoreKey(const std::string& project, int64_t id);
std::string TrainingKey(const std::string& project, const char* what, int64_t training_id);
// The number at a key's end, or -1.
int64_t NumberIn(const std::string& key);

schema::Bytes BytesOfText(std::string_view text);
std::string_view TextOf(const schema::Bytes& bytes);
// Null where it is not as long as 1280 of them.
train::FeatureRow FeaturesOf(const schema::Bytes& value);

// Milliseconds since 1970.
int64_t NowMs();
// Unlike those of all other projects.
std::string NewProjectId();
std::string LockOf(const std::string& project);

}  // namespace handful::engine
