#include <map>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "model/workspace_file.h"
#include "session/bring.h"
#include "session/sample_object.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path kResources = fs::path(COLDFRAME_SOURCE_DIR) / "resources";
// 2026-03-04T09:15:07.412Z
constexpr TimePoint kNow{std::chrono::milliseconds(1'772'615'707'412)};

/// Every file below the folder and what is in it.
std::map<std::string, std::string> contents(const fs::path& folder)
{
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        found[entry.path().lexically_relative(folder).string()]
            = entry.is_regular_file() ? readFile(entry.path()) : "";
    return found;
}

/// Plans and writes; what was written, relative to the folder.
std::vector<std::string> brought(const TemporaryFolder& folder, session::BringPlan* told = nullptr)
{
    const Result<session::BringPlan> plan = session::planBring(folder.path(), kResources, kNow);
    if (!plan) {
        ADD_FAILURE() << describe(plan.error());
        return {};
    }
    const auto before = contents(folder.path());
    const Result<std::vector<fs::path>> written = session::bring(*plan);
    if (!written) {
        ADD_FAILURE() << describe(written.error());
        return {};
    }
    const auto after = contents(folder.path());
    for (const auto& [name, text] : before)
        EXPECT_EQ(after.at(name), text) << name; // nothing that was there is touched
    if (told)
        *told = *plan;
    std::vector<std::string> names;
    for (const fs::path& file : *written)
        names.push_back(file.lexically_relative(folder.path()).string());
    return names;
}

const std::string kCopy = R"(import boto3, os, urllib.parse
s3 = boto3.client('s3')
def lambda_handler(event, context):
    bucket = event['Records'][0]['s3']['bucket']['name']
    key = urllib.parse.unquote_plus(event['Records'][0]['s3']['object']['key'])
    body = s3.get_object(Bucket=bucket, Key=key)['Body'].read()
    s3.put_object(Bucket=os.environ['DEST_BUCKET'], Key=key, Body=body)
)";

TEST(Bring, MakesAPlainHandlerAWorkspace)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def process_data(event, context):\n    return event\n");
    EXPECT_THAT(brought(folder),
                ElementsAre("coldframe.json", "events/sample.json", "events/sample.expect.json"));
    EXPECT_EQ(readFile(folder / "events/sample.json"),
              "{\n  \"message\": \"hello from Coldframe\"\n}\n");
    EXPECT_EQ(readFile(folder / "events/sample.expect.json"),
              "{\n  \"function\": \"process_data\",\n  \"status\": \"succeeded\"\n}\n");
    const WorkspaceReading reading = loadWorkspace(folder.path());
    EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    EXPECT_TRUE(reading.warnings.empty()) << describe(reading.warnings);
    struct stat status { };
    ASSERT_EQ(::stat((folder.path() / "coldframe.json").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0644u);
}

TEST(Bring, GivesAReaderOfObjectsAnObjectAndItsEvent)
{
    const TemporaryFolder folder;
    folder.write("lambda_function.py", kCopy);
    EXPECT_THAT(brought(folder),
                ElementsAre("coldframe.json", "data/in/sample.txt", "events/sample.json",
                            "events/sample.expect.json"));
    const json record = json::parse(readFile(folder / "events/sample.json"))["Records"][0];
    EXPECT_EQ(record["eventTime"], "2026-03-04T09:15:07.412Z");
    EXPECT_EQ(record["s3"]["configurationId"], "on-upload");
    EXPECT_EQ(record["s3"]["bucket"]["name"], "in");
    EXPECT_EQ(record["s3"]["object"]["key"], "sample.txt");
    EXPECT_EQ(record["s3"]["object"]["size"], 21);
    EXPECT_EQ(record["s3"]["object"]["eTag"], "353bdbad206eb2bb516f9c1442fc3143");
    const json expected = json::parse(readFile(folder / "events/sample.expect.json"));
    EXPECT_EQ(expected["outputs"], json::parse(R"([{"store": "out", "keyMatches": "."}])"));
    const WorkspaceReading reading = loadWorkspace(folder.path());
    EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    EXPECT_TRUE(reading.warnings.empty()) << describe(reading.warnings);
}

