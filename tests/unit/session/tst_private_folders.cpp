// What is removed of killed processes' private folders, and above all what is not.
#include <cstdlib>
#include <ctime>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "session/private_folders.h"
#include "session/state_folder.h"

using namespace coldframe;
using namespace coldframe::session;
namespace fs = std::filesystem;

namespace {

class PrivateFolders : public testing::Test {
protected:
    void SetUp() override
    {
        std::string path = (fs::temp_directory_path() / "private-folders-XXXXXX").string();
        ASSERT_TRUE(::mkdtemp(path.data()));
        base = path;
    }
    void TearDown() override { fs::remove_all(base); }

    /// As a private one is, with a file in it.
    fs::path make(const std::string& name, bool marked)
    {
        const fs::path folder = base / name;
        for (const char* inside : {"instances", "recordings", "stores/in"})
            fs::create_directories(folder / inside);
        std::ofstream(folder / "stores/in/k.txt") << "x";
        fs::permissions(folder, fs::perms::owner_all);
        if (marked) {
            EXPECT_TRUE(markPrivateFolder(folder)); // and its process is gone
        }
        return folder;
    }
    static void age(const fs::path& folder, time_t seconds)
    {
        const timespec then{::time(nullptr) - seconds, 0};
        const timespec times[2] = {then, then};
        ASSERT_EQ(::utimensat(AT_FDCWD, folder.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
    }
    void clean(std::chrono::seconds atMost = std::chrono::seconds(60)) const
    {
        removeLeftoverFolders(base, std::chrono::steady_clock::now() + atMost);
    }

    fs::path base;
};

constexpr time_t kTwoDays = 2 * 24 * 3600;

} // namespace

TEST_F(PrivateFolders, AMarkedOneGoesOnceNobodyHoldsItsMark)
{
    const fs::path left = make("coldframe-aB3xyz", true), used = make("coldframe-used00", false);
    const auto mark = markPrivateFolder(used);
    ASSERT_TRUE(mark);
    clean();
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(used / "stores/in/k.txt"));
}

TEST_F(PrivateFolders, AnUnmarkedOneGoesAfterADay)
{
    const fs::path old = make("coldframe-old000", false), fresh = make("coldframe-fresh0", false);
    age(old, kTwoDays);
    clean();
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(fresh / "stores/in/k.txt"));
}

TEST_F(PrivateFolders, WhatSomebodyMadeOfSuchANameStays)
{
    const fs::path backup = make("coldframe-backup", false); // of a workspace's state folder
    std::ofstream(backup / "lock") << "17\n";
    const fs::path readable = make("coldframe-notes1", false);
    fs::permissions(readable, fs::perms(0755));
    const fs::path other = base / "coldframe-photos";
    fs::create_directories(other / "2026");
    fs::permissions(other, fs::perms::owner_all);
    for (const fs::path& folder : {backup, readable, other})
        age(folder, kTwoDays);
    clean();
    EXPECT_TRUE(fs::exists(backup / "stores/in/k.txt"));
    EXPECT_TRUE(fs::exists(readable / "stores/in/k.txt"));
    EXPECT_TRUE(fs::exists(other / "2026"));
}

TEST_F(PrivateFolders, OtherNamesStay)
{
    for (const char* name : {"coldframe-ab", "coldframe-abcdefg", "coldframe-ab.def",
                             "Coldframe-abcdef", "xcoldframe-abcde"}) {
        const fs::path folder = make(name, true);
        age(folder, kTwoDays);
        clean();
        EXPECT_TRUE(fs::exists(folder / "stores/in/k.txt")) << name;
    }
}

TEST_F(PrivateFolders, LinksAreNotFollowed)
{
    const fs::path mine = make("precious", true);
    fs::create_directory_symlink(mine, base / "coldframe-linked");
    const fs::path left = make("coldframe-left00", true);
    fs::create_directory_symlink(mine, left / "stores/in/folder");
    fs::create_symlink(mine / "stores/in/k.txt", left / "stores/in/file");
    const fs::path linkedMark = make("coldframe-mark00", false); // its mark is a link
    fs::create_symlink(mine / ".in-use", linkedMark / ".in-use");
    clean();
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(mine / "stores/in/k.txt"));
    EXPECT_TRUE(fs::is_symlink(base / "coldframe-linked"));
    EXPECT_TRUE(fs::exists(linkedMark / "stores/in/k.txt"));
}

TEST_F(PrivateFolders, ReadOnlyFoldersGoToo)
{
    const fs::path left = make("coldframe-left00", true);
    fs::permissions(left / "stores/in", fs::perms(0555));
    clean();
    EXPECT_FALSE(fs::exists(left));
}

TEST_F(PrivateFolders, WhatTimeDidNotSufficeForIsDoneByTheNext)
{
    const fs::path left = make("coldframe-left00", true);
    clean(std::chrono::seconds(0));
    EXPECT_TRUE(fs::exists(left / ".in-use"));
    clean();
    EXPECT_FALSE(fs::exists(left));
}

TEST_F(PrivateFolders, AStateFolderIsMarkedWhileItLives)
{
    ::setenv("TMPDIR", base.c_str(), 1);
    fs::path path;
    {
        const auto state = StateFolder::makePrivate();
        ASSERT_TRUE(state);
        path = (*state)->path();
        clean();
        EXPECT_TRUE(fs::exists(path / "instances"));
        make("coldframe-left00", true);
    }
    ::unsetenv("TMPDIR");
    EXPECT_TRUE(fs::is_empty(base)) << "its own, and what was left before it";
}
