#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "stores/folder_store.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::stores;
using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

namespace {

FolderStore opened(const fs::path& folder)
{
    auto store = FolderStore::open(folder);
    if (!store)
        ADD_FAILURE() << describe(store.error());
    return *store;
}

std::vector<std::string> keys(const FolderStore& store, std::string_view prefix = "",
                              std::size_t limit = 1000)
{
    std::vector<std::string> found;
    const auto objects = store.list(prefix, limit);
    if (!objects)
        ADD_FAILURE() << describe(objects.error());
    for (const Object& object : *objects)
        found.push_back(object.key);
    return found;
}

TEST(FolderStore, givesBackWhatWasPut)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    const std::string bytes("\0\xff binary \r\n", 12);
    for (const char* key : {"a.json", "in/deep/er/ü b.json", "new\nline", "bad \xff utf-8"}) {
        ASSERT_TRUE(store.put(key, bytes)) << key;
        EXPECT_EQ(store.get(key, 100).value(), bytes) << key;
        EXPECT_EQ(readFile(folder / key), bytes) << key;
    }
    EXPECT_EQ(store.count().value(), 4u);
}

TEST(FolderStore, replacesAndRemoves)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    ASSERT_TRUE(store.put("a", "first, and longer"));
    ASSERT_TRUE(store.put("a", "second"));
    EXPECT_EQ(store.get("a", 100).value(), "second");
    ASSERT_TRUE(store.remove("a"));
    EXPECT_EQ(store.remove("a").error().code, Error::Code::Missing);
    EXPECT_EQ(store.get("a", 100).error().code, Error::Code::Missing);
}

TEST(FolderStore, emptyAndLargeObjects)
{
    const TemporaryFolder folder;
    const FolderStore store = FolderStore::open(folder.path(), {.sync = true}).value();
    const std::string large(20 << 20, 'x');
    ASSERT_TRUE(store.put("empty", ""));
    ASSERT_TRUE(store.put("large", large));
    EXPECT_EQ(store.get("empty", 0).value(), "");
    EXPECT_TRUE(store.get("large", large.size()).value() == large);
    const Error error = store.get("large", 1 << 20).error();
    EXPECT_EQ(describe(error),
              (folder / "large").string()
                  + ": the object has 20971520 bytes; the limit here is 1048576; read it in parts "
                    "through its path, or split it");
}

TEST(FolderStore, listsInOrderOfKeysByPrefixWithinALimit)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    for (const char* key : {"b", "a/2", "a/10", "a-1", "a/x/y", ".hidden"})
        ASSERT_TRUE(store.put(key, "123"));
    EXPECT_THAT(keys(store), ElementsAre(".hidden", "a-1", "a/10", "a/2", "a/x/y", "b"));
    EXPECT_THAT(keys(store, "a/"), ElementsAre("a/10", "a/2", "a/x/y"));
    EXPECT_THAT(keys(store, "a", 2), ElementsAre("a-1", "a/10"));
    EXPECT_THAT(keys(store, "", 0), IsEmpty());
    EXPECT_THAT(keys(store, "zzz"), IsEmpty());
    const Object object = store.list("b", 1).value()[0];
    EXPECT_EQ(object.bytes, 3u);
    const auto age = std::chrono::system_clock::now() - object.modified;
    EXPECT_LT(age, std::chrono::minutes(5));
}

TEST(FolderStore, makesItsFolderAndParents)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder / "data/results");
    EXPECT_TRUE(fs::is_directory(folder / "data/results"));
    fs::remove_all(folder / "data/results"); // by somebody else, while open
    EXPECT_EQ(store.put("a", "1").error().code, Error::Code::Missing);
    EXPECT_TRUE(opened(folder / "data/results").put("a", "1"));
}

TEST(FolderStore, neverFollowsALinkedFolder)
{
    const TemporaryFolder folder, outside;
    const FolderStore store = opened(folder.path());
    writeFile(outside / "secret", "secret");
    fs::create_directory_symlink(outside.path(), folder / "way-out");
    const std::string hint = "a folder on the way is a symbolic link, which stores do not follow: "
                             "use a real folder";
    EXPECT_EQ(store.put("way-out/a", "1").error().hint, hint);
    EXPECT_EQ(store.put("way-out/new/a", "1").error().hint, hint);
    EXPECT_EQ(store.get("way-out/secret", 100).error().hint, hint);
    EXPECT_EQ(store.remove("way-out/secret").error().hint, hint);
    EXPECT_THAT(keys(store), IsEmpty());
    EXPECT_EQ(readFile(outside / "secret"), "secret");
    EXPECT_FALSE(fs::exists(outside / "a"));
}

TEST(FolderStore, linkedFilesAreReadButReplacedNotWrittenThrough)
{
    const TemporaryFolder folder, outside;
    const FolderStore store = opened(folder.path());
    writeFile(outside / "big", "lies elsewhere");
    fs::create_symlink(outside / "big", folder / "a");
    EXPECT_EQ(store.get("a", 100).value(), "lies elsewhere");
    EXPECT_THAT(keys(store), ElementsAre("a"));
    ASSERT_TRUE(store.put("a", "own"));
    EXPECT_EQ(readFile(outside / "big"), "lies elsewhere");
    EXPECT_EQ(store.get("a", 100).value(), "own");
}

TEST(FolderStore, refusesBadKeysEverywhere)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder / "store");
    for (const char* key : {"../x", "/x", "", "a//b"}) {
        EXPECT_EQ(store.put(key, "1").error().code, Error::Code::Malformed) << key;
        EXPECT_EQ(store.get(key, 9).error().code, Error::Code::Malformed) << key;
        EXPECT_EQ(store.remove(key).error().code, Error::Code::Malformed) << key;
    }
    EXPECT_FALSE(fs::exists(folder / "x"));
}

