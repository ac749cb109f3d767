// What a visitor's files are, by their names, and what becomes of them: parts of a model, pictures to be answered, or
// samples.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/base/host.h"

namespace handful::ui {

bool IsPicture(const std::string& name);
bool IsModelPart(const std::string& name);
bool IsVideo(const std::string& name);
bool IsSampleArchive(const std::string& name);  // .tm; a .zip may be a model, too
std::string LowerExtension(const std::string& name);
// The folder a file lies in, "" for none: the class of "hands/two/a.png" is "two".
std::string ClassFolder(const std::string& path);
// "2.png" before "10.png".
bool NaturalLess(const std::string& a, const std::string& b);

// Which files are parts of a model, which are pictures, and which lay in a folder and are neither.
struct SortedFiles {
  std::vector<FileRef> model, pictures, left_out;
};
SortedFiles SortFiles(std::span<const FileRef> files);

// Likewise where they shall become samples.
struct SampleFiles {
  std::vector<FileRef> pictures, archives, videos, left_out;
};
SampleFiles SortSampleFiles(std::span<const FileRef> files);

}  // namespace handful::ui
