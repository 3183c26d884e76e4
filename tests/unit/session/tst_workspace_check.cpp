// Mistakes that only the rooms that run a workspace can see: told alike before a start and after
// an edit.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "live_workspace.h"
#include "session/workspace_check.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::Contains;
using testing::Field;

namespace {

const fs::path kResources = COLDFRAME_SOURCE_DIR "/resources";

struct Row {
    const char* name;
    std::string top; ///< members of the workspace
    std::string variables; ///< of the function's environment
    std::string trigger; ///< members of the schedule "t"
    std::string expected; ///< WS stands for the folder
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

const std::string kGood = R"j("expression": "rate(1 day)")j";

void write(const LiveWorkspace& workspace, const Row& row)
{
    workspace.write("code/app.py", "def handler(event, context):\n    return 1\n");
    workspace.write("coldframe.json",
                    "{\n  " + row.top + "\n  \"functions\": {\n    \"f\": {\n"
                        + R"(      "runtime": "python", "interpreter": "/usr/bin/python3",
      "code": "code", "handler": "app.handler",
      "environment": {)" + row.variables
                        + R"(}
    }
  },
  "triggers": {
    "t": { "kind": "schedule", "function": "f",
           )" + row.trigger
                        + " }\n  }\n}\n");
}

std::string reportOf(const LiveWorkspace& workspace, const std::vector<Error>& errors)
{
    std::string report = describe(errors);
    const std::string folder = workspace.folder.string();
    for (std::size_t at = 0; (at = report.find(folder)) != std::string::npos;)
        report.replace(at, folder.size(), "WS");
    return report;
}

class Mistakes : public testing::TestWithParam<Row> {
protected:
    void SetUp() override { unsetenv("COLDFRAME_TEST_UNSET"); }
    LiveWorkspace m_workspace;
};

TEST_P(Mistakes, areFoundWithoutRunning)
{
    write(m_workspace, GetParam());
    const WorkspaceReading reading
        = readWorkspaceToRun(m_workspace.folder, {.resources = kResources});
    EXPECT_EQ(reportOf(m_workspace, reading.errors), GetParam().expected);
    EXPECT_FALSE(reading.workspace);
}

TEST_P(Mistakes, inAnEditKeepTheLastGoodWorkspaceAndSayWhy)
{
    write(m_workspace, {"", "", "", kGood, ""});
    const auto session = m_workspace.open();
    ASSERT_TRUE(session);
    const std::string before = session->snapshot()->workspace->text;
    write(m_workspace, GetParam());
    ASSERT_TRUE(eventually([&] { return !session->snapshot()->workspaceErrors.empty(); }));
    const auto snapshot = session->snapshot();
    EXPECT_EQ(reportOf(m_workspace, snapshot->workspaceErrors), GetParam().expected);
    EXPECT_EQ(snapshot->workspace->text, before);
    const std::string why = "coldframe.json cannot be used as it is now; the last good one stays: "
        + describe(snapshot->workspaceErrors.front());
    EXPECT_THAT(snapshot->notices, Contains(Field(&Notice::text, why)));
    EXPECT_EQ(call(*session, "{}").payload, "1");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Mistakes,
    testing::Values(
        Row{"both_days_given", "", "", R"j("expression": "cron(0 2 * * * *)")j",
            "WS/coldframe.json:12:26: /triggers/t/expression: cron: exactly one of day-of-month "
            "and day-of-week must be ?, got \"*\" and \"*\"; write ? in the field that shall not "
            "matter, as in cron(0 2 * * ? *) or cron(0 2 ? * MON-FRI *)\n"},
        Row{"minute_60", "", "", R"j("expression": "cron(60 2 * * ? *)")j",
            "WS/coldframe.json:12:26: /triggers/t/expression: cron: minutes: 60 is outside 0-59; "
            "minutes takes 0-59 and , - * /\n"},
        Row{"unknown_platform", R"("platform": "aws-lambda-x68_64",)", "", kGood,
            "WS/coldframe.json:2:15: /platform: there is no platform \"aws-lambda-x68_64\"; did "
            "you mean \"aws-lambda-x86_64\"?\n"},
        Row{"platform_that_resembles_none", R"("platform": "mainframe",)", "", kGood,
            "WS/coldframe.json:2:15: /platform: there is no platform \"mainframe\"; choose one of "
            "aws-lambda-arm64, aws-lambda-x86_64\n"},
        Row{"platform_that_is_simulated_only", R"("platform": "knative",)", "", kGood,
            "WS/coldframe.json:2:15: /platform: Knative Serving can be simulated only: a timer "
            "decides there how many instances there are; use a platform such as "
            "\"aws-lambda-x86_64\" here, and \"knative\" in a scenario\n"},
        Row{"unset_env", "", R"j("API": "${env:COLDFRAME_TEST_UNSET}")j", kGood,
            "WS/coldframe.json:7:30: /functions/f/environment/API: the function \"f\" needs the "
            "variable COLDFRAME_TEST_UNSET, which is not set: its API is made from "
            "${env:COLDFRAME_TEST_UNSET}; export COLDFRAME_TEST_UNSET before starting Coldframe, "
            "or write COLDFRAME_TEST_UNSET=… into secrets.env beside coldframe.json\n"},
        Row{"filter_with_a_value_without_brackets", "", "",
            kGood + R"j(, "filter": {"detail": {"state": "done"}})j",
            "WS/coldframe.json:12:72: /triggers/t/filter/detail/state: Event pattern is not valid. "
            "Reason: \"state\" must be an object or an array; put it in brackets: \"state\": "
            "[\"done\"]\n"},
        Row{"filters_with_two_mistakes", "", "",
            kGood + R"j(, "filter": [{"a": [1]}, {"b": [{"sufix": "x"}]}, {}])j",
            "WS/coldframe.json:12:72: /triggers/t/filter/1/b/0/sufix: Event pattern is not valid. "
            "Reason: Unrecognized match type sufix; did you mean \"suffix\"?\n"
            "WS/coldframe.json:12:89: /triggers/t/filter/2: Event pattern is not valid. Reason: "
            "Empty objects are not allowed; name the fields that an event must have\n"},
        Row{"filter_of_an_event_source", "", "",
            kGood + R"j(, "filter": {"filters": [{"pattern": {"a": [{"wildcard": "*"}]}}]})j",
            "WS/coldframe.json:12:84: /triggers/t/filter/filters/0/pattern/a/0/wildcard: Invalid "
            "filter pattern definition. Reason: wildcard is not supported by event source "
            "mappings; use an operator that these have, or filter in the function\n"},
        Row{"all_in_file_order", R"("platform": "mainframe",)",
            R"("ONE": "${env:COLDFRAME_TEST_UNSET}", "TWO": "${env:COLDFRAME_TEST_UNSET}")",
            R"j("expression": "cron(0 2 1 13 ? *)")j",
            "WS/coldframe.json:2:15: /platform: there is no platform \"mainframe\"; choose one of "
            "aws-lambda-arm64, aws-lambda-x86_64\n"
            "WS/coldframe.json:7:30: /functions/f/environment/ONE: the function \"f\" needs the "
            "variable COLDFRAME_TEST_UNSET, which is not set: its ONE is made from "
            "${env:COLDFRAME_TEST_UNSET}; export COLDFRAME_TEST_UNSET before starting Coldframe, "
            "or write COLDFRAME_TEST_UNSET=… into secrets.env beside coldframe.json\n"
            "WS/coldframe.json:7:68: /functions/f/environment/TWO: the function \"f\" needs the "
            "variable COLDFRAME_TEST_UNSET, which is not set: its TWO is made from "
            "${env:COLDFRAME_TEST_UNSET}; export COLDFRAME_TEST_UNSET before starting Coldframe, "
            "or write COLDFRAME_TEST_UNSET=… into secrets.env beside coldframe.json\n"
            "WS/coldframe.json:12:26: /triggers/t/expression: cron: month: 13 is outside 1-12; "
            "month takes 1-12 or JAN-DEC and , - * /\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Schedules, thatNeverFireAreWarnedOf)
{
    const LiveWorkspace workspace;
    for (const char* never : {"cron(0 2 31 2 ? *)", "cron(0 2 1 1 ? 2020)"}) {
        write(workspace, {"", "", "", fmt::format(R"j("expression": "{}")j", never), ""});
        const WorkspaceReading reading
            = readWorkspaceToRun(workspace.folder, {.resources = kResources});
        EXPECT_TRUE(reading.workspace) << describe(reading.errors);
        EXPECT_THAT(reportOf(workspace, reading.warnings),
                    testing::HasSubstr(
                        "/triggers/t/expression: the schedule of t never fires: no "
                        "time to come matches it; change its day, month or year, or endsAt\n"))
            << never;
    }
    write(workspace, {"", "", "", R"j("expression": "cron(0 2 29 2 ? *)")j", ""});
    EXPECT_THAT(reportOf(workspace,
                         readWorkspaceToRun(workspace.folder, {.resources = kResources}).warnings),
                testing::Not(testing::HasSubstr("never fires")));
}

TEST(Filters, thatTheOneEventDoesNotMatchAreWarnedOf)
{
    const LiveWorkspace workspace;
    const auto warned = [&](const std::string& filter) {
        write(workspace,
              {"", "", "", kGood + R"j(, "event": {"a": "x"}, "filter": )j" + filter, ""});
        const WorkspaceReading reading
            = readWorkspaceToRun(workspace.folder, {.resources = kResources});
        EXPECT_TRUE(reading.workspace) << describe(reading.errors);
        return reportOf(workspace, reading.warnings);
    };
    EXPECT_EQ(warned(R"({"a": ["y"]})"),
              "WS/coldframe.json:12:72: /triggers/t/filter: the filter leaves out each event of t: "
              "a: \"x\" is not \"y\"; change the filter or the event\n");
    EXPECT_EQ(warned(R"([{"a": ["y"]}, {"a": ["x"]}])"), "");
}

/// A workspace with a queue that is read through a filter, or with a server.
std::string warningsOf(const LiveWorkspace& workspace, const std::string& stores,
                       const std::string& triggers)
{
    workspace.write("code/app.py", "def handler(event, context):\n    return 1\n");
    workspace.write("coldframe.json",
                    R"({"functions": {"f": {"runtime": "python", "code": "code",
  "interpreter": "/usr/bin/python3", "handler": "app.handler"}},
"stores": {)" + stores + "},\n\"triggers\": {"
                        + triggers + "}}\n");
    const WorkspaceReading reading
        = readWorkspaceToRun(workspace.folder, {.resources = kResources});
    EXPECT_TRUE(reading.workspace) << describe(reading.errors);
    return reportOf(workspace, reading.warnings);
}

TEST(Filters, ofQueuesWithAKeyThatNoMessageHasAreWarnedOf)
{
    const LiveWorkspace workspace;
    const auto warned = [&](const std::string& filter) {
        return warningsOf(workspace, R"("q": {"kind": "queue"})",
                          R"("t": {"kind": "queue", "store": "q", "function": "f", "filter": )"
                              + filter + "}");
    };
    const auto said = [](int column, const std::string& at, const std::string& key) {
        return fmt::format("WS/coldframe.json:4:{}: /triggers/t/filter{}: filters of queues see no "
                           "\"{}\" in a message, so this pattern matches none, and what no pattern "
                           "matches is deleted unread; ",
                           column, at, key);
    };
    const std::string keys = "the keys are messageId, body, attributes, messageAttributes, "
                             "md5OfBody, eventSource, eventSourceARN, awsRegion\n";
    EXPECT_EQ(warned(R"({"detail": {"state": ["new"]}})"), said(79, "/detail", "detail") + keys);
    EXPECT_EQ(warned(R"({"boddy": ["new"]})"),
              said(79, "/boddy", "boddy") + "did you mean \"body\"?\n");
    EXPECT_EQ(warned(R"([{"body": ["a"]}, {"state": ["new"]}])"),
              said(97, "/1/state", "state") + keys);
    EXPECT_EQ(warned(R"({"$or": [{"body": ["a"]}, {"state": ["new"]}]})"),
              said(105, "/$or/1/state", "state") + keys);
    EXPECT_EQ(warned(R"({"filters": [{"pattern": {"state": ["new"]}}]})"),
              said(104, "/filters/0/pattern/state", "state") + keys);
    EXPECT_EQ(warned(R"({"filters": [{"pattern": "{\"state\": [\"new\"]}"}]})"),
              said(103, "/filters/0/pattern", "state") + keys);
    // These match: a key that must not be there, and keys that are.
    EXPECT_EQ(warned(R"({"state": [{"exists": false}], "body": {"state": ["new"]}})"), "");
    EXPECT_EQ(warned(R"({"messageAttributes": {"who": {"stringValue": ["ada"]}}})"), "");
}

