#include <algorithm>
#include <map>

#include <unistd.h>

#include <gmock/gmock.h>

#include "model/workspace_file.h"
#include "process/host.h"
#include "session/new_workspace.h"
#include "session/test_run.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;
using session::StarterCode;
using session::StarterTrigger;
using testing::ElementsAre;

const fs::path kSource = COLDFRAME_SOURCE_DIR;
const fs::path kResources = kSource / "resources";

std::vector<std::string> names(const fs::path& folder)
{
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (!entry.is_directory())
            found.push_back(entry.path().lexically_relative(folder).string());
    std::ranges::sort(found);
    return found;
}

std::size_t entries(const fs::path& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(StarterFiles, PassTheirOwnTestForEveryChoice)
{
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    for (const StarterCode code :
         {StarterCode::Python, StarterCode::Node, StarterCode::Command, StarterCode::Bootstrap})
        for (const StarterTrigger trigger :
             {StarterTrigger::Manual, StarterTrigger::Folder, StarterTrigger::Schedule}) {
            SCOPED_TRACE(static_cast<int>(code) * 10 + static_cast<int>(trigger));
            const TemporaryFolder folder;
            const auto files = session::starterFiles("first steps", code, trigger, kResources);
            ASSERT_TRUE(files) << describe(files.error());
            const Result<void> made = session::makeWorkspace(folder / "new", *files);
            ASSERT_TRUE(made) << describe(made.error());
            const WorkspaceReading reading = loadWorkspace(folder / "new");
            ASSERT_TRUE(reading.errors.empty()) << describe(reading.errors);
            EXPECT_TRUE(reading.warnings.empty()) << describe(reading.warnings);
            EXPECT_EQ(reading.workspace->name, "first steps");
            EXPECT_EQ(reading.workspace->functions.size(), 1u);
            EXPECT_EQ(reading.workspace->triggers.size(), 1u);
            EXPECT_EQ(reading.workspace->stores.size(),
                      trigger == StarterTrigger::Folder ? 2u : 0u);
            const auto tests = session::findTests(*reading.workspace, folder / "new");
            ASSERT_EQ(tests.size(), 1u);
            session::TestOptions options;
            options.resources = kResources;
            for (const session::TestResult& result :
                 session::runTests(*reading.workspace, tests, options))
                EXPECT_EQ(result.outcome, session::TestOutcome::Passed)
                    << (result.mismatches.empty() ? "" : result.mismatches.front().sentence) << '\n'
                    << result.answer.log;
        }
}

TEST(StarterFiles, MakeProgramsExecutable)
{
    const TemporaryFolder folder;
    const auto files
        = session::starterFiles("n", StarterCode::Bootstrap, StarterTrigger::Folder, kResources);
    ASSERT_TRUE(files) << describe(files.error());
    ASSERT_TRUE(session::makeWorkspace(folder / "n", *files));
    EXPECT_THAT(names(folder / "n"),
                ElementsAre(".gitignore", "coldframe.json", "data/in/sample.txt",
                            "events/sample.expect.json", "events/sample.json",
                            "functions/hello/bootstrap"));
    EXPECT_EQ(::access((folder / "n/functions/hello/bootstrap").c_str(), X_OK), 0);
}

TEST(MakeWorkspace, RefusesAndLeavesNothing)
{
    struct Row {
        const char* target;
        const char* where;
        const char* said;
    };
    const std::vector<Row> rows{
        {"nowhere/new", "/nowhere", "there is no such folder; make it, or choose another"},
        {"file", "/file", "a file of this name is there; choose another name"},
        {"full", "/full", "this folder is there and not empty; choose another name"},
    };
    const TemporaryFolder folder;
    folder.write("file", "");
    folder.write("full/mine.txt", "mine");
    for (const Row& row : rows) {
        const Result<void> made = session::makeWorkspace(folder / row.target, {{"a", "a"}});
        ASSERT_FALSE(made) << row.target;
        EXPECT_EQ(describe(made.error()), folder.path().string() + row.where + ": " + row.said);
    }
    EXPECT_EQ(entries(folder.path()), 2u);
    // Half way, too: the second file needs a folder where the first one lies.
    EXPECT_FALSE(session::makeWorkspace(folder / "new", {{"a", "a"}, {"a/b", "b"}}));
    EXPECT_EQ(entries(folder.path()), 2u);
    EXPECT_THAT(names(folder.path()), ElementsAre("file", "full/mine.txt"));
}

TEST(MakeWorkspace, TakesAnEmptyFolder)
{
    const TemporaryFolder folder;
    fs::create_directory(folder / "empty");
    const Result<void> made = session::makeWorkspace(folder / "empty", {{"a", "a"}});
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(readFile(folder / "empty/a"), "a");
    EXPECT_EQ(fs::status(folder / "empty").permissions(), fs::perms(0755));
}

TEST(CopyWorkspace, TakesAllButWhatRunsLeft)
{
    const TemporaryFolder folder;
    folder.write("from/coldframe.json",
                 "{\n  \"$schema\": \"../../resources/schema/coldframe.schema.json\"\n}\n");
    folder.write("from/events/a.json", "{}");
    folder.writeProgram("from/code/run", "#!/bin/sh\n");
    folder.write("from/.gitignore", "x");
    folder.write("from/.coldframe/lock", "");
    folder.write("from/code/__pycache__/x.pyc", "");
    folder.write("from/recordings/r", "");
    const Result<void> made
        = session::copyWorkspace(folder / "from", folder / "to", "/usr/share/coldframe");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(names(folder / "to"),
                ElementsAre(".gitignore", "code/run", "coldframe.json", "events/a.json"));
    EXPECT_EQ(::access((folder / "to/code/run").c_str(), X_OK), 0);
    EXPECT_EQ(readFile(folder / "to/coldframe.json"),
              "{\n  \"$schema\": \"/usr/share/coldframe/schema/coldframe.schema.json\"\n}\n");
    EXPECT_EQ(entries(folder.path()), 2u);
}

TEST(CopyWorkspace, MakesAWorkspaceOfEveryExample)
{
    const TemporaryFolder folder;
    for (const auto& example : fs::directory_iterator(kSource / "examples")) {
        if (!fs::exists(example.path() / "coldframe.json"))
            continue; // scenarios
        const fs::path target = folder.path() / example.path().filename();
        const Result<void> made = session::copyWorkspace(example.path(), target, kResources);
        ASSERT_TRUE(made) << describe(made.error());
        // One is to be built first, which both say.
        EXPECT_EQ(loadWorkspace(target).errors.size(), loadWorkspace(example.path()).errors.size())
            << describe(loadWorkspace(target).errors);
    }
    EXPECT_GE(entries(folder.path()), 6u);
}

} // namespace
} // namespace coldframe::test
