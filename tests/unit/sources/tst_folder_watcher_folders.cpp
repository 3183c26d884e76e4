#include <gmock/gmock.h>

#include "watched_folder.h"

// Folders below the one that is watched, and links.
using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
namespace fs = std::filesystem;

namespace {

TEST(FolderWatcher, foldersAreFollowedWhereverTheyGo)
{
    const TemporaryFolder folder, outside;
    WatchedFolder watched(folder.path());
    fs::create_directories(outside / "in/deep");
    writeFile(outside / "in/deep/a", "x");
    fs::rename(outside / "in", folder / "in"); // arrives full
    ASSERT_TRUE(watched.settleByMarker());
    writeFile(folder / "in/deep/b", "x");
    ASSERT_TRUE(watched.settleByMarker());
    fs::rename(folder / "in", folder / "renamed");
    ASSERT_TRUE(watched.settleByMarker());
    writeFile(folder / "renamed/deep/c", "x");
    ASSERT_TRUE(watched.settleByMarker());
    fs::rename(folder / "renamed", outside / "gone");
    writeFile(outside / "gone/deep/d", "x"); // no longer our business
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_EQ(watched.timesTold(),
              (std::map<std::string, int>{{"+in/deep/a", 1},
                                          {"+in/deep/b", 1},
                                          {"-in/deep/a", 1},
                                          {"-in/deep/b", 1},
                                          {"+renamed/deep/a", 1},
                                          {"+renamed/deep/b", 1},
                                          {"+renamed/deep/c", 1},
                                          {"-renamed/deep/a", 1},
                                          {"-renamed/deep/b", 1},
                                          {"-renamed/deep/c", 1}}));
    EXPECT_EQ(watched.watcher().status().folders, 1u);
}

TEST(FolderWatcher, foldersWithNamesThatBeginAlikeAreNotMistaken)
{
    const TemporaryFolder folder, outside;
    for (const char* name : {"in", "in-2", "in/a"})
        fs::create_directories(folder / name);
    for (const char* name : {"in/1", "in/a/2", "in-2/3", "in.4"})
        writeFile(folder / name, "x");
    WatchedFolder watched(folder.path());
    fs::rename(folder / "in", outside / "in");
    ASSERT_TRUE(watched.settleByMarker());
    writeFile(folder / "in-2/5", "x");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), UnorderedElementsAre("-in/1", "-in/a/2", "+in-2/5"));
}

TEST(FolderWatcher, linkedFoldersAreNotFollowed)
{
    const TemporaryFolder folder, outside;
    fs::create_directory_symlink(outside.path(), folder / "before");
    WatchedFolder watched(folder.path());
    fs::create_directory_symlink(outside.path(), folder / "after");
    fs::create_directory_symlink(folder.path(), folder / "itself");
    writeFile(outside / "a", "x");
    ::mkfifo((folder / "pipe").c_str(), 0600);
    fs::create_symlink(folder / "nowhere", folder / "dangling");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), IsEmpty());
}

TEST(FolderWatcher, theWatchedFolderItselfMayBeALink)
{
    const TemporaryFolder folder, outside;
    fs::create_directory_symlink(outside.path(), folder / "link");
    WatchedFolder watched(folder / "link");
    writeFile(outside / "a", "x");
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() == 1; }));
    EXPECT_THAT(watched.told(), ElementsAre("+a"));
}

} // namespace
