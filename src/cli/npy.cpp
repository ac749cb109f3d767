#include "cli/npy.h"

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace handful::cli {
namespace {

constexpr size_t kPreamble = 10;  // bytes before the dictionary
constexpr uint8_t kMagic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

// Takes `word` off the front of `text`, and blanks before it.
bool Take(std::string_view& text, std::string_view word) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// A whole number below 1.4 · 10⁹.
std::optional<size_t> TakeNumber(std::string_view& text) {
  (void)Take(text, "");
  size_t digits = 0, value = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && value < size_t{1} << 27U; ++digits)
    value = value * 10 + static_cast<size_t>(text[digits] - '0');
  text.remove_prefix(digits);
  return digits > 0 ? std::optional(value) : std::nullopt;
}

// What follows 'key': in the dictionary, up to its end.
std::string_view ValueOf(std::string_view dictionary, std::string_view key) {
  const size_t at = dictionary.find(key);
  std::string_view rest = at == std::string_view::npos ? "" : dictionary.substr(at + key.size());
  return Take(rest, ":") ? rest : "";
}

}  // namespace

std::vector<uint8_t> NpyFile(const std::vector<uint8_t>& float32_rows, size_t rows, size_t columns) {
  std::string header = Format("{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, columns);
  header.resize((kPreamble + header.size() + 1 + 63) / 64 * 64 - kPreamble - 1, ' ');
  header += '\n';
  std::vector<uint8_t> file(std::begin(kMagic), std::end(kMagic));
  file.insert(file.end(),
              {1, 0, static_cast<uint8_t>(header.size() & 0xFFU), static_cast<uint8_t>(header.size() >> 8U)});
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), float32_rows.begin(), float32_rows.end());
  return file;
}

Result<NpyShape> ReadNpyShape(std::span<const uint8_t> file) {
  if (file.size() < kPreamble || std::memcmp(file.data(), kMagic, sizeof kMagic) != 0)
    return Errorf("it is no .npy file");
  if (file[6] != 1) return Errorf("it is of .npy version %d, not 1", file[6]);
  const size_t length = static_cast<size_t>(file[8]) | static_cast<size_t>(file[9]) << 8U;
  if (file.size() - kPreamble < length)
    return Errorf("it is cut short: its header has %zu bytes, but %zu are there", length, file.size() - kPreamble);
  const std::string_view header(reinterpret_cast<const char*>(file.data()) + kPreamble, length);
  std::string_view type = ValueOf(header, "'descr'"), order = ValueOf(header, "'fortran_order'"),
                   shape = ValueOf(header, "'shape'");
  if (!Take(type, "'<f4'") || !Take(order, "False")) return Errorf("its numbers are not float32, row by row");
  const bool opens = Take(shape, "(");
  const std::optional<size_t> rows = TakeNumber(shape);
  const bool goes_on = Take(shape, ",");
  const std::optional<size_t> columns = TakeNumber(shape);
  if (!opens || !rows.has_value() || !goes_on || !columns.has_value() || !Take(shape, ")"))
    return Errorf("its shape is not rows × columns");
  const NpyShape found{*rows, *columns, kPreamble + length};
  if (found.offset % sizeof(float) != 0) return Errorf("its numbers begin at byte %zu, not at one of 4", found.offset);
  const size_t bytes = file.size() - found.offset;
  const uint64_t row_bytes = uint64_t{found.columns} * sizeof(float);
  const bool fits = uint64_t{found.rows} * row_bytes == bytes && (row_bytes > 0 || found.rows == 0);
  if (!fits) return Errorf("its header says %zu × %zu numbers, but %zu bytes follow", found.rows, found.columns, bytes);
  return found;
}

}  // namespace handful::cli
