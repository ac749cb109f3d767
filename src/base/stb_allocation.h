// Memory for stb_image: zeroed, so that pixels missing from a damaged file are the same on every run and never somebody
// else's data. No more is needed for running out of it: stb_image turns a null into an error.
#pragma once

#include <cstdlib>
#include <cstring>

inline void* StbRealloc(void* old_block, size_t old_bytes, size_t new_bytes) {
  void* block = std::realloc(old_block, new_bytes);
  if (block != nullptr && new_bytes > old_bytes) {
    std::memset(static_cast<unsigned char*>(block) + old_bytes, 0, new_bytes - old_bytes);
  }
  return block;
}

#define STBI_MALLOC(bytes) std::calloc(1, bytes)
#define STBI_REALLOC_SIZED(block, old_bytes, new_bytes) StbRealloc(block, old_bytes, new_bytes)
#define STBI_FREE(block) std::free(block)
// Its assertions are invariants that damaged files can break; what follows them is bounds-checked.
#define STBI_ASSERT(condition) static_cast<void>(0)
