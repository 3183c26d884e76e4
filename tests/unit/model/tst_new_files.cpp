#include <map>

#include <unistd.h>

#include <gmock/gmock.h>

#include "model/new_files.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names(const fs::path& folder)
{
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        found.push_back(entry.path().lexically_relative(folder).string());
    std::ranges::sort(found);
    return found;
}

TEST(WriteNewFiles, MakesAllWithTheirFolders)
{
    const TemporaryFolder folder;
    const Result<void> written = writeNewFiles(
        folder / "new", {{"a/b/c.txt", "c"}, {"a/run", "#!/bin/sh\n", true}, {"top", ""}});
    ASSERT_TRUE(written) << describe(written.error());
    EXPECT_THAT(names(folder / "new"),
                testing::ElementsAre("a", "a/b", "a/b/c.txt", "a/run", "top"));
    EXPECT_EQ(readFile(folder / "new/a/b/c.txt"), "c");
    EXPECT_EQ(::access((folder / "new/a/run").c_str(), X_OK), 0);
    EXPECT_NE(::access((folder / "new/a/b/c.txt").c_str(), X_OK), 0);
}

TEST(WriteNewFiles, LeavesNothingWhenOneIsThere)
{
    const TemporaryFolder folder;
    folder.write("z/mine.txt", "mine");
    const auto before = names(folder.path());
    const Result<void> written = writeNewFiles(
        folder.path(), {{"a/b.txt", "b"}, {"z/new.txt", "n"}, {"z/mine.txt", "theirs"}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Error::Code::Duplicate);
    EXPECT_EQ(written.error().file, (folder / "z/mine.txt").string());
    EXPECT_EQ(names(folder.path()), before);
    EXPECT_EQ(readFile(folder / "z/mine.txt"), "mine");
}

TEST(WriteNewFiles, SaysWhichFolderCannotBeMade)
{
    const TemporaryFolder folder;
    folder.write("file", "");
    const Result<void> written = writeNewFiles(folder.path(), {{"ok", ""}, {"file/sub/x", ""}});
    ASSERT_FALSE(written);
    EXPECT_EQ(
        describe(written.error()),
        (folder / "file").string()
            + ": the folder cannot be made: a file of this name is there; rename it, or choose "
              "another folder");
    EXPECT_THAT(names(folder.path()), testing::ElementsAre("file"));
}

} // namespace
} // namespace coldframe::test