TEST(Bring, ProposesADisabledScheduleForItsEvent)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def clean(event, context):\n    return event['time']\n");
    session::BringPlan plan;
    brought(folder, &plan);
    const json trigger{{"kind", "schedule"},
                       {"function", "clean"},
                       {"enabled", false},
                       {"expression", "rate(1 day)"}};
    EXPECT_EQ(json::parse(readFile(folder / "coldframe.json"))["triggers"],
              (json{{"daily-clean", trigger}}));
    EXPECT_EQ(json::parse(readFile(folder / "events/sample.json"))["detail-type"],
              "Scheduled Event");
    EXPECT_THAT(plan.draft.notes,
                ElementsAre("clean runs on a schedule, which is disabled: set when it should run "
                            "in /triggers/daily-clean/expression, and enable it"));
    const WorkspaceReading reading = loadWorkspace(folder.path());
    EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    EXPECT_TRUE(reading.warnings.empty()) << describe(reading.warnings);
}

TEST(Bring, PutsWhatTheHandlerLooksUpIntoItsSample)
{
    struct Row {
        const char* source;
        const char* pointer;
        json value;
    };
    const std::vector<Row> rows{
        {"event['name'] + str(event['count'])", "", {{"name", "Ada"}, {"count", 3}}},
        {"x = json.loads(event['body'])['name']\n    return {'statusCode': 200}", "/body",
         R"({"name":"Ada"})"},
        {"event['httpMethod'] + event['pathParameters']['id']", "/pathParameters", {{"id", "42"}}},
        {"event['rawPath'] + event['queryStringParameters']['page']", "/rawQueryString", "page=3"},
        {"event['httpMethod'] + event['queryStringParameters']['page']",
         "/multiValueQueryStringParameters",
         {{"page", {"3"}}}},
        {"event['detail']['order_id']", "/detail", {{"order_id", "42"}}},
        {"[json.loads(r['body'])['name'] for r in event['Records']]", "/Records/1/body",
         R"({"name":"Ada"})"},
        {"[json.loads(r['body'])['name'] for r in event['Records']]", "/Records/1/md5OfBody",
         "1f494d232279c6b570bb5a22ac9f370d"},
        {"event['Records'][0]['dynamodb']['NewImage']['Id']['N']",
         "/Records/0/dynamodb/NewImage",
         {{"Id", {{"N", "42"}}}}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.source);
        const TemporaryFolder folder;
        folder.write("app.py", std::string("def run(event, context):\n    return ") + row.source);
        session::BringPlan plan;
        brought(folder, &plan);
        const json event = json::parse(readFile(folder / "events/sample.json"));
        EXPECT_EQ(event.at(json::json_pointer(row.pointer)), row.value);
        EXPECT_EQ(json::parse(plan.draft.functions.at(0).event), event);
        EXPECT_THAT(plan.draft.notes, Not(Contains(HasSubstr("made up"))));
    }
}

TEST(Bring, SaysWhenASampleIsMadeUpAndATemplateIsNotRead)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def run(event, context):\n    return event\n");
    folder.write("template.yaml", "");
    session::BringPlan plan;
    brought(folder, &plan);
    EXPECT_THAT(plan.draft.notes,
                ElementsAre("template.yaml lies here and is not read: set memory, timeout and "
                            "variables from it with Edit… or in coldframe.json",
                            "the sample is made up: put what your handler expects into "
                            "events/sample.json"));
    EXPECT_FALSE(plan.lacksExpectation);
}

TEST(Bring, TellsThatNothingIsExpectedOfASampleThatWasThere)
{
    const TemporaryFolder folder;
    folder.write("app.py", "def run(event, context):\n    return event\n");
    folder.write("events/sample.json", "{}");
    session::BringPlan plan;
    EXPECT_THAT(brought(folder, &plan), ElementsAre("coldframe.json"));
    EXPECT_TRUE(plan.lacksExpectation);
    EXPECT_THAT(plan.draft.notes, IsEmpty());
    const TemporaryFolder expected;
    expected.write("app.py", "def run(event, context):\n    return event\n");
    expected.write("events/sample.json", "{}");
    expected.write("events/sample.expect.json", "{}");
    brought(expected, &plan);
    EXPECT_FALSE(plan.lacksExpectation);
}

TEST(Bring, TakesAnObjectThatIsThere)
{
    const TemporaryFolder folder;
    folder.write("lambda_function.py", kCopy);
    folder.write("data/in/my file.csv", "a,b\n");
    folder.write("data/in/.hidden", "");
    EXPECT_THAT(brought(folder),
                ElementsAre("coldframe.json", "events/sample.json", "events/sample.expect.json"));
    const json event = json::parse(readFile(folder / "events/sample.json"));
    EXPECT_EQ(event["Records"][0]["s3"]["object"]["key"], "my+file.csv");
    EXPECT_EQ(event["Records"][0]["s3"]["object"]["size"], 4);
}

