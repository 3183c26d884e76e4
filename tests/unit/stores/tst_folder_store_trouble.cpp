// What the system refuses: each case runs in a child with its own mounts or user, for real. Where
// the system does not let a test do that, it is skipped and says so.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "child_process.h"
#include "stores/folder_store.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::stores;
namespace fs = std::filesystem;

namespace {

/// Gives this process mounts of its own, with a user namespace where it is not root.
bool ownMounts()
{
    const std::string uid = std::to_string(::getuid()), gid = std::to_string(::getgid());
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return false;
        writeFile("/proc/self/setgroups", "deny");
        writeFile("/proc/self/uid_map", "0 " + uid + " 1");
        writeFile("/proc/self/gid_map", "0 " + gid + " 1");
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

TEST(FolderStoreTrouble, aFullDiskIsSaidAndLeavesTheOldObject)
{
    const TemporaryFolder folder;
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (!ownMounts() || ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0)
            return std::nullopt;
        const FolderStore store = FolderStore::open(folder.path()).value();
        if (!store.put("a", "old"))
            return "the first put failed";
        const auto refused = store.put("a", std::string(1 << 20, 'x'));
        if (refused)
            return "nothing was refused";
        return fmt::format("{}\n{}\n{} files", describe(refused.error()),
                           store.get("a", 100).value(),
                           std::distance(fs::directory_iterator(folder.path()), {}));
    });
    if (!text)
        GTEST_SKIP() << "not run: this system lets the test mount nothing";
    EXPECT_EQ(*text,
              (folder / "a").string()
                  + ": cannot write the object: No space left on device; free some space there, "
                    "or move the store to another disk\nold\n1 files");
}

TEST(FolderStoreTrouble, aReadOnlyDiskIsSaid)
{
    const TemporaryFolder folder;
    const auto text = inChild([&]() -> std::optional<std::string> {
        if (!ownMounts() || ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, nullptr) != 0)
            return std::nullopt;
        const FolderStore store = FolderStore::open(folder.path()).value();
        if (::mount(nullptr, folder.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            return std::nullopt;
        return describe(store.put("a", "1").error());
    });
    if (!text)
        GTEST_SKIP() << "not run: this system lets the test mount nothing";
    EXPECT_EQ(*text,
              (folder / "a").string()
                  + ": cannot write the object: Read-only file system; the file system is "
                    "read-only: mount it writable, or move the store");
}

TEST(FolderStoreTrouble, aFolderOfSomebodyElseIsSaid)
{
    const TemporaryFolder folder;
    fs::create_directory(folder / "theirs");
    const auto text = inChild([&]() -> std::optional<std::string> {
        fs::permissions(folder.path(), fs::perms(0755));
        fs::permissions(folder / "theirs", fs::perms(0555));
        if (::geteuid() == 0 && ::seteuid(65'534) != 0)
            return std::nullopt;
        const FolderStore store = FolderStore::open(folder / "theirs").value();
        return describe(store.put("a", "1").error());
    });
    if (!text)
        GTEST_SKIP() << "not run: cannot act as another user here";
    EXPECT_EQ(*text,
              (folder / "theirs/a").string()
                  + ": cannot write the object: Permission denied; allow your user to enter, read "
                    "and write it (chmod, chown)");
}

TEST(FolderStoreTrouble, aFileInTheWayIsSaid)
{
    const TemporaryFolder folder;
    writeFile(folder / "file", "x");
    EXPECT_EQ(describe(FolderStore::open(folder / "file/store").error()),
              (folder / "file/store").string()
                  + ": cannot create the folder of the store: Not a directory; a file stands where "
                    "a folder is needed: rename one of them");
    const FolderStore store = FolderStore::open(folder.path()).value();
    EXPECT_EQ(describe(store.put("file/a", "1").error()),
              (folder / "file/a").string()
                  + ": cannot open the folder to write to: Not a directory; a file stands where a "
                    "folder is needed: rename one of them");
    fs::create_directory(folder / "sub");
    EXPECT_EQ(describe(store.put("sub", "1").error()),
              (folder / "sub").string()
                  + ": cannot write the object: Is a directory; a folder stands where a file is "
                    "needed: rename one of them");
    EXPECT_EQ(store.get("sub", 9).error().code, Error::Code::Conflict);
}

TEST(FolderStoreTrouble, aWriterKilledWhileWritingLeavesNothingVisible)
{
    const TemporaryFolder folder;
    const FolderStore store = FolderStore::open(folder.path()).value();
    const std::string large(256 << 20, 'x');
    const pid_t writer = ::fork();
    if (writer == 0) {
        (void)store.put("a", large);
        ::_exit(0);
    }
    const auto begun = [&] { // its hidden file exists
        return fs::directory_iterator(folder.path()) != fs::directory_iterator();
    };
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!begun() && std::chrono::steady_clock::now() < limit) { }
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    const auto left = FolderStore::open(folder.path()).value().list("", 10).value();
    if (!left.empty()) { // it was faster than the signal: then it must be whole
        EXPECT_EQ(left[0].bytes, large.size());
    } else {
        EXPECT_FALSE(begun()) << "the leftover was not removed";
    }
}

} // namespace
