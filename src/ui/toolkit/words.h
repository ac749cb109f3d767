// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace handful::ui {

std::string NumberText(double value);  // whole ones up to 1e16 with all their digits: "50", "0.001"
std::string Percent(double p);         // "99.8 %", "> 99.9 %", "< 0.1 %"
std::string Milliseconds(double ms);   // "3.2 ms", "45 ms", "1.2 s"
std::string Megabytes(int64_t bytes);  // "2.4 MB"
std::string Count(int64_t n, const char* one, const char* many);  // "1 picture", "200 pictures"
// "cut short at byte 12" → "Cut short at byte 12."
std::string Sentence(std::string text);
std::string BaseName(const std::string& path);
std::string Quoted(const std::string& name);                                // “name”, shortened where it is long
std::string Joined(const std::vector<std::string>& names, size_t at_most);  // "a, b, c, …"
// "14:05" on the day of `now_ms`, else "23 Nov, 14:05"; local time.
std::string WhenText(int64_t time_ms, int64_t now_ms);

}  // namespace handful::ui
