// What the modules that a Worker runs have in common: engine_abi.h's buffers and its way to JavaScript.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace handful::web {

using Bytes = std::vector<uint8_t>;

// Module.onEvent. The buffers are copied before this returns.
void Emit(const char* type, int64_t id, const std::string& json, std::span<const Bytes> buffers);

// Those that JavaScript got from handful_alloc and has filled: n pairs {uint32 pointer, uint32 bytes}.
std::vector<Bytes> TakeBuffers(const uint32_t* pairs, size_t n);

}  // namespace handful::web
