#include <filesystem>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "model/text_file.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;

std::size_t filesIn(const TemporaryFolder& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

TEST(ReplaceFile, makesOrReplacesAndLeavesNothingElse)
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "out.xml";
    ASSERT_TRUE(replaceFile(file, "one"));
    EXPECT_EQ(readFile(file), "one");
    ASSERT_TRUE(replaceFile(file, "two"));
    EXPECT_EQ(readFile(file), "two");
    EXPECT_EQ(filesIn(folder), 1U);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0644));
}

TEST(ReplaceFile, aReaderKeepsTheOldText)
{
    const TemporaryFolder folder;
    const fs::path file = folder.write("out.xml", "old");
    std::ifstream reader(file);
    ASSERT_TRUE(replaceFile(file, "new"));
    std::string text;
    std::getline(reader, text);
    EXPECT_EQ(text, "old");
}

TEST(ReplaceFile, goesWhereALinkLeads)
{
    const TemporaryFolder folder;
    const fs::path file = folder.write("real.xml", "old");
    fs::create_symlink("real.xml", folder.path() / "link.xml");
    ASSERT_TRUE(replaceFile(folder.path() / "link.xml", "new"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "link.xml"));
    EXPECT_EQ(readFile(file), "new");
}

TEST(ReplaceFile, refusesWhatIsNoFile)
{
    const TemporaryFolder folder;
    const fs::path pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    for (const fs::path& path : {folder.path(), pipe}) {
        const auto refused = replaceFile(path, "x");
        ASSERT_FALSE(refused);
        EXPECT_EQ(describe(refused.error()),
                  path.string() + ": this is not a regular file; name another");
    }
    const auto nowhere = replaceFile(folder.path() / "no/out.xml", "x");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(describe(nowhere.error()),
              (folder.path() / "no").string()
                  + ": no file can be made in this folder: No such file or directory");
    EXPECT_EQ(filesIn(folder), 1U);
}

TEST(WriteNewFile, neverTouchesAnother)
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.json";
    ASSERT_TRUE(writeNewFile(file, "one"));
    const auto refused = writeNewFile(file, "two");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Error::Code::Duplicate);
    EXPECT_EQ(readFile(file), "one");
    EXPECT_EQ(filesIn(folder), 1U);
}

} // namespace
} // namespace coldframe::test
