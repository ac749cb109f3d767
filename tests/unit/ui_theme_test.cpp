#include <gtest/gtest.h>

#include "ui/toolkit/pixels.h"
#include "ui/toolkit/theme.h"
#include "ui/toolkit/words.h"
#include "ui/try/csv.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

TEST(Theme, TextReadsOnEverySurfaceItIsMeantFor) {
  struct Use {
    Token ink, ground;
  };
  constexpr Use kUses[] = {
      {Token::kText, Token::kPage},
      {Token::kText, Token::kSurface},
      {Token::kText, Token::kSunken},
      {Token::kText, Token::kHover},
      {Token::kText, Token::kAccentSoft},
      {Token::kText, Token::kTrack},
      {Token::kTextMuted, Token::kPage},
      {Token::kTextMuted, Token::kSurface},
      {Token::kTextMuted, Token::kSunken},
      {Token::kTextMuted, Token::kHover},
      {Token::kTextMuted, Token::kTrack},
      {Token::kTextMuted, Token::kAccentSoft},
      {Token::kOnAccent, Token::kAccent},
      {Token::kOnAccent, Token::kAccentHover},
      {Token::kAccentText, Token::kSurface},
      {Token::kAccentText, Token::kAccentSoft},
      {Token::kWarningText, Token::kWarningSoft},
      {Token::kWarningText, Token::kSurface},
      {Token::kErrorText, Token::kErrorSoft},
      {Token::kErrorText, Token::kSurface},
  };
  for (const bool dark : {false, true}) {
    for (const Use& use : kUses) {
      EXPECT_GE(Contrast(ColorOf(use.ink, dark), ColorOf(use.ground, dark)), 4.5)
          << (dark ? "dark " : "light ") << static_cast<int>(use.ink) << " on " << static_cast<int>(use.ground);
    }
    EXPECT_GE(Contrast(ColorOf(Token::kControl, dark), ColorOf(Token::kSurface, dark)), 3.0);
  }
}

TEST(Theme, ClassColoursStandOutAndTheirLettersRead) {
  for (const bool dark : {false, true}) {
    for (int i = 0; i < kClassColors; ++i) {
      const Color color = ClassColor(i, dark);
      EXPECT_GE(Contrast(color, ColorOf(Token::kSurface, dark)), 3.0) << i;
      EXPECT_GE(Contrast(color, InkOn(color)), 4.5) << i;
      for (int j = 0; j < i; ++j) EXPECT_FALSE(color == ClassColor(j, dark)) << i << " and " << j;
    }
  }
}

TEST(Theme, LettersGoOnAfterZ) {
  EXPECT_EQ(ClassLetters(0), "A");
  EXPECT_EQ(ClassLetters(25), "Z");
  EXPECT_EQ(ClassLetters(26), "AA");
  EXPECT_EQ(ClassLetters(701), "ZZ");
  EXPECT_EQ(ClassLetters(702), "AAA");
}

TEST(Words, SayNumbersAsPeopleReadThem) {
  EXPECT_EQ(Percent(0.9984), "99.8 %");
  EXPECT_EQ(Percent(0.99996), "> 99.9 %");
  EXPECT_EQ(Percent(1), "> 99.9 %");
  EXPECT_EQ(Percent(0.0001), "< 0.1 %");
  EXPECT_EQ(Percent(0), "< 0.1 %");
  EXPECT_EQ(Milliseconds(3.21), "3.2 ms");
  EXPECT_EQ(Milliseconds(45.4), "45 ms");
  EXPECT_EQ(Milliseconds(1234), "1.2 s");
  EXPECT_EQ(Count(1, "picture", "pictures"), "1 picture");
  EXPECT_EQ(Sentence("cut short"), "Cut short.");
  EXPECT_EQ(Sentence("model.h5: cut short"), "model.h5: cut short.");
  EXPECT_EQ(Sentence(""), "");
  EXPECT_EQ(BaseName("set/sub/a.png"), "a.png");
}

TEST(Csv, QuotesWhatNeedsItAndKeepsEveryColumn) {
  testing::FakeHost host;
  EngineState engine;
  engine.Apply(schema::Ready{});
  Try model(host, engine, [](NoticeKind, const std::string&) {});
  const auto apply = [&](schema::EventEnvelope event) { model.Apply(event); };
  apply(testing::Loaded(1, {"one, two", "3"}));
  model.AddFiles(testing::Files({"say \"hi\".png", "bad.png"}));
  const auto asked = host.Commands<schema::Classify>();
  apply(testing::Predicted(asked[0].id, "one, two", 0.75, 12.5));
  apply(testing::FailedToClassify(asked[1].id, "cut short"));
  EXPECT_EQ(ToCsv(model),
            "file,answer,probability,second,second_probability,milliseconds,width,height,warning,error\r\n"
            "\"say \"\"hi\"\".png\",\"one, two\",0.750000,other,0.250000,12.50,640,480,,\r\n"
            "bad.png,,,,,,,,,Cut short.\r\n");
}

TEST(Shrink, TakesTheMeanOfWhatAPixelCovers) {
  Pixels picture{4, 2, {}};
  for (const uint8_t v : {0, 100, 10, 10, 100, 200, 10, 10}) picture.rgba8.insert(picture.rgba8.end(), {v, v, v, 255});
  const Pixels small = Shrink(picture, 2);
  ASSERT_EQ(small.width, 2);
  ASSERT_EQ(small.height, 1);
  EXPECT_EQ(small.rgba8, (std::vector<uint8_t>{100, 100, 100, 255, 10, 10, 10, 255}));
}

}  // namespace
}  // namespace handful::ui
