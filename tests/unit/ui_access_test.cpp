#include <gtest/gtest.h>

#include "ui/toolkit/access.h"

namespace handful::ui {
namespace {

AccessNode Named(Role role, std::string name, Rect rect = {0, 0, 10, 10}) {
  return {.role = role, .name = std::move(name), .rect = rect};
}

void Leaf(AccessTree& tree, AccessId id, const AccessNode& node) {
  tree.Open(id, node);
  tree.Close();
}

TEST(AccessTree, DeclaresNewElementsOnceAndThenSaysNothing) {
  AccessTree tree;
  for (int frame = 0; frame < 2; ++frame) {
    tree.BeginFrame();
    Leaf(tree, 5, Named(Role::kButton, "Load a model…", {1, 2, 30, 40}));
    const std::string operations = tree.EndFrame();
    if (frame == 0) {
      EXPECT_EQ(operations, R"([["+",5,0,{"r":"button","n":"Load a model…","b":[1,2,30,40]}]])");
    } else {
      EXPECT_EQ(operations, "");
    }
  }
}

TEST(AccessTree, SendsOnlyThePropertiesThatChanged) {
  AccessTree tree;
  tree.BeginFrame();
  Leaf(tree, 5, Named(Role::kMeter, "cat"));
  EXPECT_NE(tree.EndFrame(), "");
  tree.BeginFrame();
  AccessNode node = Named(Role::kMeter, "cat");
  node.now = 99.84;
  node.value = "99.8 %";
  node.state = kBusy | kSelected;
  Leaf(tree, 5, node);
  EXPECT_EQ(tree.EndFrame(), R"([["=",5,{"v":"99.8 %","q":99.8,"s":"sb"}]])");
}

TEST(AccessTree, RemovesWhatIsNoLongerDeclaredWithAllBelowIt) {
  AccessTree tree;
  tree.BeginFrame();
  tree.Open(1, Named(Role::kTable, "t"));
  tree.Open(2, Named(Role::kRow, ""));
  Leaf(tree, 3, Named(Role::kCell, "x"));
  tree.Close();
  tree.Close();
  EXPECT_NE(tree.EndFrame(), "");
  tree.BeginFrame();
  tree.Open(1, Named(Role::kTable, "t"));
  tree.Close();
  EXPECT_EQ(tree.EndFrame(), R"([["-",2]])");
  EXPECT_EQ(tree.Find(3), nullptr);
}

TEST(AccessTree, TellsANewOrderAndNothingElse) {
  AccessTree tree;
  const auto frame = [&](std::vector<AccessId> ids) {
    tree.BeginFrame();
    for (const AccessId id : ids) Leaf(tree, id, Named(Role::kRow, std::to_string(id)));
    return tree.EndFrame();
  };
  EXPECT_NE(frame({1, 2, 3}), "");
  EXPECT_EQ(frame({3, 1, 2}), R"([["c",0,[3,1,2]]])");
  EXPECT_EQ(frame({3, 1, 2}), "");
  EXPECT_EQ(frame({3, 2}), R"([["-",1]])");
}

TEST(AccessTree, PutsANewElementBetweenOthers) {
  AccessTree tree;
  tree.BeginFrame();
  Leaf(tree, 1, Named(Role::kText, "a"));
  Leaf(tree, 3, Named(Role::kText, "c"));
  EXPECT_NE(tree.EndFrame(), "");
  tree.BeginFrame();
  Leaf(tree, 1, Named(Role::kText, "a"));
  Leaf(tree, 2, Named(Role::kText, "b"));
  Leaf(tree, 3, Named(Role::kText, "c"));
  EXPECT_EQ(tree.EndFrame(), R"([["+",2,0,{"r":"text","n":"b","b":[0,0,10,10]}],["c",0,[1,2,3]]])");
}

TEST(AccessTree, KeepsARowWithTheSameStampWithoutItsCells) {
  AccessTree tree;
  tree.BeginFrame();
  tree.Open(1, Named(Role::kRow, ""), 42);
  Leaf(tree, 2, Named(Role::kCell, "x"));
  tree.Close();
  EXPECT_NE(tree.EndFrame(), "");
  tree.BeginFrame();
  EXPECT_FALSE(tree.Keep(1, 43));
  EXPECT_TRUE(tree.Keep(1, 42));
  EXPECT_EQ(tree.EndFrame(), "");
  ASSERT_NE(tree.Find(2), nullptr);
  EXPECT_EQ(tree.Find(2)->name, "x");
}

TEST(AccessTree, MakesAnewWhatChangesItsRole) {
  AccessTree tree;
  tree.BeginFrame();
  Leaf(tree, 1, Named(Role::kText, "a"));
  EXPECT_NE(tree.EndFrame(), "");
  tree.BeginFrame();
  Leaf(tree, 1, Named(Role::kAlert, "a"));
  EXPECT_EQ(tree.EndFrame(), R"([["-",1],["+",1,0,{"r":"alert","n":"a","b":[0,0,10,10]}]])");
}

TEST(AccessTree, DumpsRectanglesOfTheWindowThroughAScrollRegion) {
  AccessTree tree;
  tree.BeginFrame();
  AccessNode region = Named(Role::kScroll, "list", {100, 50, 200, 300});
  region.scroll_y = 20;
  tree.Open(1, region);
  Leaf(tree, 2, Named(Role::kRow, "r", {0, 400, 200, 40}));
  tree.Close();
  EXPECT_NE(tree.EndFrame(), "");
  EXPECT_NE(tree.Dump().find(R"("role":"row","name":"r","rect":[100,430,200,40])"), std::string::npos) << tree.Dump();
}

TEST(AppendJsonString, EscapesMarkupsNeighboursAndBrokenUtf8) {
  std::string out;
  AppendJsonString(out, "a\"b\\c\n\x01<é😀\xFF");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\\u0001<é😀\xEF\xBF\xBD\"");
}

TEST(MakeAccessId, IsStableAndFitsAJavaScriptNumber) {
  EXPECT_EQ(MakeAccessId(1, "row"), MakeAccessId(1, "row"));
  EXPECT_NE(MakeAccessId(1, "row"), MakeAccessId(2, "row"));
  EXPECT_NE(MakeAccessId(1, int64_t{7}), MakeAccessId(1, int64_t{8}));
  for (int64_t i = 0; i < 1000; ++i) EXPECT_LT(MakeAccessId(3, i), 1ULL << 52U);
}

}  // namespace
}  // namespace handful::ui
