#include <map>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "model/text_file.h"
#include "model/workspace_draft.h"
#include "model/workspace_file.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

/// Every file below the folder and what is in it.
std::map<std::string, std::string> contents(const fs::path& folder)
{
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        found[entry.path().lexically_relative(folder).string()]
            = entry.is_regular_file() ? readFile(entry.path()) : "";
    return found;
}

TEST(ProposeWorkspace, WritesKeysInTheOrderOfTheDocumentation)
{
    const std::string text
        = proposeWorkspace("garden",
                           {{Runtime::Python, "functions/uppercase", "app.process_data"},
                            {Runtime::Lambda, "native", ""}});
    EXPECT_EQ(text, R"({
  "format": 1,
  "name": "garden",
  "platform": "aws-lambda-x86_64",
  "functions": {
    "uppercase": {
      "runtime": "python",
      "code": "functions/uppercase",
      "handler": "app.process_data",
      "memoryMb": 256,
      "timeoutMs": 3000
    },
    "native": {
      "runtime": "lambda",
      "code": "native",
      "memoryMb": 256,
      "timeoutMs": 3000
    }
  },
  "stores": {},
  "triggers": {
    "send-uppercase": {
      "kind": "manual",
      "function": "uppercase",
      "event": {
        "message": "hello from Coldframe"
      }
    },
    "send-native": {
      "kind": "manual",
      "function": "native",
      "event": {
        "message": "hello from Coldframe"
      }
    }
  }
}
)");
}

TEST(ProposeWorkspace, FindsTellingNames)
{
    const std::vector<DetectedHandler> handlers{
        {Runtime::Python, ".", "app.lambda_handler"},
        {Runtime::Python, ".", "orders.handler"},
        {Runtime::Python, ".", "orders.refund"},
        {Runtime::Node, "functions/my resize ü!", "index.handler"},
        {Runtime::Node, "a/src", "index.handler"},
        {Runtime::Node, "~/tilde", "index.handler"},
        {Runtime::Lambda, std::string(200, 'x'), ""},
        {Runtime::Lambda, "y/" + std::string(200, 'x'), ""},
    };
    const WorkspaceReading reading
        = readWorkspace(proposeWorkspace("my garden", handlers), "/home/ada/garden");
    ASSERT_TRUE(reading.errors.empty()) << describe(reading.errors);
    std::vector<std::string> names;
    for (const Function& function : reading.workspace->functions)
        names.push_back(function.name);
    EXPECT_THAT(names,
                ElementsAre("my-garden", "orders", "refund", "my-resize", "my-garden-2", "tilde",
                            std::string(54, 'x'), std::string(54, 'x') + "-2"));
}

TEST(InitWorkspace, WritesTwoFilesThatLoad)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def process_data(event, context):\n    return event\n");
    const Result<NewWorkspace> made = initWorkspace(folder.path());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(made->functions, ElementsAre("process_data"));
    EXPECT_THAT(
        made->written,
        ElementsAre(folder.path() / "coldframe.json", folder.path() / "events" / "sample.json"));
    EXPECT_EQ(contents(folder.path()).size(), 4u); // app.py, coldframe.json, events, its sample
    const WorkspaceReading reading = loadWorkspace(folder.path());
    EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    EXPECT_TRUE(reading.warnings.empty()) << describe(reading.warnings);
    struct stat status { };
    ASSERT_EQ(::stat((folder.path() / "coldframe.json").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0644u);
}

TEST(InitWorkspace, RefusesWithoutTouchingAnything)
{
    struct Row {
        const char* name;
        std::vector<std::pair<std::string, std::string>> files;
        std::string where, message;
    };
    const std::vector<Row> rows{
        {"already there",
         {{"coldframe.json", "mine"}, {"app.py", "def f(event, context): ..."}},
         "/coldframe.json",
         "the file is already there; remove it first, or edit it by hand"},
        {"no handler",
         {{"notes.txt", "x"}, {"util.py", "def f(a, b): ..."}},
         "",
         "no handler was found in this folder; a handler is a Python function with the parameters "
         "event and context, a function that a .js or .mjs file exports, or an executable named "
         "bootstrap"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const TemporaryFolder folder;
        for (const auto& [name, text] : row.files)
            folder.write(name, text);
        const auto before = contents(folder.path());
        const Result<NewWorkspace> made = initWorkspace(folder.path());
        ASSERT_FALSE(made);
        EXPECT_EQ(describe(made.error()), folder.path().string() + row.where + ": " + row.message);
        EXPECT_EQ(contents(folder.path()), before);
    }
}

TEST(InitWorkspace, KeepsASampleThatIsThere)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def f(event, context): ...");
    folder.write("events/sample.json", "{\"mine\": 1}");
    const Result<NewWorkspace> made = initWorkspace(folder.path());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(made->written, ElementsAre(folder.path() / "coldframe.json"));
    EXPECT_EQ(readFile(folder.path() / "events/sample.json"), "{\"mine\": 1}");
}

TEST(InitWorkspace, SaysThatTheFolderIsMissing)
{
    const Result<NewWorkspace> made = initWorkspace("/nowhere/at/all");
    ASSERT_FALSE(made);
    EXPECT_EQ(
        describe(made.error()),
        "/nowhere/at/all: there is no such folder; name the folder that holds your functions");
}

TEST(WriteNewFile, LetsExactlyOneOfManyWritersThrough)
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "coldframe.json";
    std::atomic<int> written = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i)
        writers.emplace_back([&, i] {
            if (writeNewFile(file, std::string(100'000, static_cast<char>('a' + i))))
                ++written;
        });
    for (std::thread& writer : writers)
        writer.join();
    EXPECT_EQ(written, 1);
    EXPECT_EQ(readFile(file).size(), 100'000u);
    EXPECT_EQ(contents(folder.path()).size(), 1u); // no temporary file is left
}

} // namespace
} // namespace coldframe::test