TEST(Connections, thatLibpqCannotReadAreWarnedOf)
{
    const LiveWorkspace workspace;
    workspace.write("secrets.env", "PASSWORD=p@ss w0rd\nWHOLE=postgresql://h/s3cret?nonsense=1\n");
    const auto warned = [&](const std::string& connection) {
        return warningsOf(workspace,
                          R"("db": {"kind": "postgres", "connection": ")" + connection + "\"}", "");
    };
    const std::string at = "WS/coldframe.json:3:53: /stores/db/connection: the connection cannot "
                           "be read: ";
    const std::string hint = "; write it as postgresql://user@host:5432/database\n";
    EXPECT_EQ(warned("host=localhost databse=shop"),
              at + "invalid connection option \"databse\"" + hint);
    EXPECT_EQ(warned("postgresql://ada@localhost/shop?sslmod=require"),
              at + "invalid URI query parameter: \"sslmod\"" + hint);
    EXPECT_EQ(warned("host=localhost pasword=${env:PASSWORD}"),
              at + "invalid connection option \"pasword\"" + hint);
    // What only the secret makes wrong is told without libpq's words, which might quote it.
    for (const char* broken : {"host=localhost password=${env:PASSWORD}", "${env:WHOLE}"}) {
        const std::string text = warned(broken);
        EXPECT_THAT(text, testing::HasSubstr("cannot be read once its variables are filled in; "));
        for (const char* secret : {"w0rd", "s3cret", "ss w"})
            EXPECT_THAT(text, testing::Not(testing::HasSubstr(secret)));
    }
    for (const char* good : {"host=localhost dbname=shop password='${env:PASSWORD}'",
                             "postgresql://ada@localhost:5432/shop?sslmode=prefer"})
        EXPECT_EQ(warned(good), "") << good;
}

