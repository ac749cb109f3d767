// strtod: on the web that of src/platform/web/parse_number.cpp, natively the system's, which says what is right.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include <gtest/gtest.h>

namespace {

TEST(ParseNumber, GivesTheNearestDoubleToTheLastBit) {
  const std::pair<const char*, double> cases[] = {{"0", 0.0},
                                                  {"-0.0", -0.0},
                                                  {"1", 1.0},
                                                  {"-17.25", -17.25},
                                                  {"+3", 3.0},
                                                  {".5", 0.5},
                                                  {"5.", 5.0},
                                                  {"  7", 7.0},
                                                  {"1E-5", 1e-5},
                                                  {"0.1", 0.1},
                                                  {"0.30000000000000004", 0.30000000000000004},
                                                  {"0.007843137718737125", 0.007843137718737125},
                                                  {"123456789012345", 123456789012345.0},
                                                  {"9007199254740993", 9007199254740993.0},
                                                  {"1e22", 1e22},
                                                  {"1e23", 1e23},
                                                  {"8.41e21", 8.41e21},
                                                  {"2.2250738585072014e-308", 2.2250738585072014e-308},
                                                  {"5e-324", 5e-324},
                                                  {"1e-400", 0.0},
                                                  {"1.7976931348623157e308", 1.7976931348623157e308},
                                                  {"-1e400", -HUGE_VAL},
                                                  {"inf", HUGE_VAL},
                                                  {"-Infinity", -HUGE_VAL},
                                                  {"0.000000000000000000000000000000001", 1e-33}};
  for (const auto& [text, value] : cases) {
    char* end = nullptr;
    const double parsed = std::strtod(text, &end);
    EXPECT_EQ(std::bit_cast<uint64_t>(parsed), std::bit_cast<uint64_t>(value)) << text;
    EXPECT_STREQ(end, "") << text;
  }
}

TEST(ParseNumber, EndsWhereTheNumberDoes) {
  const std::pair<const char*, const char*> cases[] = {{"12,5", ",5"}, {"1.2.3", ".3"}, {"1e", "e"},   {"1e+x", "e+x"},
                                                       {"3px", "px"},  {"abc", "abc"},  {"nano", "o"}, {"infer", "er"},
                                                       {"-", "-"},     {".", "."},      {"", ""}};
  for (const auto& [text, rest] : cases) {
    char* end = nullptr;
    std::strtod(text, &end);
    EXPECT_STREQ(end, rest) << text;
  }
}

}  // namespace
