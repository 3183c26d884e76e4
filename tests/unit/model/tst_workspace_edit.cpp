// Functions, stores and triggers added, changed, renamed and removed in a file's text.

#include <gmock/gmock.h>

#include "model/workspace_edit.h"
#include "model/workspace_file.h"
#include "temporary_folder.h"

namespace coldframe::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFile = R"j({
  "format": 1,
  "functions": {
    "one": {
      "runtime": "python", "code": "one", "handler": "app.run",
      "memoryMb": 256,
      "async": { "retries": 0 },
      "onSuccess": { "store": "out" },
      "onFailure": { "function": "two" }
    },
    "two": { "runtime": "python", "code": "two", "handler": "app.run" }
  },
  "stores": {
    "in": { "kind": "folder", "path": "data/in" },
    "out": { "kind": "folder", "path": "data/out" }
  },
  "triggers": {
    "files": { "kind": "file", "store": "in", "function": "one" },
    "daily": { "kind": "schedule", "expression": "rate(1 day)", "function": "two" }
  }
}
)j";

std::string with(const std::string& from, const std::string& to)
{
    EXPECT_NE(kFile.find(from), std::string::npos) << from;
    return replaced(kFile, from, to);
}

/// The outcome, which must be a good workspace, or what was said against it.
std::string outcome(const Result<std::string>& text)
{
    if (!text)
        return text.error().pointer + ": " + text.error().message;
    const WorkspaceReading reading = readWorkspace(*text, "/w");
    return reading.workspace ? *text : describe(reading.errors.front());
}

struct Row {
    const char* name;
    EntryChange change;
    std::string after;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

class Changes : public testing::TestWithParam<Row> { };
TEST_P(Changes, touchNothingElse)
{
    EXPECT_EQ(outcome(changeEntry(kFile, GetParam().change)), GetParam().after);
}

using enum EntryKind;
INSTANTIATE_TEST_SUITE_P(
    Rows, Changes,
    testing::Values(
        Row{"nothing", {Function, "one", "one", {{"/memoryMb", "256"}}}, kFile},
        Row{"a value",
            {Function, "one", "one", {{"/memoryMb", "512"}}},
            with("\"memoryMb\": 256", "\"memoryMb\": 512")},
        Row{"a value removed",
            {Function, "one", "one", {{"/memoryMb", {}}}},
            with("      \"memoryMb\": 256,\n", "")},
        Row{"a value removed that was not there",
            {Function, "two", "two", {{"/memoryMb", {}}}},
            kFile},
        Row{"a first variable",
            {Function, "one", "one", {{"/environment/MODE", "\"x\""}}},
            with("{ \"function\": \"two\" }\n",
                 "{ \"function\": \"two\" },\n      \"environment\": {\n        \"MODE\": "
                 "\"x\"\n      }\n")},
        Row{"a store more",
            {Store, "", "bad", {{"/kind", "\"folder\""}, {"/path", "\"data/bad\""}}},
            with("\"data/out\" }\n",
                 "\"data/out\" },\n    \"bad\": {\n      \"kind\": \"folder\",\n      \"path\": "
                 "\"data/bad\"\n    }\n")},
        Row{"a function renamed, with all that names it",
            {Function, "two", "2nd", {}},
            replaced(with("\"two\": {", "\"2nd\": {"), "\"function\": \"two\"",
                     "\"function\": \"2nd\"")},
        Row{"a store renamed, with all that names it",
            {Store, "out", "results", {}},
            replaced(with("\"out\": {", "\"results\": {"), "\"store\": \"out\"",
                     "\"store\": \"results\"")},
        Row{"renamed and changed",
            {Trigger, "daily", "hourly", {{"/expression", "\"rate(1 hour)\""}}},
            replaced(with("\"daily\"", "\"hourly\""), "rate(1 day)", "rate(1 hour)")},
        Row{"a name that is taken",
            {Store, "", "out", {{"/path", "\"x\""}}},
            "/stores/out: there is already a store \"out\""},
        Row{"another's name",
            {Function, "one", "two", {}},
            "/functions/two: there is already a function \"two\""},
        Row{"what has gone",
            {Function, "zero", "zero", {{"/memoryMb", "512"}}},
            "/functions/zero: there is no function \"zero\""},
        Row{"what the reader refuses",
            {Function, "one", "one", {{"/memoryMb", "64"}}},
            "coldframe.json:6:19: /functions/one/memoryMb: memoryMb must be a whole number "
            "between 128 and 10240, got 64"}),
    [](const auto& row) { return std::to_string(row.index); });

TEST(Users, areTriggersAndDestinationsOfOthers)
{
    EXPECT_THAT(usersOf(kFile, Function, "two"),
                ElementsAre("/functions/one/onFailure", "/triggers/daily"));
    EXPECT_THAT(usersOf(kFile, Function, "one"), ElementsAre("/triggers/files"));
    EXPECT_THAT(usersOf(kFile, Store, "out"), ElementsAre("/functions/one/onSuccess"));
    EXPECT_THAT(usersOf(kFile, Trigger, "daily"), IsEmpty());
    EXPECT_THAT(usersOf("not JSON", Store, "out"), IsEmpty());
}

TEST(Removing, takesWhatNamesItAlong)
{
    EXPECT_EQ(outcome(removeEntry(kFile, Function, "two")),
              replaced(replaced(with(",\n      \"onFailure\": { \"function\": \"two\" }", ""),
                                ",\n    \"two\": { \"runtime\": \"python\", \"code\": \"two\", "
                                "\"handler\": \"app.run\" }",
                                ""),
                       ",\n    \"daily\": { \"kind\": \"schedule\", \"expression\": \"rate(1 "
                       "day)\", \"function\": \"two\" }",
                       ""));
    EXPECT_EQ(outcome(removeEntry(kFile, Trigger, "nope")),
              "/triggers/nope: there is nothing at /triggers/nope");
}

TEST(Adding, makesTheSectionWhenThereIsNone)
{
    EXPECT_EQ(
        outcome(changeEntry("{\n    \"format\": 1\n}\n",
                            {Store, "", "in", {{"/kind", "\"folder\""}, {"/path", "\"d\""}}})),
        "{\n    \"format\": 1,\n    \"stores\": {\n        \"in\": {\n            \"kind\": "
        "\"folder\",\n            \"path\": \"d\"\n        }\n    }\n}\n");
}

TEST(Adding, toAFileThatIsNoJsonSaysSo)
{
    const Result<std::string> text = changeEntry("{\n oops", {Store, "", "in", {}});
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().line, 2);
}

} // namespace
} // namespace coldframe::test