TEST(Bring, SaysWhichObjectIsMissing)
{
    const TemporaryFolder folder;
    folder.write("app.py", kCopy + "    if not key.endswith('.xlsx'): return\n");
    folder.write("data/in/notes.txt", "");
    session::BringPlan plan;
    EXPECT_THAT(brought(folder, &plan),
                ElementsAre("coldframe.json", "events/sample.json", "events/sample.expect.json"));
    EXPECT_THAT(
        plan.draft.notes,
        ElementsAre(HasSubstr("reads .xlsx objects, of which no sample can be made: put one "
                              "into data/in and write its name into events/sample.json")));
}

TEST(Bring, MakesEventsOfEveryShape)
{
    struct Row {
        const char* source;
        const char* pointer;
        json value;
    };
    const std::vector<Row> rows{
        {"event['detail']['bucket']", "/detail/bucket/name", "in"},
        {"for r in event['Records']: json.loads(r['body'])['Records'][0]['s3']",
         "/Records/0/eventSource", "aws:sqs"},
        {"for r in event['Records']: r['body']", "/Records/0/eventSource", "aws:sqs"},
        {"event['Records'][0]['Sns']", "/Records/0/EventSource", "aws:sns"},
        {"event['Records'][0]['dynamodb']", "/Records/0/eventSource", "aws:dynamodb"},
        {"event['Records'][0]['kinesis']", "/Records/0/eventSource", "aws:kinesis"},
        {"event['httpMethod']", "/httpMethod", "POST"},
        {"event['rawPath']", "/version", "2.0"},
        {"event['detail']", "/version", "0"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.source);
        const TemporaryFolder folder;
        folder.write("app.py", std::string("def run(event, context):\n    ") + row.source);
        ASSERT_FALSE(brought(folder).empty());
        const json event = json::parse(readFile(folder / "events/sample.json"));
        EXPECT_EQ(event.at(json::json_pointer(row.pointer)), row.value);
        const WorkspaceReading reading = loadWorkspace(folder.path());
        EXPECT_TRUE(reading.errors.empty()) << describe(reading.errors);
    }
}

TEST(Bring, NamesEventsByFunctionWhereThereAreSeveral)
{
    const TemporaryFolder folder;
    folder.write("a.py", "def first(event, context): ...\ndef second(event, context): ...");
    folder.write("events/second.json", "{\"mine\": 1}");
    EXPECT_THAT(brought(folder),
                ElementsAre("coldframe.json", "events/first.json", "events/first.expect.json"));
    EXPECT_EQ(readFile(folder / "events/second.json"), "{\"mine\": 1}");
}

TEST(Bring, RefusesWithoutTouchingAnything)
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
        const auto plan = session::planBring(folder.path(), kResources, kNow);
        ASSERT_FALSE(plan);
        EXPECT_EQ(describe(plan.error()), folder.path().string() + row.where + ": " + row.message);
        EXPECT_EQ(contents(folder.path()), before);
    }
    const auto plan = session::planBring("/nowhere/at/all", kResources, kNow);
    ASSERT_FALSE(plan);
    EXPECT_EQ(
        describe(plan.error()),
        "/nowhere/at/all: there is no such folder; name the folder that holds your functions");
}

TEST(Bring, LeavesNothingWhenAFileAppearsMeanwhile)
{
    const TemporaryFolder folder;
    folder.write("lambda_function.py", kCopy);
    const auto plan = session::planBring(folder.path(), kResources, kNow);
    ASSERT_TRUE(plan) << describe(plan.error());
    folder.write("coldframe.json", "somebody else's");
    const auto before = contents(folder.path());
    const auto written = session::bring(*plan);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().file, (folder / "coldframe.json").string());
    EXPECT_EQ(contents(folder.path()), before);
}

TEST(SampleObject, IsTheKindItsEndingSays)
{
    EXPECT_THAT(session::sampleObject(".PNG").value_or(""), testing::StartsWith("\x89PNG\r\n"));
    EXPECT_THAT(session::sampleObject(".jpg").value_or(""), testing::StartsWith("\xff\xd8\xff"));
    EXPECT_EQ(session::sampleObject(".png").value_or("").size(), 86u); // as in the comments
    EXPECT_EQ(session::sampleObject(".jpg").value_or("").size(), 292u);
    EXPECT_TRUE(json::accept(session::sampleObject(".json").value_or("")));
    EXPECT_EQ(session::sampleObject("").value_or(""), "hello from Coldframe\n");
    EXPECT_FALSE(session::sampleObject(".pdf"));
}

} // namespace
} // namespace coldframe::test
