#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "base/buffer.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "base/status.h"

namespace handful {
namespace {

TEST(Status, CarriesASentenceWithItsContext) {
  const Status status = Errorf("width %d exceeds %d", 30000, 10000).WithContext("cat.png");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.message(), "cat.png: width 30000 exceeds 10000");
  EXPECT_TRUE(Status::Ok().WithContext("cat.png").ok());
}

TEST(Status, IsMadeOfPhrasesThatCanBeSaidInAnotherLanguage) {
  const Status status = Errorf("%s has %lld of %zu bytes, %5.1f %%, %.*s, %-4d|%02X%c%u", "cat", 7LL, size_t{9}, 77.777,
                               2, "abc", -3, 10U, '!', 4000000000U)
                            .WithContextf("picture %d cannot be read", 3);
  ASSERT_EQ(status.phrases().size(), 2U);
  EXPECT_EQ(status.phrases()[0].code, "picture %d cannot be read");
  EXPECT_EQ(status.phrases()[0].arguments, std::vector<std::string>{"3"});
  EXPECT_EQ(status.phrases()[1].arguments,
            (std::vector<std::string>{"cat", "7", "9", " 77.8", "ab", "-3  ", "0A", "!", "4000000000"}));
  EXPECT_EQ(status.message(), "picture 3 cannot be read: cat has 7 of 9 bytes,  77.8 %, ab, -3  |0A!4000000000");
  // What somebody else wrote is not taken for a format.
  EXPECT_EQ(Status::Error("100 %s sure").message(), "100 %s sure");
  EXPECT_TRUE(Status().WithContextf("picture %d", 3).ok());
  EXPECT_EQ(Status().message(), "");
}

TEST(Rng, GivesThePublishedSequenceOfPcg32) {
  Rng rng(42, 54);  // pcg32-demo.c of the reference implementation
  for (const uint32_t expected : {0xa15c02b7U, 0x7b47f409U, 0xba1d3330U, 0x83d2f293U, 0xbfa4784bU, 0xcbed606eU}) {
    EXPECT_EQ(rng.Next(), expected);
  }
}

TEST(Rng, StreamsOfOneSeedDiffer) {
  Rng a(1, 1);
  Rng b(1, 2);
  EXPECT_NE(a.Next(), b.Next());
}

TEST(Rng, BelowReachesEveryValueAndNoOther) {
  Rng rng(7);
  std::set<uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.Below(5));
  EXPECT_EQ(seen, (std::set<uint32_t>{0, 1, 2, 3, 4}));
}

TEST(Rng, ShufflingKeepsEveryItem) {
  std::vector<int> items = {1, 2, 3, 4, 5, 6, 7, 8};
  Rng(3).Shuffle<int>(items);
  EXPECT_NE(items, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(std::multiset<int>(items.begin(), items.end()), (std::multiset<int>{1, 2, 3, 4, 5, 6, 7, 8}));
}

std::string HashOf(const std::string& text, size_t chunk) {
  Sha256 sha;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t i = 0; i < text.size(); i += chunk) sha.Update({bytes + i, std::min(chunk, text.size() - i)});
  return sha.HexDigest();
}

TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(HashOf("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HashOf("abc", 64), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  EXPECT_EQ(HashOf(two_blocks, 7), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HashOf(std::string(1000000, 'a'), 4093),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Buffer, SaysHowManyMegabytesWereNotToBeHad) {
  const Result<Buffer<float>> huge = Buffer<float>::Zeroed(SIZE_MAX / 8);
  ASSERT_FALSE(huge.ok());
  EXPECT_NE(huge.status().message().find("MB were needed"), std::string::npos);
}

TEST(Buffer, CopiesAndZeroes) {
  const std::vector<int> values = {1, 2, 3};
  Result<Buffer<int>> copy = Buffer<int>::CopyOf(values);
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(std::vector<int>(copy->span().begin(), copy->span().end()), values);
  EXPECT_EQ((*Buffer<int>::Zeroed(4))[3], 0);
}

}  // namespace
}  // namespace handful
