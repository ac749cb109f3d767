// The rules for zip archives that both readers keep: tests/fixtures/make_zip_cases.mjs.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "import/zip.h"
#include "unit/test_files.h"

namespace handful::importers {
namespace {

using Json = nlohmann::json;

std::vector<uint8_t> FromHex(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

TEST(ZipReader, KeepsTheRulesThatTheBrowsersReaderKeeps) {
  const Json table = Json::parse(testing::ReadBytes(testing::SourceFile("tests/fixtures/zip_cases.json")));
  const Json& limits = table["limits"];
  for (const Json& c : table["cases"]) {
    SCOPED_TRACE(c["name"].get<std::string>());
    const std::vector<uint8_t> archive = FromHex(c["archive"].get<std::string>());
    const Result<ZipReader> reader = ZipReader::Open(archive, {.max_unpacked_bytes = limits["totalBytes"],
                                                               .max_entry_bytes = limits["entryBytes"],
                                                               .max_entries = limits["entries"]});
    if (c.contains("refused")) {
      ASSERT_FALSE(reader.ok());
      EXPECT_NE(reader.status().message().find(c["refused"].get<std::string>()), std::string::npos)
          << reader.status().message();
      continue;
    }
    ASSERT_TRUE(reader.ok()) << reader.status().message();
    ASSERT_EQ(reader->entries().size(), c["entries"].size());
    for (size_t i = 0; i < c["entries"].size(); ++i) {
      const Json& expected = c["entries"][i];
      const ZipReader::Entry& entry = reader->entries()[i];
      EXPECT_EQ(entry.name, expected["name"].get<std::string>());
      const Result<std::vector<uint8_t>> read = reader->Read(entry);
      if (expected.contains("text")) {
        ASSERT_TRUE(read.ok()) << read.status().message();
        EXPECT_EQ(std::string(read->begin(), read->end()), expected["text"].get<std::string>());
      } else {
        ASSERT_FALSE(read.ok());
        EXPECT_NE(read.status().message().find(expected["refused"].get<std::string>()), std::string::npos)
            << read.status().message();
      }
    }
  }
}

}  // namespace
}  // namespace handful::importers
