#include <sys/stat.h>

#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "watched_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
namespace fs = std::filesystem;

namespace {

void append(const fs::path& file, const std::string& bytes)
{
    std::ofstream(file, std::ios::binary | std::ios::app) << bytes;
}

/// Of what the watcher does not wake for.
bool soon(const std::function<bool()>& condition)
{
    const auto limit = std::chrono::steady_clock::now() + 60s;
    while (!condition() && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(2ms);
    return condition();
}

TEST(FolderWatcher, tellsOfAFileWithItsSizeAndTimes)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path());
    writeFile(folder / "a b.json", "{\"x\": 1}");
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() == 1; }));
    const FileChange& change = watched.changes()[0];
    struct stat status { };
    ASSERT_EQ(::stat((folder / "a b.json").c_str(), &status), 0);
    EXPECT_EQ(change.kind, FileChange::Kind::Created);
    EXPECT_EQ(change.key, "a b.json");
    EXPECT_EQ(change.size, 8u);
    EXPECT_EQ(change.inode, status.st_ino);
    EXPECT_EQ(change.mtimeNs, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
    EXPECT_LT(std::chrono::steady_clock::now() - change.seenAt, 30s);
    EXPECT_EQ(watched.watcher().status(), (FolderStatus{.folders = 1}));
}

TEST(FolderWatcher, filesPresentAtStartMakeNoEventsAndCanBeTakenOnce)
{
    const TemporaryFolder folder;
    fs::create_directories(folder / "in/deep");
    for (const char* name : {"a", "in/b", "in/deep/c", ".hidden", "half.part"})
        writeFile(folder / name, "12345");
    WatchedFolder watched(folder.path());
    EXPECT_EQ(watched.watcher().presentCount(), 3u);
    append(folder / "a", "6"); // no longer the file that was there
    fs::remove(folder / "in/b");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), ElementsAre("+a", "-in/b"));
    const auto present = watched.watcher().present();
    ASSERT_EQ(present.size(), 1u);
    EXPECT_EQ(present[0].key, "in/deep/c");
    EXPECT_EQ(present[0].size, 5u);
    EXPECT_EQ(watched.watcher().takePresent().size(), 1u);
    EXPECT_THAT(watched.watcher().takePresent(), IsEmpty());
    EXPECT_EQ(watched.watcher().presentCount(), 0u);
}

TEST(FolderWatcher, tellsOfEveryCloseThatChangedTheFile)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path());
    writeFile(folder / "a", "1");
    ASSERT_TRUE(watched.settleByMarker());
    append(folder / "a", "2");
    ASSERT_TRUE(watched.settleByMarker());
    fs::last_write_time(folder / "a", fs::file_time_type::clock::now() - 1h);
    append(folder / "a", ""); // opened for writing, nothing written, but its time was set
    ASSERT_TRUE(watched.settleByMarker());
    append(folder / "a", "");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), ElementsAre("+a", "+a", "+a"));
}

TEST(FolderWatcher, renamedAndLinkedFilesAreComplete)
{
    const TemporaryFolder folder, outside;
    WatchedFolder watched(folder.path());
    writeFile(folder / "a.tmp", "x");
    fs::rename(folder / "a.tmp", folder / "a");
    writeFile(outside / "b", "x");
    fs::rename(outside / "b", folder / "b");
    writeFile(outside / "c", "x");
    fs::create_hard_link(outside / "c", folder / "c");
    fs::create_symlink(outside / "c", folder / "d");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), ElementsAre("+a", "+b", "+c", "+d"));
}

TEST(FolderWatcher, filesThatNobodyWillCloseAreToldToo)
{
    const TemporaryFolder folder, outside;
    WatchedFolder watched(folder.path());
    writeFile(outside / "x", "x");
    fs::create_hard_link(outside / "x", folder / "linked");
    fs::remove(outside / "x"); // as mail programs do: by then it looks like a file of its own
    const int nameless = ::open(folder.path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (nameless >= 0) {
        ASSERT_EQ(::write(nameless, "x", 1), 1);
        const std::string self = "/proc/self/fd/" + std::to_string(nameless);
        ASSERT_EQ(::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, (folder / "named").c_str(),
                           AT_SYMLINK_FOLLOW),
                  0);
        ::close(nameless);
    } else {
        writeFile(folder / "named", "x"); // this file system makes no nameless files
    }
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() == 2; }));
    EXPECT_THAT(watched.told(), UnorderedElementsAre("+linked", "+named"));
}

