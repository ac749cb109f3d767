// The user interface's wasm boundary, used by web/page/ui_module.ts and nothing else.
//
//   exports   Strings are UTF-8 with a length; whoever calls frees its own memory (ui_alloc, ui_free). Ids are doubles:
//             whole numbers below 2^53. Lengths and positions are CSS pixels.
//     ui_alloc(bytes) → pointer, ui_free(pointer)
//     ui_start(width, height, dpr, dark, regular_ttf, bytes, strong_ttf, bytes) → 1, or 0 where there is no WebGL 2
//     ui_resize(width, height, dpr), ui_dark(0|1), ui_drop_active(0|1, x, y)
//     ui_file(id, name, length, bytes, from_folder)…
//     ui_files_end(kind 0 dropped | 1 picked | 2 pasted, x, y, control_id)
//     ui_example(id, name, length)                a project's zip, in answer to onExample
//     ui_shipped(backbone_id, file, length, bytes, head_id, file, length, bytes, name, length)…, ui_shipped_end()
//                                                 the page's own, the preferred one first; head_id 0: there is none
//     ui_event(json, length, buffers, n)   an event of the engine; buffers: n pairs {uint32 pointer, uint32 bytes}
//     ui_download(what, length, loaded, total), ui_missing(sentence, length), ui_engine_stopped(sentence, length)
//     ui_notice(kind 0 info | 1 warning | 2 error, sentence, length), ui_licenses(text, length)
//     ui_scroll_by(x, y, dy), ui_scroll_to(region_id, y), ui_activate(id), ui_focus(id, ring 0|1)
//     ui_input(id, text, length, committed 0|1)   a mirrored text field's text: while it is typed, and when it is done
//     ui_choose(id, index)                        a mirrored choice's option
//     ui_hold(id, down 0|1)                       a mirrored hold button, by key; the pointer's way is the canvas
//     ui_key(name, length, ctrl 1 | shift 2 | alt 4, down 0|1) → 1 if used; only keys that no DOM control wants
//     ui_camera_state(json, length)               CameraState of src/ui/base/host.h: {status, message,
//                                                 devices: [{id, label}], device, rear, width, height}
//     ui_camera_texture(width, height) → name in GL.textures, RGBA8, to be filled by texImage2D
//     ui_camera_frame(seconds) → 1 when a shot of this frame is wanted
//     ui_shot(file_id, bytes, video_id, seconds, index, total)
//     ui_video_end(video_id, sentence, length)    "" when all went well
//     ui_frame(seconds) → 1 when it wants another at the next opportunity
//   JS side   Module.onCommand(type, id, json, fileIds: number[])
//                                                         for EngineClient.post; the files are the command's buffers
//             Module.onRelease(fileId)                    the file is not needed any more
//             Module.onPick("pictures" | "folder" | "model"), Module.onExample(), Module.onTakeModel()
//             Module.onSave(fileName, mimeType, text)
//             Module.onCamera(json: CameraWish), Module.onSampleVideo(fileId, shotsPerSecond, cropMode)
//             Module.onAskToPersist(), Module.onKeepBackbone(fileName), Module.onTheme("light" | "dark")
//             Module.onFetchLicenses(), Module.onFrameWanted()
//             Module.onAccess(json)                       operations on the mirrored elements (src/ui/toolkit/access.h)
//             Module.rasterizeText(text, sizePx, strong, cssColor)
//                                                         → {width, height, data: Uint8ClampedArray} | null
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
void* ui_alloc(size_t bytes);
void ui_free(void* pointer);
int ui_start(float width, float height, float dpr, int dark, const uint8_t* regular, size_t regular_bytes,
             const uint8_t* strong, size_t strong_bytes);
void ui_resize(float width, float height, float dpr);
void ui_dark(int dark);
void ui_drop_active(int active, float x, float y);
void ui_file(double id, const char* name, size_t length, double bytes, int from_folder);
void ui_files_end(int kind, float x, float y, double control);
void ui_example(double id, const char* name, size_t length);
void ui_shipped(double backbone_id, const char* backbone, size_t backbone_length, double backbone_bytes, double head_id,
                const char* head, size_t head_length, double head_bytes, const char* name, size_t name_length);
void ui_shipped_end();
void ui_event(const char* json, size_t length, const uint32_t* buffers, size_t buffer_count);
void ui_download(const char* what, size_t length, double loaded, double total);
void ui_missing(const char* sentence, size_t length);
void ui_engine_stopped(const char* sentence, size_t length);
void ui_notice(int kind, const char* sentence, size_t length);
void ui_licenses(const char* text, size_t length);
void ui_scroll_by(float x, float y, float dy);
void ui_scroll_to(double region, float y);
void ui_activate(double id);
void ui_focus(double id, int ring);
void ui_input(double id, const char* text, size_t length, int committed);
void ui_choose(double id, int index);
void ui_hold(double id, int down);
int ui_key(const char* name, size_t length, int modifiers, int down);
void ui_camera_state(const char* json, size_t length);
uint32_t ui_camera_texture(int width, int height);
int ui_camera_frame(double seconds);
void ui_shot(double file, double bytes, double video, double seconds, int index, int total);
void ui_video_end(double video, const char* sentence, size_t length);
int ui_frame(double seconds);
}
