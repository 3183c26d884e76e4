#include <sched.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "../stores/child_process.h"
#include "watched_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using State = FolderStatus::State;
namespace fs = std::filesystem;

namespace {

bool becomes(WatchedFolder& watched, State state)
{
    return watched.until([&] { return watched.watcher().status().state == state; });
}

TEST(FolderWatcherTrouble, aDeletedFolderIsSaidAndFollowedWhenItComesBack)
{
    const TemporaryFolder folder;
    const fs::path inbox = folder / "inbox";
    fs::create_directories(inbox / "deep");
    writeFile(inbox / "deep/a", "x");
    WatchedFolder watched(inbox);
    fs::remove_all(inbox);
    ASSERT_TRUE(becomes(watched, State::Gone));
    EXPECT_EQ(watched.watcher().status(),
              (FolderStatus{.state = State::Gone,
                            .message = fmt::format("the folder {} is gone", inbox.string()),
                            .hint = "create it: watching goes on by itself"}));
    fs::create_directories(inbox / "deep");
    writeFile(inbox / "deep/b", "x"); // maybe before it is watched again
    ASSERT_TRUE(becomes(watched, State::Watching));
    writeFile(inbox / "c", "x");
    ASSERT_TRUE(watched.until([&] { return watched.told().size() >= 3; }));
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), UnorderedElementsAre("-deep/a", "+deep/b", "+c"));
    EXPECT_EQ(watched.watcher().status(), (FolderStatus{.folders = 2}));
}

TEST(FolderWatcherTrouble, aFolderThatComesBackWithTheSameFilesMakesNoEvents)
{
    const TemporaryFolder folder;
    const fs::path inbox = folder / "inbox";
    fs::create_directory(inbox);
    writeFile(inbox / "a", "x");
    writeFile(inbox / "b", "x");
    WatchedFolder watched(inbox);
    writeFile(inbox / "c", "x");
    ASSERT_TRUE(watched.settleByMarker());
    fs::rename(inbox, folder / "elsewhere");
    ASSERT_TRUE(becomes(watched, State::Gone));
    fs::remove(folder / "elsewhere/b");
    writeFile(folder / "elsewhere/d", "x");
    fs::rename(folder / "elsewhere", inbox);
    ASSERT_TRUE(becomes(watched, State::Watching));
    ASSERT_TRUE(watched.settleByMarker());
    EXPECT_THAT(watched.told(), UnorderedElementsAre("+c", "-b", "+d"));
    EXPECT_EQ(watched.watcher().presentCount(), 1u); // a
}

TEST(FolderWatcherTrouble, aFolderReplacedAtOnceIsFollowed)
{
    const TemporaryFolder folder;
    const fs::path inbox = folder / "inbox";
    fs::create_directory(inbox);
    WatchedFolder watched(inbox);
    fs::create_directory(folder / "next");
    fs::remove(inbox);
    fs::rename(folder / "next", inbox);
    writeFile(inbox / "a", "x");
    ASSERT_TRUE(watched.until([&] { return !watched.told().empty(); }));
    EXPECT_THAT(watched.told(), ElementsAre("+a"));
}

TEST(FolderWatcherTrouble, aFolderMissingAtStartIsWaitedFor)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder / "not/yet");
    EXPECT_EQ(watched.watcher().status().state, State::Gone);
    fs::create_directories(folder / "not/yet");
    ASSERT_TRUE(becomes(watched, State::Watching));
    writeFile(folder / "not/yet/a", "x");
    ASSERT_TRUE(watched.until([&] { return !watched.changes().empty(); }));
    EXPECT_THAT(watched.told(), ElementsAre("+a"));
}

TEST(FolderWatcherTrouble, aFileInItsPlaceIsSaid)
{
    const TemporaryFolder folder;
    writeFile(folder / "inbox", "x");
    WatchedFolder watched(folder / "inbox");
    EXPECT_EQ(
        watched.watcher().status(),
        (FolderStatus{.state = State::Gone,
                      .message = fmt::format("{} is not a folder", (folder / "inbox").string()),
                      .hint = "put a folder in its place: watching goes on by itself"}));
}

TEST(FolderWatcherTrouble, stopsWhileItsQueueIsFull)
{
    const TemporaryFolder folder;
    WatchedFolder watched(folder.path(), {.maxQueued = 1});
    for (int i = 0; i < 1000; ++i)
        writeFile(folder / std::to_string(i), "x");
    // The destructor must not wait for somebody to drain.
}

TEST(FolderWatcherTrouble, startsAndStopsManyTimes)
{
    const TemporaryFolder folder;
    for (int i = 0; i < 200; ++i) {
        auto watcher = FolderWatcher::start(folder.path(), {});
        ASSERT_TRUE(watcher);
        writeFile(folder / std::to_string(i), "x");
    }
}

// The cases below need a process of their own: another user, or limits of its own.

std::string shown(const FolderStatus& status)
{
    return fmt::format("state {}: {}; {}", int(status.state), status.message, status.hint);
}

std::string joined(const std::vector<std::string>& texts)
{
    std::string all;
    for (const std::string& text : texts)
        all += text + ' ';
    return all;
}

