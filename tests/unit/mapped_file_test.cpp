#include "cli/mapped_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "cli/files.h"

namespace handful::cli {
namespace {

#ifndef __EMSCRIPTEN__

TEST(MappedFile, IsTheFile) {
  const std::string path = testing::TempDir() + "/mapped_file";
  ASSERT_TRUE(WriteFile(path, {1, 2, 3}).ok());
  const Result<std::shared_ptr<const MappedFile>> file = MappedFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(std::vector<uint8_t>((*file)->bytes().begin(), (*file)->bytes().end()), (std::vector<uint8_t>{1, 2, 3}));
  std::filesystem::remove(path);
}

TEST(MappedFileDeathTest, ThatIsCutShortEndsTheProgramWithASentence) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = testing::TempDir() + "/mapped_file_cut";
  EXPECT_EXIT(
      {
        if (!WriteFile(path, std::vector<uint8_t>(100'000, 7)).ok()) std::exit(9);
        const Result<std::shared_ptr<const MappedFile>> file = MappedFile::Open(path);
        EndWhereMappedFilesBreak();
        std::filesystem::resize_file(path, 10);
        std::exit((*file)->bytes()[99'999] == 7 ? 0 : 9);
      },
      testing::ExitedWithCode(1), "a file was cut short");
  std::filesystem::remove(path);
}

#endif

}  // namespace
}  // namespace handful::cli
