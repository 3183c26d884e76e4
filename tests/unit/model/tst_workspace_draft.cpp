#include <map>
#include <thread>

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

TEST(DraftWorkspace, WritesKeysInTheOrderOfTheDocumentation)
{
    const std::string text
        = textOf(draftWorkspace("garden",
                                {{Runtime::Python, "functions/uppercase", "app.process_data"},
                                 {Runtime::Lambda, "native", ""}}));
    EXPECT_EQ(text, R"({
  "format": 1,
  "name": "garden",
  "platform": "aws-lambda-x86_64",
  "functions": {
    "uppercase": {
      "runtime": "python",
      "code": "functions/uppercase",
      "handler": "app.process_data",
      "memoryMb": 128,
      "timeoutMs": 3000
    },
    "native": {
      "runtime": "lambda",
      "code": "native",
      "memoryMb": 128,
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

TEST(DraftWorkspace, FindsTellingNames)
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
        = readWorkspace(textOf(draftWorkspace("my garden", handlers)), "/home/ada/garden");
    ASSERT_TRUE(reading.errors.empty()) << describe(reading.errors);
    std::vector<std::string> names;
    for (const Function& function : reading.workspace->functions)
        names.push_back(function.name);
    EXPECT_THAT(names,
                ElementsAre("my-garden", "orders", "refund", "my-resize", "my-garden-2", "tilde",
                            std::string(54, 'x'), std::string(54, 'x') + "-2"));
}

TEST(DraftWorkspace, NamesModulesOfAPackageByModule)
{
    std::vector<std::string> names;
    for (const DraftFunction& function :
         draftWorkspace("shop",
                        {{Runtime::Python, ".", "handlers/create.handler"},
                         {Runtime::Python, ".", "handlers/list.handler"},
                         {Runtime::Python, "src", "users/create.handler"},
                         {Runtime::Python, "src", "users/list.lambda_handler"},
                         {Runtime::Python, "src", "mail/app.handler"},
                         {Runtime::Python, "functions", "pay.handler"}})
             .functions)
        names.push_back(function.name);
    EXPECT_THAT(names, ElementsAre("create", "list", "users-create", "users-list", "mail", "pay"));
}

DetectedHandler reader(const char* handler, const char* source)
{
    return {Runtime::Python, ".", handler, readHandler(Runtime::Python, source)};
}

constexpr const char* kResize = R"(import boto3, urllib.parse
from PIL import Image
s3 = boto3.client('s3')
def lambda_handler(event, context):
    bucket = event['Records'][0]['s3']['bucket']['name']
    key = urllib.parse.unquote_plus(event['Records'][0]['s3']['object']['key'])
    s3.put_object(Bucket=bucket + '-resized', Key=key, Body=b'')
)";

TEST(DraftWorkspace, GivesAReaderOfObjectsItsStoresAndTrigger)
{
    const std::string text
        = textOf(draftWorkspace("resize", {reader("lambda_function.lambda_handler", kResize)}));
    EXPECT_EQ(text, R"({
  "format": 1,
  "name": "resize",
  "platform": "aws-lambda-x86_64",
  "functions": {
    "resize": {
      "runtime": "python",
      "code": ".",
      "handler": "lambda_function.lambda_handler",
      "memoryMb": 512,
      "timeoutMs": 10000
    }
  },
  "stores": {
    "in": {
      "kind": "folder",
      "path": "data/in"
    },
    "in-resized": {
      "kind": "folder",
      "path": "data/in-resized"
    }
  },
  "triggers": {
    "on-upload": {
      "kind": "file",
      "store": "in",
      "shape": "s3",
      "function": "resize"
    }
  }
}
)");
}

TEST(DraftWorkspace, NamesStoresByWhatTheSourceSaysOfBuckets)
{
    struct Row {
        const char* source;
        std::vector<std::string> stores, targets;
        std::map<std::string, std::string> environment;
    };
    const std::string event = "event['Records'][0]['s3']\ns3.put_object()\nimport boto3\n";
    const std::vector<Row> rows{
        {"os.environ['DEST_BUCKET']", {"in", "out"}, {"out"}, {{"DEST_BUCKET", "out"}}},
        {"os.environ['OUTPUT_BUCKET_NAME']",
         {"in", "out"},
         {"out"},
         {{"OUTPUT_BUCKET_NAME", "out"}}},
        {"os.environ['S3_BUCKET']", {"in", "out"}, {"out"}, {{"S3_BUCKET", "out"}}},
        {"os.environ['ARCHIVE_BUCKET']",
         {"in", "archive"},
         {"archive"},
         {{"ARCHIVE_BUCKET", "archive"}}},
        {"os.environ['SOURCE_BUCKET']", {"in"}, {}, {{"SOURCE_BUCKET", "in"}}},
        {"Bucket='my-output'", {"in", "my-output"}, {"my-output"}, {}},
        {"dest = 'small-' + bucket", {"in", "small-in"}, {"small-in"}, {}},
        {"", {"in"}, {}, {}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.source);
        const WorkspaceDraft draft
            = draftWorkspace("w", {reader("app.handler", (event + row.source).c_str())});
        std::vector<std::string> stores;
        for (const DraftStore& store : draft.stores)
            stores.push_back(store.name);
        EXPECT_EQ(stores, row.stores);
        EXPECT_EQ(draft.functions.at(0).targets, row.targets);
        EXPECT_EQ(draft.functions.at(0).environment, row.environment);
        const WorkspaceReading reading = readWorkspace(textOf(draft), "/home/ada/w");
        EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    }
}

TEST(DraftWorkspace, TakesABucketThatIsOnlyReadForASource)
{
    const char* source = "import boto3\nb = os.environ['BUCKET_NAME']\ns3.get_object(Bucket=b)";
    const WorkspaceDraft draft = draftWorkspace("w", {reader("app.handler", source)});
    ASSERT_EQ(draft.stores.size(), 1u);
    EXPECT_EQ(draft.stores.at(0).name, "in");
    EXPECT_EQ(draft.functions.at(0).environment.at("BUCKET_NAME"), "in");
}

TEST(DraftWorkspace, SaysWhatSomebodyHasToDo)
{
    const WorkspaceDraft draft = draftWorkspace(
        "w",
        {reader(
            "app.handler",
            "import boto3\nimport numpy\nt = os.environ['TABLE']\nu = os.environ['API_URL']\n"
            "for r in event['Records']: r['body']\nx = s3.put_object(Bucket='logs.example.com')\n"
            "y = s3.put_object(Bucket='a-b')\nz = s3.put_object(Bucket='a_b')")});
    EXPECT_THAT(draft.notes,
                ElementsAre("the bucket \"logs.example.com\" cannot be a store of that name, which "
                            "takes letters, digits, _ and - and must differ from the others; let "
                            "the code read its name from a variable",
                            "the bucket \"a_b\" cannot be a store of that name, which takes "
                            "letters, digits, _ and - and must differ from the others; let the "
                            "code read its name from a variable",
                            "w reads TABLE, API_URL from its environment: set them in "
                            "/functions/w/environment",
                            "w gets 512 MB, as it loads numpy",
                            "w takes messages of a queue, which no trigger makes yet: send its "
                            "event by hand"));
    EXPECT_EQ(draft.functions.at(0).trigger, "send-w");
}

TEST(DraftWorkspace, LetsTwoReadersWatchStoresOfTheirOwn)
{
    const std::string source = "import boto3\nevent['Records'][0]['s3']";
    const WorkspaceDraft draft = draftWorkspace(
        "w", {reader("app.first", source.c_str()), reader("app.second", source.c_str())});
    const WorkspaceReading reading = readWorkspace(textOf(draft), "/home/ada/w");
    EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    ASSERT_EQ(reading.workspace->triggers.size(), 2u);
    EXPECT_EQ(draft.functions.at(0).source, "first-in");
    EXPECT_EQ(draft.functions.at(1).source, "second-in");
    EXPECT_EQ(draft.functions.at(1).trigger, "upload-second");
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