TEST(FolderStore, clearsWhatDeadWritersLeftAndSparesTheLiving)
{
    const TemporaryFolder folder;
    fs::create_directories(folder / "in");
    const fs::path dead = folder / "in/.coldframe-put-1-1.tmp";
    const fs::path alive = folder / "in/.coldframe-put-1-2.tmp";
    writeFile(dead, "half");
    writeFile(alive, "half");
    const int writer = ::open(alive.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::flock(writer, LOCK_EX), 0);
    const FolderStore store = opened(folder.path());
    EXPECT_FALSE(fs::exists(dead));
    EXPECT_TRUE(fs::exists(alive));
    EXPECT_THAT(keys(store), IsEmpty()); // not an object yet
    EXPECT_EQ(store.count().value(), 0u);
    ::close(writer);
    opened(folder.path());
    EXPECT_FALSE(fs::exists(alive));
}

TEST(FolderStore, readersSeeWholeObjectsWhileManyWrite)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    ASSERT_TRUE(store.put("in/a", std::string(100'000, '0')));
    std::atomic<bool> done{false};
    std::vector<std::jthread> writers;
    for (char letter = '1'; letter <= '3'; ++letter)
        writers.emplace_back([&, letter] {
            for (int i = 0; i < 100; ++i)
                EXPECT_TRUE(store.put("in/a", std::string(100'000, letter)));
        });
    std::jthread cleaner([&] {
        while (!done)
            EXPECT_TRUE(FolderStore::open(folder.path())); // must spare what is in work
    });
    for (int i = 0; i < 300; ++i) {
        const std::string seen = store.get("in/a", 1 << 20).value();
        ASSERT_EQ(seen, std::string(100'000, seen[0]));
    }
    writers.clear();
    done = true;
    cleaner.join();
    EXPECT_THAT(keys(store), ElementsAre("in/a"));
}

TEST(FolderStore, anObjectWrittenInPiecesIsSeenOnceItIsCommitted)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    ASSERT_TRUE(store.put("in/a", "old"));
    auto writer = store.begin("in/a");
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append("new "));
    ASSERT_TRUE(writer->append("bytes"));
    EXPECT_EQ(writer->bytes(), 9u);
    EXPECT_EQ(store.get("in/a", 100).value(), "old");
    const auto stamp = writer->commit();
    ASSERT_TRUE(stamp);
    EXPECT_EQ(store.get("in/a", 100).value(), "new bytes");
    EXPECT_EQ(store.openObject("in/a").value().stamp, *stamp);
    EXPECT_THAT(keys(store), ElementsAre("in/a"));
}

TEST(FolderStore, anObjectThatIsNotCommittedLeavesNothing)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    {
        auto writer = store.begin("a");
        ASSERT_TRUE(writer && writer->append("half"));
        ObjectWriter moved = std::move(*writer);
        EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(FolderStore, anObjectThatMustBeNewReplacesNone)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    using IfThere = ObjectWriter::IfThere;
    ASSERT_TRUE(store.begin("a").value().commit(IfThere::Refuse));
    auto second = store.begin("a");
    ASSERT_TRUE(second && second->append("second"));
    const auto refused = second->commit(IfThere::Refuse);
    EXPECT_EQ(refused.error().code, Error::Code::Duplicate);
    EXPECT_EQ(describe(refused.error()),
              (folder / "a").string()
                  + ": the object is there already; choose another key, or replace it without the "
                    "condition");
    EXPECT_EQ(store.get("a", 100).value(), "");
}

TEST(FolderStore, opensLinksToFilesWithinOnly)
{
    const TemporaryFolder folder, outside;
    const FolderStore store = opened(folder.path());
    writeFile(outside / "secret", "secret");
    writeFile(folder / "a", "a");
    fs::create_symlink(outside / "secret", folder / "out");
    fs::create_symlink("a", folder / "in");
    EXPECT_EQ(store.openObject("in").value().stamp, store.openObject("a").value().stamp);
    EXPECT_EQ(store.openObject("out").error().code, Error::Code::Conflict);
    EXPECT_EQ(store.openObject("out").error().hint,
              "it is a symbolic link to a place outside the store: put the file itself there");
    EXPECT_EQ(store.openObject("none").error().code, Error::Code::Missing);
    EXPECT_EQ(store.openObject("a/below").error().code, Error::Code::Missing);
}

TEST(FolderStore, foldersAsKeysWithASlash)
{
    const TemporaryFolder folder;
    const FolderStore store = opened(folder.path());
    EXPECT_FALSE(store.hasFolder("x/y/").value());
    ASSERT_TRUE(store.makeFolder("x/y/"));
    EXPECT_TRUE(store.hasFolder("x/y/").value());
    ASSERT_TRUE(store.put("x/y/a", "1"));
    ASSERT_TRUE(store.removeFolder("x/y/"));
    EXPECT_TRUE(store.hasFolder("x/y/").value()); // not empty
    ASSERT_TRUE(store.remove("x/y/a"));
    ASSERT_TRUE(store.removeFolder("x/y/"));
    EXPECT_FALSE(store.hasFolder("x/y/").value());
    EXPECT_EQ(store.makeFolder("../x/").error().code, Error::Code::Malformed);
    EXPECT_EQ(store.hasFolder("/").error().code, Error::Code::Malformed);
}

} // namespace
