#include <chrono>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "stores/folder_copy.h"
#include "stores/object_key.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::stores;
namespace fs = std::filesystem;

namespace {

class FolderCopy : public testing::Test {
protected:
    FolderCopy() { fs::create_directories(m_from); }
    void write(const std::string& key, const std::string& bytes) const
    {
        fs::create_directories((m_from / key).parent_path());
        writeFile(m_from / key, bytes);
    }
    void copy(const CopyLimits& limits = {}) const
    {
        const auto copied = copyFolder(m_from, m_to, limits);
        ASSERT_TRUE(copied) << describe(copied.error());
    }
    std::vector<std::string> keys() const
    {
        std::vector<std::string> found;
        for (const auto& [key, mark] : markFiles(m_to))
            found.push_back(key);
        return found;
    }

    TemporaryFolder m_folder;
    fs::path m_from = m_folder / "from", m_to = m_folder / "deep/to";
};
using Keys = std::vector<std::string>;

TEST_F(FolderCopy, hasTheBytesTheTimesAndThePermissions)
{
    const std::string large(3'000'000, 'x');
    write("a.txt", "hello");
    write("b/c/large.bin", large);
    write("empty", "");
    fs::permissions(m_from / "a.txt", fs::perms(0750));
    const auto time = fs::file_time_type::clock::now() - std::chrono::hours(1'000);
    fs::last_write_time(m_from / "a.txt", time);
    copy();
    EXPECT_EQ(keys(), (Keys{"a.txt", "b/c/large.bin", "empty"}));
    EXPECT_EQ(readFile(m_to / "a.txt"), "hello");
    EXPECT_EQ(readFile(m_to / "b/c/large.bin"), large);
    EXPECT_EQ(fs::status(m_to / "a.txt").permissions(), fs::perms(0750));
    EXPECT_EQ(fs::last_write_time(m_to / "a.txt"), time);
}

TEST_F(FolderCopy, isNoneOfTheOriginalsFiles)
{
    write("a.txt", "hello");
    copy();
    writeFile(m_to / "a.txt", "changed");
    EXPECT_EQ(readFile(m_from / "a.txt"), "hello");
}

TEST_F(FolderCopy, holdsTheFilesThatLinksLeadTo)
{
    const TemporaryFolder elsewhere;
    writeFile(elsewhere / "target", "there");
    fs::create_symlink(elsewhere / "target", m_from / "link");
    fs::create_symlink(elsewhere / "nowhere", m_from / "dangling");
    fs::create_directory_symlink(elsewhere.path(), m_from / "folder");
    copy();
    EXPECT_EQ(keys(), Keys{"link"});
    EXPECT_FALSE(fs::is_symlink(m_to / "link"));
    EXPECT_EQ(readFile(m_to / "link"), "there");
}

TEST_F(FolderCopy, leavesOutWhatIsUnderConstructionAndWhatIsNoFile)
{
    write(std::string(kTemporaryPrefix).append("1-1.tmp"), "half");
    ASSERT_EQ(::mkfifo((m_from / "pipe").c_str(), 0600), 0);
    write("a", "1");
    copy();
    EXPECT_EQ(keys(), Keys{"a"});
}

TEST_F(FolderCopy, ofNothingIsAnEmptyFolder)
{
    fs::remove(m_from);
    copy();
    EXPECT_TRUE(fs::is_directory(m_to));
    EXPECT_EQ(keys(), Keys{});
}

TEST_F(FolderCopy, hasLimitsThatAreLookedAtFirst)
{
    write("a", std::string(600, 'x'));
    write("b", std::string(500, 'x'));
    copy({.files = 2, .bytes = 1'100});
    const fs::path other = m_folder / "other";
    for (const CopyLimits& limits : {CopyLimits{1, 5'000}, CopyLimits{10, 1'099}}) {
        const auto refused = copyFolder(m_from, other, limits);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Error::Code::LimitReached);
        EXPECT_TRUE(fs::is_empty(other));
    }
    const auto refused = copyFolder(m_from, other, {1, 5 << 20});
    EXPECT_EQ(describe(refused.error()),
              m_from.string()
                  + ": the folder holds 1 MB in 2 files; at most 5 MB in 1 file are copied");
}

TEST_F(FolderCopy, ofAFileIsRefused)
{
    writeFile(m_folder / "file", "x");
    const auto refused = copyFolder(m_folder / "file", m_to, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Error::Code::Conflict);
}

class FileMarks : public FolderCopy {
protected:
    /// File systems count in steps of some milliseconds.
    void waitForTick(std::int64_t after) const
    {
        const fs::path clock = m_folder / "clock";
        do {
            fs::create_directories(clock);
            writeFile(clock / "tick", "x");
        } while (markFiles(clock).at("tick").changed <= after);
    }
};

TEST_F(FileMarks, changeWithEveryWayToWrite)
{
    for (const char* key : {"same", "appended", "replaced", "rewritten", "removed"})
        write(key, "12345");
    copy();
    const auto before = markFiles(m_to);
    EXPECT_EQ(markFiles(m_to), before);
    waitForTick(before.at("rewritten").changed);

    writeFile(m_to / "appended", "123456");
    // The same bytes, and the old time put back: as tools do that keep times.
    const auto time = fs::last_write_time(m_to / "rewritten");
    writeFile(m_to / "rewritten", "12345");
    fs::last_write_time(m_to / "rewritten", time);
    writeFile(m_to / "new", "12345");
    fs::last_write_time(m_to / "new", time);
    fs::rename(m_to / "new", m_to / "replaced");
    fs::remove(m_to / "removed");

    const auto after = markFiles(m_to);
    EXPECT_EQ(after.at("same"), before.at("same"));
    for (const char* key : {"appended", "replaced", "rewritten"})
        EXPECT_FALSE(after.at(key) == before.at(key)) << key;
    EXPECT_FALSE(after.contains("removed"));
    EXPECT_EQ(after.size(), 4U);
}

TEST_F(FileMarks, ofNothingAreNone)
{
    EXPECT_TRUE(markFiles(m_folder / "nowhere").empty());
}

} // namespace
