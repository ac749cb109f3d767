// What the user interface needs of the machine it runs on. The browser's page, the desktop's window and the tests each
// give one Host; nothing in src/ui knows which.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/toolkit/geometry.h"
#include "ui/toolkit/screen.h"
#include "ui/toolkit/theme.h"

namespace handful::ui {

// A file that the host holds and the user interface only names.
using FileId = int64_t;
struct FileRef {
  FileId id = 0;
  std::string name{};  // as dropped, may contain folders
  int64_t bytes = 0;
  bool from_folder = false;  // found inside a folder rather than chosen by hand
};

// Where files came from: dropped at a place of the window, picked by a mirrored file control, or pasted.
struct FilesFrom {
  enum class Kind { kDropped, kPicked, kPasted } kind = Kind::kDropped;
  Vec2 at;               // kDropped: CSS px of the window
  uint64_t control = 0;  // kPicked: AccessId of the file control; 0: the machine's own dialog
};

// What the visitor wants of the camera.
struct CameraWish {
  bool on = false;
  std::string device;                                      // an id of CameraState::devices; "": any
  bool rear = false;                                       // of a phone, where no device is named
  schema::CropMode crop_mode = schema::CropMode::kCenter;  // what of the frame becomes the 224² square
  bool operator==(const CameraWish&) const = default;
};

struct CameraDevice {
  std::string id, label;
};

enum class CameraStatus { kOff, kStarting, kOn, kDenied, kBusy, kUnplugged, kNone, kInsecure, kFailed };

struct CameraState {
  CameraStatus status = CameraStatus::kOff;
  std::string message;  // of kFailed: the browser's words
  std::vector<CameraDevice> devices;
  std::string device;         // the one in use
  bool rear = false;          // it looks away from the visitor, so its preview is not mirrored
  int width = 0, height = 0;  // of its frames
};

inline constexpr int kShotSide = 224;  // pixels

// A kShotSide² RGBA8 frame, cropped and resized by shaders/: the pixels that are the sample. The host holds it as a
// file.
struct Shot {
  FileRef file;
  FileId video = 0;          // the video file it is from; 0: the camera
  double seconds = 0;        // in the video; of the camera: when it was taken, on Frame()'s clock
  int index = 0, total = 0;  // of the video's shots
};

// The way out for commands. Files become the command's buffers, in order.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  virtual void Send(const schema::Command& command, std::span<const FileId> files) = 0;
  // The user interface will not ask for this file again.
  virtual void Release(FileId file) = 0;
};

enum class Pick { kPictures, kFolder, kModel };

class Host : public CommandSink, public Screen {
 public:
  // Opens the machine's own file dialog; the answer arrives as App::AddFiles.
  virtual void PickFiles(Pick what) = 0;
  virtual bool CanPickFiles() const = 0;
  // Whether there is a project to look at before one has pictures of one's own. OpenExample gives its zip as
  // App::OpenExample.
  virtual bool HasExample() const = 0;
  virtual void OpenExample() = 0;
  // Whether a model can leave from here, and the dialog in which the visitor says in which form.
  virtual bool CanTakeModel() const = 0;
  virtual void TakeModel() = 0;
  // The camera; the answer arrives as App::OnCameraState. Asking for what is on already does nothing.
  virtual void UseCamera(const CameraWish& wish) = 0;
  // The camera's newest frame, whole and not mirrored; 0 while there is none.
  virtual TextureId CameraTexture() const = 0;
  // Plays a video file through the same path at that rate: App::OnShot for each, then OnVideoEnd. Stopped by rate 0.
  virtual void SampleVideo(FileId video, double shots_per_second, schema::CropMode crop_mode) = 0;
  // Ask the browser not to clear what is stored.
  virtual void AskToPersist() = 0;
  virtual void SaveText(const std::string& file_name, const std::string& mime_type, const std::string& text) = 0;
  virtual void ChooseTheme(ThemeMode mode) = 0;
  // The visitor wants this backbone, by its file's name, the next time, too.
  virtual void KeepBackbone(const std::string& file_name) = 0;
  // Fetch the licences of all that ships; they arrive as App::SetLicenses.
  virtual void FetchLicenses() = 0;
  // Draw soon: something changed.
  virtual void RequestFrame() = 0;
  // Draw when that time is over: something on screen goes by itself then.
  virtual void RequestFrameIn(double seconds) = 0;
  // Changes of the access tree (access.h), as JSON.
  virtual void UpdateAccess(const std::string& operations_json) = 0;
};

}  // namespace handful::ui
