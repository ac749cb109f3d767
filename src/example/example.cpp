#include "example/example.h"

#include <array>
#include <string>

#include "example/scene.h"
#include "image/encode.h"
#include "import/zip_writer.h"
#include "schema/json.h"
#include "schema/records.h"

namespace handful::example {
namespace {

constexpr char kName[] = "Example: fruit";
// of those tried one whose held-out pictures are hard, but not too hard: some 93 % are told
constexpr uint64_t kSeed = 4;
constexpr int kJpegQuality = 78;                  // some 5 KB a picture; as PNG it would be 60
constexpr int64_t kBegin_ms = 1'790'000'000'000;  // in 2026; any would do
constexpr int64_t kBetweenShots_ms = 500, kBetweenRecordings_ms = 60'000;

struct FruitClass {
  Kind kind;
  const char* name;
};
constexpr std::array<FruitClass, 4> kClasses = {
    {{Kind::kApple, "Apple"}, {Kind::kBanana, "Banana"}, {Kind::kLemon, "Lemon"}, {Kind::kPear, "Pear"}}};

struct Recording {
  Place place;
  int pictures;  // of each class
};

}  // namespace

Result<std::vector<uint8_t>> ProjectZip() {
  const std::array<Recording, 2> recordings = {{{OnCloth(), 8}, {OnWood(), 17}}};
  schema::ProjectFile file;
  file.project.name = kName;
  int64_t id = 0, time_ms = kBegin_ms;
  for (const FruitClass& c : kClasses)
    file.project.classes.push_back({.id = ++id, .name = c.name, .color = static_cast<int>(id - 1)});
  file.project.created_ms = time_ms;

  std::vector<std::pair<std::string, std::vector<uint8_t>>> entries;
  int session = 0;
  for (const Recording& recording : recordings) {
    for (size_t i = 0; i < kClasses.size(); ++i) {
      ++session;
      Rng rng(kSeed, static_cast<uint64_t>(session));
      for (int n = 0; n < recording.pictures; ++n) {
        const Fruit fruit = Grow(kClasses[i].kind, rng);
        Result<image::Image> picture = TakePicture(recording.place, fruit, rng);
        if (!picture.ok()) return picture.status();
        Result<std::vector<uint8_t>> jpeg = image::EncodeJpeg(*picture, kJpegQuality);
        if (!jpeg.ok()) return jpeg.status();
        schema::SampleInfo sample{
            .id = ++id, .class_id = file.project.classes[i].id, .source = schema::SampleSource::kCamera};
        sample.name = Format("camera %d-%d", session, n + 1);
        sample.session = Format("camera %d", session);
        sample.burst = true;
        sample.time_ms = time_ms += kBetweenShots_ms;
        file.samples.push_back({std::move(sample), Format("samples/%02zu %s/%06lld.jpg", i + 1, kClasses[i].name,
                                                          static_cast<long long>(id))});
        entries.emplace_back(file.samples.back().file, std::move(*jpeg));
      }
      time_ms += kBetweenRecordings_ms;
    }
  }
  file.project.samples = static_cast<int>(file.samples.size());
  file.project.changed_ms = time_ms;
  file.project.next_id = id + 1;

  importers::ZipWriter zip;
  const std::string json = schema::ToJson(file);
  HANDFUL_TRY(zip.Add("project.json", {reinterpret_cast<const uint8_t*>(json.data()), json.size()}));
  for (const auto& [name, bytes] : entries) HANDFUL_TRY(zip.Add(name, bytes));
  return zip.Finish();
}

Result<image::Image> AnyPicture(int n) {
  Rng rng(kSeed, 1000 + static_cast<uint64_t>(n));
  const Fruit fruit = Grow(kClasses[static_cast<size_t>(n) % kClasses.size()].kind, rng);
  return TakePicture(n % 2 == 0 ? OnWood() : OnCloth(), fruit, rng);
}

}  // namespace handful::example
