#include <cstdio>
#include <cstring>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace handful::cli {
namespace {

// NumPy's format 1.0: magic, version, header length, a Python dictionary padded to 64 bytes, then the numbers.
// numpy.org/doc/stable/reference/generated/numpy.lib.format.html
std::vector<uint8_t> NpyFile(const std::vector<uint8_t>& float32_rows, size_t rows, size_t columns) {
  std::string header = Format("{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, columns);
  constexpr size_t kPreamble = 10;
  header.resize((kPreamble + header.size() + 1 + 63) / 64 * 64 - kPreamble - 1, ' ');
  header += '\n';
  std::vector<uint8_t> file = {0x93,
                               'N',
                               'U',
                               'M',
                               'P',
                               'Y',
                               1,
                               0,
                               static_cast<uint8_t>(header.size() & 0xFFU),
                               static_cast<uint8_t>(header.size() >> 8U)};
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), float32_rows.begin(), float32_rows.end());
  return file;
}

}  // namespace

int Features(Arguments arguments) {
  std::string out, backbone;
  schema::InputRange input_range = schema::InputRange::kMinusOneToOne;
  arguments.Option("--out", out);
  arguments.Option("--backbone", backbone);
  arguments.Option("--input-range", input_range);
  Result<std::vector<std::string>> files = arguments.Positional(1);
  if (!files.ok()) return WrongUsage(files.status());

  Session session;
  if (const Status status = session.LoadBackbone(backbone); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  int exit_code = kAllGood;
  std::vector<uint8_t> rows;
  size_t row_bytes = 0;
  for (const std::string& file : *files) {
    Result<std::vector<uint8_t>> bytes = ReadFile(file);
    Status status = bytes.status();
    if (bytes.ok()) {
      session.Run(schema::ComputeFeatures{.name = file, .input_range = input_range}, {std::move(*bytes)});
      status = session.status();
    }
    if (!status.ok()) {
      PrintFailure(file, status.message(), /*json=*/false);
      exit_code = kSomeFailed;
      continue;
    }
    const schema::Bytes& features = session.BuffersOf<schema::Features>()->front();
    row_bytes = features.size();
    if (!out.empty()) {
      rows.insert(rows.end(), features.begin(), features.end());
      continue;
    }
    nlohmann::ordered_json row = {{"file", file}, {"features", nlohmann::ordered_json::array()}};
    for (size_t i = 0; i < features.size(); i += sizeof(float)) {
      float value = 0;
      std::memcpy(&value, features.data() + i, sizeof value);
      row["features"].push_back(value);
    }
    PrintJson(row);
  }
  if (out.empty() || row_bytes == 0) return exit_code;
  if (const Status status = WriteFile(out, NpyFile(rows, rows.size() / row_bytes, row_bytes / sizeof(float)));
      !status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  return exit_code;
}

}  // namespace handful::cli
