// Request ids of the models: each has a range of its own, so that an answer finds the one who asked.
#pragma once

#include <cstdint>

namespace handful::ui {

inline constexpr int64_t kRequestRange = int64_t{1} << 40;
inline constexpr int64_t kProjectRequests = kRequestRange, kCameraRequests = 2 * kRequestRange, kTrainingRequests = 3 * kRequestRange,
                         kHoodRequests = 4 * kRequestRange, kBackboneRequests = 5 * kRequestRange;

// Whether `id` is of the range that begins there.
inline bool IsRequestOf(int64_t first, int64_t id) { return id >= first && id < first + kRequestRange; }

}  // namespace handful::ui
