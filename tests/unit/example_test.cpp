#include "example/example.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "engine/engine.h"
#include "engine/jobs/project_file.h"
#include "engine/memory_store.h"
#include "image/image.h"
#include "import/zip.h"

namespace handful::example {
namespace {

// Drawn once for all tests: it takes seconds.
const std::vector<uint8_t>& Zip() {
  static const std::vector<uint8_t> zip = [] {
    Result<std::vector<uint8_t>> drawn = ProjectZip();
    return drawn.ok() ? std::move(*drawn) : std::vector<uint8_t>();
  }();
  return zip;
}

std::string HashOf(const std::vector<uint8_t>& bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.HexDigest();
}

schema::ProjectFile File() {
  Result<importers::ZipReader> reader = importers::ZipReader::Open(Zip());
  EXPECT_TRUE(reader.ok());
  Result<std::vector<uint8_t>> json = reader->Read(reader->entries().at(0));
  Result<schema::ProjectFile> file = engine::ReadProjectFile(*json);
  EXPECT_TRUE(file.ok());
  return *file;
}

TEST(Example, IsTheSameOnEveryMachine) {
  EXPECT_EQ(HashOf(Zip()), "6aa7240a7498eec521b3f94efb0c1b8577b06b2ea7c379b8be7127dc798899d9");
}

TEST(Example, FitsInto600Kilobytes) {
  EXPECT_GT(Zip().size(), 300'000U);
  EXPECT_LE(Zip().size(), 600'000U);
}

TEST(Example, HasFourClassesInTwoRecordingsEach) {
  const schema::ProjectFile file = File();
  EXPECT_EQ(file.project.name, "Example: fruit");
  ASSERT_EQ(file.project.classes.size(), 4U);
  EXPECT_EQ(file.samples.size(), 100U);
  std::map<int64_t, std::map<std::string, int>> recordings;
  std::set<int64_t> ids;
  for (const schema::ArchivedSample& archived : file.samples) {
    ++recordings[archived.sample.class_id][archived.sample.session];
    ids.insert(archived.sample.id);
    EXPECT_TRUE(archived.sample.burst);
    EXPECT_LT(archived.sample.id, file.project.next_id);
  }
  EXPECT_EQ(ids.size(), 100U);
  std::set<std::string> sessions;
  for (const schema::ClassInfo& c : file.project.classes) {
    EXPECT_EQ(recordings[c.id].size(), 2U) << c.name;
    for (const auto& [session, n] : recordings[c.id]) {
      EXPECT_TRUE(sessions.insert(session).second) << session << " is of two classes";
      EXPECT_TRUE(n == 17 || n == 8) << session << ": " << n;
    }
  }
}

TEST(Example, HasNoTwoPicturesAlikeAndAllOfTheNetworksSize) {
  Result<std::vector<importers::InputFile>> files = importers::Unzip(Zip());
  ASSERT_TRUE(files.ok()) << files.status().message();
  std::set<std::string> pictures;
  for (const importers::InputFile& file : *files) {
    if (file.name == "project.json") continue;
    Result<image::Decoded> decoded = image::Decode(file.bytes);
    ASSERT_TRUE(decoded.ok()) << file.name;
    EXPECT_EQ(decoded->image.width, 224);
    EXPECT_EQ(decoded->image.height, 224);
    EXPECT_EQ(decoded->warning, "");
    pictures.insert(HashOf(file.bytes));
  }
  EXPECT_EQ(pictures.size(), 100U);
}

TEST(Example, IsImportedWithoutAComplaint) {
  engine::MemoryStore store;
  std::vector<schema::Event> events;
  std::vector<schema::CommandEnvelope> answers;
  engine::Engine engine(
      [&](schema::EventEnvelope event) {
        if (std::optional<schema::CommandEnvelope> answer = store.Answer(event)) answers.push_back(std::move(*answer));
        else events.push_back(std::move(event.message));
      },
      importers::ImportModel);
  engine.Post({schema::UseStore{}, {}});
  schema::ImportArchive import{.id = 7, .name = "example.zip", .session = "archive 1"};
  ASSERT_TRUE(store.AddArchive(Zip(), import).ok());
  engine.Post({import, {}});
  const auto done = [&] {
    for (const schema::Event& event : events) {
      if (const auto* found = std::get_if<schema::ImportDone>(&event)) return found;
    }
    return static_cast<const schema::ImportDone*>(nullptr);
  };
  for (bool busy = true; busy && done() == nullptr;) {
    for (schema::CommandEnvelope& answer : std::exchange(answers, {})) engine.Post(std::move(answer));
    busy = engine.Step() || !answers.empty();
  }
  ASSERT_NE(done(), nullptr);
  EXPECT_EQ(done()->added, 100);
  EXPECT_EQ(done()->failed, 0);
  EXPECT_EQ(done()->warning, "");
  for (const schema::Event& event : events) EXPECT_EQ(std::get_if<schema::Failed>(&event), nullptr);
}

}  // namespace
}  // namespace handful::example