/// Limits of inotify that hold for this process only.
bool limitInotify(const char* name, int limit)
{
    if (::unshare(CLONE_NEWUSER) != 0)
        return false;
    writeFile(std::string("/proc/sys/user/") + name, std::to_string(limit));
    int now = -1;
    std::ifstream(std::string("/proc/sys/user/") + name) >> now;
    return now == limit;
}

TEST(FolderWatcherTrouble, withoutWatchesItPollsAndSaysSo)
{
    const TemporaryFolder folder;
    for (const char* name : {"a", "b", "c", "d"})
        fs::create_directory(folder / name);
    writeFile(folder / "a/old", "x");
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (!limitInotify("max_inotify_watches", 3))
            return std::nullopt;
        WatchedFolder watched(folder.path(), {.pollEvery = 50ms});
        const std::string status = shown(watched.watcher().status());
        writeFile(folder / "d/new", "x");
        const int slow = ::open((folder / "b/slow").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (::write(slow, "x", 1) != 1 || !watched.settleByMarker() || !watched.settleByMarker())
            return "nothing was told";
        ::close(slow);
        watched.until([&] { return watched.told().size() == 2; });
        fs::remove(folder / "a/old");
        watched.until([&] { return watched.told().size() == 3; });
        return fmt::format("{}\n{}", status, joined(watched.told()));
    });
    if (!text)
        GTEST_SKIP() << "not run: this system gives the test no limits of its own";
    EXPECT_THAT(*text,
                HasSubstr("state 1: the system's limit on watched folders is used up "
                          "(/proc/sys/fs/inotify/max_user_watches is "));
    EXPECT_THAT(*text,
                HasSubstr(fmt::format("), so {} is looked at again and again instead; raise it: "
                                      "sudo sysctl fs.inotify.max_user_watches=524288\n",
                                      folder.path().string())));
    EXPECT_THAT(*text, testing::EndsWith("\n+d/new +b/slow -a/old "));
}

TEST(FolderWatcherTrouble, watchesThatRunOutLaterAreSaidAndNothingIsLost)
{
    const TemporaryFolder folder;
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (!limitInotify("max_inotify_watches", 3))
            return std::nullopt;
        WatchedFolder watched(folder.path(), {.pollEvery = 50ms});
        const int before = int(watched.watcher().status().state);
        for (int i = 0; i < 10; ++i) {
            fs::create_directory(folder / std::to_string(i));
            writeFile(folder / fmt::format("{}/a", i), "x");
        }
        watched.until([&] { return watched.told().size() == 10; });
        watched.settleByMarker();
        return fmt::format("{} {} {}", before, int(watched.watcher().status().state),
                           watched.timesTold().size());
    });
    if (!text)
        GTEST_SKIP() << "not run: this system gives the test no limits of its own";
    EXPECT_EQ(*text, "0 1 10");
}

TEST(FolderWatcherTrouble, withoutAnyInotifyItPolls)
{
    const TemporaryFolder folder;
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (!limitInotify("max_inotify_instances", 0))
            return std::nullopt;
        WatchedFolder watched(folder.path(), {.settle = 20ms, .pollEvery = 50ms});
        writeFile(folder / "a", "x");
        watched.until([&] { return watched.told().size() == 1; });
        return fmt::format("{}\n{}", shown(watched.watcher().status()), joined(watched.told()));
    });
    if (!text)
        GTEST_SKIP() << "not run: this system gives the test no limits of its own";
    EXPECT_THAT(*text,
                HasSubstr("the system's limit on watched trees is used up "
                          "(/proc/sys/fs/inotify/max_user_instances is "));
    EXPECT_THAT(*text, testing::EndsWith("sysctl fs.inotify.max_user_instances=1024\n+a "));
}

TEST(FolderWatcherTrouble, unreadableFoldersAreSaidAndFollowedWhenTheyOpen)
{
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    const fs::path inbox = folder / "inbox";
    fs::create_directory(inbox);
    if (::geteuid() == 0 && ::chown(inbox.c_str(), 65'534, 65'534) != 0)
        GTEST_SKIP() << "not run: cannot give a folder to another user here";
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (::geteuid() == 0 && ::setuid(65'534) != 0)
            return std::nullopt;
        fs::create_directory(inbox / "deep");
        writeFile(inbox / "deep/old", "x");
        fs::permissions(inbox / "deep", fs::perms(0));
        std::string said;
        {
            WatchedFolder watched(inbox);
            said += shown(watched.watcher().status()) + '\n';
        }
        fs::permissions(inbox, fs::perms(0));
        WatchedFolder watched(inbox);
        said += shown(watched.watcher().status()) + '\n';
        fs::permissions(inbox, fs::perms(0755));
        becomes(watched, State::Watching);
        writeFile(inbox / "a", "x");
        watched.until([&] { return watched.told().size() == 1; });
        fs::permissions(inbox / "deep", fs::perms(0755));
        return said + joined(watched.told());
    });
    if (!text)
        GTEST_SKIP() << "not run: cannot act as another user here";
    EXPECT_EQ(*text,
              fmt::format("state 0: the folder {0}/deep cannot be read; allow your user to enter "
                          "and read them (chmod u+rx)\n"
                          "state 3: the folder {0} cannot be read: Permission denied; allow your "
                          "user to enter and read it (chmod u+rx): watching goes on by itself\n+a ",
                          inbox.string()));
}

} // namespace