TEST(GoodWorkspace, hasNoMistakes)
{
    LiveWorkspace workspace;
    write(workspace,
          {"", R"("platform": "aws-lambda-arm64",)", "", R"j("expression": "cron(0 2 ? * 6#3 *)")j",
           ""});
    const WorkspaceReading reading
        = readWorkspaceToRun(workspace.folder, {.resources = kResources});
    EXPECT_EQ(describe(reading.errors), "");
    EXPECT_TRUE(reading.workspace);
}

TEST(Variables, ofSecretsEnvAreSet)
{
    LiveWorkspace workspace;
    write(workspace, {"", "", R"j("API": "${env:COLDFRAME_TEST_UNSET}")j", kGood, ""});
    workspace.write("secrets.env", "COLDFRAME_TEST_UNSET=1\n");
    EXPECT_EQ(describe(readWorkspaceToRun(workspace.folder, {.resources = kResources}).errors), "");
    workspace.write("secrets.env", "COLDFRAME_TEST_UNSET\n");
    EXPECT_EQ(
        reportOf(workspace, readWorkspaceToRun(workspace.folder, {.resources = kResources}).errors),
        "WS/secrets.env:1: the line has no '='; write NAME=VALUE\n");
}

// A window opens such a workspace: its other functions run, and every other edit takes effect.
TEST(Variables, thatWereUnsetFromTheBeginningStopTheirFunctionAndNoEdit)
{
    unsetenv("COLDFRAME_TEST_UNSET");
    const Row row{"", "", R"j("API": "${env:COLDFRAME_TEST_UNSET}")j", kGood, ""};
    LiveWorkspace workspace;
    write(workspace, row);
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const std::string problem = "WS/coldframe.json:7:30: /functions/f/environment/API: the "
                                "function \"f\" needs the variable COLDFRAME_TEST_UNSET, which is "
                                "not set: its API is made from ${env:COLDFRAME_TEST_UNSET}\n";
    ASSERT_FALSE(session->snapshot()->notices.empty());
    EXPECT_EQ(reportOf(workspace, {{.message = session->snapshot()->notices.front().text}}),
              problem);
    EXPECT_EQ(call(*session, "{}").outcome, engine::Outcome::InitError);

    write(workspace, {"", "\"seed\": 7,", row.variables, kGood, ""});
    ASSERT_TRUE(eventually([&] { return session->snapshot()->workspace->seed == 7; }));
    EXPECT_THAT(session->snapshot()->workspaceErrors, testing::IsEmpty());
    // Another one is a mistake of this edit.
    write(workspace,
          {"", "\"seed\": 8,", row.variables + R"(, "KEY": "${env:COLDFRAME_TEST_UNSET}")", kGood,
           ""});
    ASSERT_TRUE(eventually([&] { return !session->snapshot()->workspaceErrors.empty(); }));
    EXPECT_EQ(session->snapshot()->workspaceErrors.front().pointer, "/functions/f/environment/KEY");
    EXPECT_EQ(session->snapshot()->workspace->seed, 7U);
}

TEST(Variables, thatAreUnsetKeepNoFolderFromBeingTrusted)
{
    unsetenv("COLDFRAME_TEST_UNSET");
    const std::string variable = R"j("API": "${env:COLDFRAME_TEST_UNSET}")j";
    LiveWorkspace workspace;
    write(workspace, {"", "", variable, kGood, ""});
    Options options;
    options.trusted = false;
    const auto session = workspace.open(options);
    ASSERT_TRUE(session);
    write(workspace, {"", "\"seed\": 7,", variable, kGood, ""});
    ASSERT_TRUE(eventually([&] { return session->snapshot()->workspace->seed == 7; }));
    session->trust();
    ASSERT_TRUE(eventually([&] { return session->snapshot()->trusted; }));
    EXPECT_EQ(call(*session, "{}").outcome, engine::Outcome::InitError);
    EXPECT_THAT(session->snapshot()->workspaceErrors, testing::IsEmpty());
}

} // namespace
