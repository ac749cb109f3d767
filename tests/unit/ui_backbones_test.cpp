// Which backbone the page asks for, and what it does when one cannot be loaded.
#include <gtest/gtest.h>

#include "ui/train/backbones.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using testing::FakeHost;

Backbones::Shipped Named(FileId id, const std::string& name) { return {{id, name + ".safetensors", 10}, {}, name}; }

std::vector<schema::LoadBackbone> Asked(const FakeHost& host) {
  std::vector<schema::LoadBackbone> asked;
  for (const auto& sent : host.sent) {
    if (const auto* load = std::get_if<schema::LoadBackbone>(&sent.command)) asked.push_back(*load);
  }
  return asked;
}

TEST(Backbones, TheFirstIsLoadedAndTheNextWhereItCannotBe) {
  FakeHost host;
  Backbones backbones(host);
  backbones.Offer({Named(7, "a"), Named(8, "b")});
  ASSERT_EQ(Asked(host).size(), 1U);
  EXPECT_EQ(Asked(host)[0].name, "a.safetensors");
  backbones.Apply(schema::Failed{Asked(host)[0].id, "LoadBackbone", "a.safetensors", "it is cut short"});
  EXPECT_EQ(backbones.TakeInstead(), std::optional<size_t>(1));
  ASSERT_EQ(Asked(host).size(), 2U);
  EXPECT_EQ(Asked(host)[1].name, "b.safetensors");
  EXPECT_EQ(backbones.chosen(), 1U);
  // After the last there is none.
  backbones.Apply(schema::Failed{Asked(host)[1].id, "LoadBackbone", "b.safetensors", "it is cut short"});
  EXPECT_EQ(backbones.TakeInstead(), std::nullopt);
  EXPECT_EQ(Asked(host).size(), 2U);
}

TEST(Backbones, AnothersFailureChangesNothing) {
  FakeHost host;
  Backbones backbones(host);
  backbones.Offer({Named(7, "a"), Named(8, "b")});
  backbones.Apply(schema::Failed{Asked(host)[0].id, "LoadModel", "a.h5", "no"});
  EXPECT_EQ(backbones.TakeInstead(), std::nullopt);
  backbones.Apply(schema::Failed{1, "LoadBackbone", "x", "no"});
  EXPECT_EQ(backbones.TakeInstead(), std::nullopt);
  EXPECT_EQ(Asked(host).size(), 1U);
}

TEST(Backbones, WhatTheVisitorChoosesIsLoadedOnceAndSaysItsName) {
  FakeHost host;
  Backbones backbones(host);
  backbones.Offer({Named(7, "a"), Named(8, "b")});
  backbones.Apply(schema::BackboneLoaded{Asked(host)[0].id, "aa", false, "A (aa…)"});
  EXPECT_EQ(backbones.title(), "A (aa…)");
  backbones.Choose(0);
  EXPECT_EQ(Asked(host).size(), 1U);
  backbones.Choose(1);
  ASSERT_EQ(Asked(host).size(), 2U);
  backbones.Apply(schema::BackboneLoaded{Asked(host)[1].id, "bb", false, "B (bb…)"});
  EXPECT_EQ(backbones.sha256(), "bb");
  // One that cannot be loaded leaves the one in use.
  backbones.Choose(0);
  backbones.Apply(schema::Failed{Asked(host)[2].id, "LoadBackbone", "a.safetensors", "no"});
  EXPECT_EQ(backbones.TakeInstead(), std::nullopt);
  EXPECT_EQ(backbones.chosen(), 1U);
  EXPECT_EQ(Asked(host).size(), 3U);
}

}  // namespace
}  // namespace handful::ui
