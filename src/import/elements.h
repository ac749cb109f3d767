// How many elements a shape has that nobody vouches for.
#pragma once

#include <cstdint>

namespace handful::importers {

// elements ← elements × size; false where that is more than `most`, which is below 2³², so that 64 bits hold it also
// where size_t has 32.
inline bool MultiplyWithin(uint64_t most, uint64_t size, uint64_t& elements) {
  if (size > most) return false;
  elements *= size;
  return elements <= most;
}

}  // namespace handful::importers
