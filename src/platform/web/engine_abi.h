// The engine's wasm boundary, used by web/engine/worker.ts and nothing else.
//
//   exports   handful_alloc(bytes) → pointer            (1 or more) for a buffer that handful_post will own; 0 when
//                                                       there is no memory
//             handful_post(json, length, buffers, n)    json: UTF-8; buffers: n pairs {uint32 pointer, uint32 bytes}
//                                                       from handful_alloc; takes ownership of the buffers (not of json
//                                                       or the pairs)
//             handful_step() → 1 while there is more to do
//             handful_free(pointer)
//   JS side   Module.onEvent(type: string, id: number, json: string, buffers: Uint8Array[])
//                                                       id: 0 where the event has none; each buffer a copy that may
//                                                       be transferred
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
void* handful_alloc(size_t bytes);
void handful_free(void* pointer);
void handful_post(const char* json, size_t json_length, const uint32_t* buffers, size_t buffer_count);
int handful_step();
}
