// What paths inside of archives say, and what ours are called.
#pragma once

#include <string>

namespace handful::engine {

// Hidden files and what a Mac adds are none.
bool IsPicture(const std::string& path);
// "a/b.png" → "b.png"
std::string FileNameOf(const std::string& path);
// "a/b.png" → "b"
std::string StemOf(const std::string& path);
// The class a picture's path speaks of: Teachable Machine's projects say "<class>-!-<number>.jpg", others have a folder
// each; a zip of one class's samples is called "<class>-samples.zip".
std::string LabelOf(const std::string& path, const std::string& archive);
// A name any file system takes.
std::string SafeName(const std::string& name);

}  // namespace handful::engine
