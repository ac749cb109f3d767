// What the user interface needs of the machine it runs on. The browser's page, the desktop's window and the tests each
// give one Host; nothing in src/ui knows which.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/theme.h"

namespace handful::ui {

// A file that the host holds and the user interface only names.
using FileId = int64_t;
struct FileRef {
  FileId id = 0;
  std::string name{};        // as dropped, may contain folders
  int64_t bytes = 0;
  bool from_folder = false;  // found inside a folder rather than chosen by hand
};

// width × height × 4 bytes, not premultiplied, top row first.
struct Pixels {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba8;
  bool empty() const { return rgba8.empty(); }
};

// A picture on the graphics card; 0 is none.
using TextureId = uint64_t;

// The way out for commands. Files become the command's buffers, in order.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  virtual void Send(const schema::Command& command, std::span<const FileId> files) = 0;
  // The user interface will not ask for this file again.
  virtual void Release(FileId file) = 0;
};

enum class Pick { kPictures, kFolder, kModel };

class Host : public CommandSink {
 public:
  // Opens the machine's own file dialog; the answer arrives as App::AddFiles.
  virtual void PickFiles(Pick what) = 0;
  virtual bool CanPickFiles() const = 0;
  virtual void SaveText(const std::string& file_name, const std::string& mime_type, const std::string& text) = 0;
  virtual void ChooseTheme(ThemeMode mode) = 0;
  // Fetch the licences of all that ships; they arrive as App::SetLicenses.
  virtual void FetchLicenses() = 0;
  // Draw soon: something changed.
  virtual void RequestFrame() = 0;
  // Changes of the access tree (access.h), as JSON.
  virtual void UpdateAccess(const std::string& operations_json) = 0;

  // The glyph atlas was rebuilt: show it to the graphics card.
  virtual void UploadFonts() = 0;
  // With mipmaps and linear filtering. 0 where there is no graphics card.
  virtual TextureId CreateTexture(const Pixels& pixels) = 0;
  virtual void DestroyTexture(TextureId texture) = 0;
  // Draws one line of text that the shipped typeface has no letters for; empty where the machine cannot.
  virtual Pixels RasterizeText(const std::string& text, float size_px, bool strong, Color color) = 0;
};

}  // namespace handful::ui
