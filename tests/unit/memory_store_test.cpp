// What every store does: tests/fixtures/store_cases.json.
#include "engine/memory_store.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/test_files.h"

namespace handful::engine {
namespace {

using Json = nlohmann::json;
using schema::Bytes;

std::vector<schema::StorePut> Places(const Json& write, const char* field) {
  std::vector<schema::StorePut> places;
  for (const Json& place : write.value(field, Json::array())) places.push_back({place[0], place[1]});
  return places;
}

std::vector<std::string> Texts(const std::vector<Bytes>& values) {
  std::vector<std::string> texts;
  for (const Bytes& value : values) texts.emplace_back(value.begin(), value.end());
  return texts;
}

TEST(MemoryStore, DoesWhatEveryStoreDoes) {
  const Json table = Json::parse(testing::ReadBytes(testing::SourceFile("tests/fixtures/store_cases.json")));
  MemoryStore store;
  for (const Json& step : table["steps"]) {
    SCOPED_TRACE(step.dump());
    if (step.contains("write")) {
      const Json& write = step["write"];
      schema::StoreWrite batch{.ticket = 7,
                               .puts = Places(write, "puts"),
                               .removes = Places(write, "removes"),
                               .remove_prefixes = Places(write, "remove_prefixes")};
      if (write.contains("copy")) {
        batch.copy_from = write["copy"][0];
        batch.copy_to = write["copy"][1];
      }
      std::vector<Bytes> values;
      for (const Json& put : write.value("puts", Json::array())) {
        const std::string text = put[2];
        values.emplace_back(text.begin(), text.end());
      }
      const auto done = std::get<schema::StoreDone>(store.Answer({std::move(batch), std::move(values)})->message);
      EXPECT_EQ(done.ticket, 7);
      EXPECT_TRUE(step.contains("refused") ? done.error.starts_with(step["refused"].get<std::string>())
                                           : done.error.empty())
          << done.error;
    } else if (step.contains("list")) {
      const Json& list = step["list"];
      const auto answer = store.Answer(
          {schema::StoreList{.store = list[0], .prefix = list[1], .after = list[2], .limit = list[3]}, {}});
      const auto& data = std::get<schema::StoreData>(answer->message);
      EXPECT_EQ(Json(data.keys), step["keys"]);
      EXPECT_EQ(data.more, step["more"].get<bool>());
      EXPECT_EQ(answer->buffers.size(), data.keys.size());
    } else {
      schema::StoreRead read{.store = step["read"][0]};
      for (size_t i = 1; i < step["read"].size(); ++i) read.keys.push_back(step["read"][i]);
      const auto answer = store.Answer({std::move(read), {}});
      EXPECT_EQ(Json(std::get<schema::StoreData>(answer->message).keys), step["keys"]);
      EXPECT_EQ(Json(Texts(answer->buffers)), step["values"]);
    }
  }
}

}  // namespace
}  // namespace handful::engine