TEST(FolderWatcher, aFileRenamedWhileItsWriterIsAtWorkIsToldWhenItCloses)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path());
    const int writer = ::open((folder / "a.part").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::write(writer, "12", 2), 2);
    fs::rename(folder / "a.part", folder / "a");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), IsEmpty());
    ASSERT_EQ(::write(writer, "34", 2), 2);
    ::close(writer);
    ASSERT_TRUE(watched.until([&] { return !watched.told().empty(); }));
    EXPECT_EQ(watched.changes().back().size, 4u);
}

TEST(FolderWatcher, awaitsWhatSettlesAndWhatIsBeingWritten)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.settle = 1h});
    const auto awaits = [&](const std::string& wanted) {
        return watched.watcher().awaits([&](const std::string& key) { return key == wanted; });
    };
    EXPECT_FALSE(awaits("settles"));
    writeFile(folder / "settles", "x");
    const int writer = ::open((folder / "written").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_TRUE(soon([&] { return awaits("settles") && awaits("written"); }));
    EXPECT_FALSE(awaits("other"));
    fs::remove(folder / "settles");
    ASSERT_TRUE(soon([&] { return !awaits("settles"); }));
    EXPECT_TRUE(awaits("written"));
    ::close(writer);
    fs::remove(folder / "written");
    EXPECT_TRUE(soon([&] { return !awaits("written"); }));
    EXPECT_THAT(watched.told(), IsEmpty());
}

TEST(FolderWatcher, awaitsNothingOnceItIsTold)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.settle = 1ms});
    writeFile(folder / "a", "x");
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() == 1; }));
    const auto any = [](const std::string&) { return true; };
    EXPECT_TRUE(soon([&] { return !watched.watcher().awaits(any); }));
}

TEST(FolderWatcher, tellsOfRemovedAndMovedAwayFiles)
{
    const TemporaryFolder folder, outside;
    writeFile(folder / "old", "x");
    WatchedFolder watched(folder.path());
    writeFile(folder / "a", "x");
    ASSERT_TRUE(watched.settleByMarker());
    fs::remove(folder / "a");
    fs::rename(folder / "old", outside / "old");
    writeFile(folder / "b", "x");
    fs::rename(folder / "b", folder / "c");
    ASSERT_TRUE(watched.settleByMarker());
    const auto told = watched.timesTold();
    EXPECT_EQ(told.at("-a"), 1);
    EXPECT_EQ(told.at("-old"), 1);
    EXPECT_EQ(told.at("+c"), 1);
    // Of "b" only when the watcher looked while it had that name.
    EXPECT_EQ(told.contains("+b"), told.contains("-b"));
}

TEST(FolderWatcher, ignoredNamesAreSilentAlsoAsFolders)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path());
    fs::create_directories(folder / ".git/objects");
    for (const char* name :
         {"a.tmp", ".hidden", "a~", "b.part", "c.crdownload", ".d.swp", "e.swp", ".git/objects/f"})
        writeFile(folder / name, "x");
    fs::remove(folder / "a.tmp");
    writeFile(folder / "a.tmp.json", "x");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), ElementsAre("+a.tmp.json"));
}

TEST(FolderWatcher, namesOfAnyBytes)
{
    const TemporaryFolder folder;
    const std::vector<std::string> names{"with space", "ünïcödé 日本",
                                         "new\nline",  "bad \xff\xfe utf-8",
                                         "quote\"'\\", std::string(255, 'n')};
    fs::create_directory(folder / "in \xff");
    WatchedFolder watched(folder.path());
    for (const std::string& name : names) {
        writeFile(folder / name, "x");
        writeFile(folder / ("in \xff/" + name), "x");
    }
    ASSERT_TRUE(watched.settleByMarker());
    const auto told = watched.timesTold();
    EXPECT_EQ(told.size(), 2 * names.size());
    for (const std::string& name : names) {
        EXPECT_TRUE(told.contains("+" + name)) << name;
        EXPECT_TRUE(told.contains("+in \xff/" + name)) << name;
    }
}

TEST(FolderWatcher, settlingWaitsForTheLastOfManyCloses)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.settle = 300ms});
    auto lastClose = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) { // reopens at once each time, for longer than it is to settle
        const auto until = std::chrono::steady_clock::now() + 20ms;
        append(folder / "a", "0123456789");
        lastClose = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() < until)
            watched.collect();
    }
    ASSERT_TRUE(watched.until([&] { return !watched.changes().empty(); }));
    const FileChange& last = watched.changes().back();
    EXPECT_EQ(last.size, 200u);
    EXPECT_GE(last.seenAt - lastClose, 280ms); // the kernel's clock ticks every 4 to 10 ms
    if (watched.changes().size() > 1) // only if this machine stood still for 300 ms in between
        GTEST_SKIP() << "not run: the machine was too slow to write every 20 ms";
}

TEST(FolderWatcher, settlingDoesNotEndWhileAWriterIsAtWork)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.settle = 50ms});
    writeFile(folder / "a", "first");
    const int writer = ::open((folder / "a").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    writeFile(folder / "marker", "x");
    ASSERT_TRUE(watched.until([&] { return !watched.changes().empty(); }));
    EXPECT_THAT(watched.told(), IsEmpty()); // settled for 50 ms, but open
    ASSERT_EQ(::write(writer, " second", 7), 7);
    ::close(writer);
    ASSERT_TRUE(watched.until([&] { return !watched.told().empty(); }));
    EXPECT_EQ(watched.changes().back().size, 12u);
    EXPECT_THAT(watched.told(), ElementsAre("+a"));
}

TEST(FolderWatcher, aFileRemovedBeforeItSettledIsNeverTold)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.settle = 200ms});
    writeFile(folder / "a", "x");
    fs::remove(folder / "a");
    ASSERT_TRUE(watched.settleByMarker()); // written later, so it settles later
    EXPECT_THAT(watched.told(), IsEmpty());
}

/// What a watcher knows, for the next one.
FolderWatcher::Before knownBy(const FolderWatcher& watcher)
{
    FolderWatcher::Before before;
    for (const FileChange& change : watcher.present())
        before.files[change.key] = {change.inode, change.mtimeNs, change.size};
    before.mounted = watcher.status().mounted;
    return before;
}

TEST(FolderWatcher, tellsWhatChangedSinceAnEarlierOneAndNothingElse)
{
    const TemporaryFolder folder;
    for (int number = 0; number < 300; ++number) // more than are handed over at once
        writeFile(folder / fmt::format("old{}", number), "x");
    fs::create_directory(folder / "deep");
    for (const char* name : {"changed", "removed", "deep/kept"})
        writeFile(folder / name, "x");
    const FolderWatcher::Before before = knownBy(WatchedFolder(folder.path()).watcher());
    ASSERT_EQ(before.files.size(), 303U);
    EXPECT_FALSE(before.mounted);
    append(folder / "changed", "y");
    fs::remove(folder / "removed");
    for (int number = 0; number < 300; ++number)
        writeFile(folder / fmt::format("new{}", number), "x");

    WatchedFolder watched(folder.path(), {.before = before});
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() >= 302; }));
    ASSERT_TRUE(watched.settleByMarker());
    std::map<std::string, int> expected{{"+changed", 1}, {"-removed", 1}};
    for (int number = 0; number < 300; ++number)
        expected[fmt::format("+new{}", number)] = 1;
    EXPECT_EQ(watched.timesTold(), expected);
    for (const FileChange& change : watched.changes())
        EXPECT_EQ(change.overwrote, change.key == "changed") << change.key;
    EXPECT_EQ(watched.watcher().presentCount(), 301U) << "those that did not change";
}

TEST(FolderWatcher, whereSomethingWasMountedAnEmptyFolderIsWaitedFor)
{
    const TemporaryFolder folder;
    FolderWatcher::Before before;
    before.mounted = true;
    before.files["a"] = {1, 2, 3};
    WatchedFolder watched(folder.path(), {.before = before});
    const FolderStatus status = watched.watcher().status();
    EXPECT_EQ(status.state, FolderStatus::State::Gone);
    EXPECT_EQ(status.message, "nothing is mounted at " + folder.path().string() + " any more");
    EXPECT_TRUE(status.mounted);
    writeFile(folder / "b", "no mount, but the folder is in use");
    ASSERT_TRUE(watched.until([&] { return watched.changes().size() >= 2; }));
    EXPECT_THAT(watched.told(), testing::UnorderedElementsAre("-a", "+b"));
}

TEST(FolderWatcher, leavesFoldersBelowAloneWhenItIsNotRecursive)
{
    const TemporaryFolder folder;
    fs::create_directory(folder / "before");
    WatchedFolder watched(folder.path(), {.recursive = false});
    EXPECT_EQ(watched.watcher().status().folders, 1U);
    fs::create_directory(folder / "later");
    for (const char* name : {"before/a", "later/b", "c"})
        writeFile(folder / name, "x");
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), ElementsAre("+c"));
    EXPECT_EQ(watched.watcher().status().folders, 1U);
}

} // namespace
