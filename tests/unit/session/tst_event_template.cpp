#include <gmock/gmock.h>

#include <set>

#include "live_workspace.h"
#include "session/event_template.h"

using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::MatchesRegex;

namespace {

struct Row {
    const char *name, *json, *filled;
    friend void PrintTo(const Row& row, std::ostream* out) { *out << row.json; }
};
class Filled : public testing::TestWithParam<Row> { };

TEST_P(Filled, isAsSaid)
{
    const EventTemplate event(GetParam().json);
    std::uint64_t uuids = 0;
    const EventTemplate::Values values{.now = [] { return std::string("NOW"); },
                                       .uuid = [&] { return "U" + std::to_string(++uuids); },
                                       .counter = [] { return std::uint64_t{7}; }};
    EXPECT_EQ(event.fill(values), GetParam().filled);
    EXPECT_EQ(event.varies(), std::string_view(GetParam().json) != GetParam().filled);
}

INSTANTIATE_TEST_SUITE_P(
    EventTemplate, Filled,
    testing::Values(
        Row{"nothing", R"({"a": {"b": 1}})", R"({"a": {"b": 1}})"},
        Row{"each", R"({"at": "{{now}}", "id": "{{uuid}}"})", R"({"at": "NOW", "id": "U1"})"},
        Row{"eachUuidIsAnother", R"(["{{uuid}}", "{{uuid}}"])", R"(["U1", "U2"])"},
        Row{"oneCounterAnEvent", R"(["{{counter}}", "n-{{counter}}"])", R"([7, "n-7"])"},
        Row{"counterAloneIsANumber", R"({"n": "{{counter}}"})", R"({"n": 7})"},
        Row{"counterAfterAnEscapedQuote", R"({"n": "\"{{counter}}"})", R"({"n": "\"7"})"},
        Row{"withinText", R"("order {{counter}} of {{now}}")", R"("order 7 of NOW")"},
        Row{"unknownStays", R"("{{name}} {{ now }} {{now")", R"("{{name}} {{ now }} {{now")"},
        Row{"threeBraces", R"("{{{now}}}")", R"("{NOW}")"}),
    [](const auto& row) { return row.param.name; });

TEST(EventTemplate, everySendingIsFilledAnew)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return event\n");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    Answers answers;
    session->sendMany({.function = "f", .event = R"(["{{counter}}", "{{uuid}}", "{{now}}"])"}, 3,
                      answers.collect());
    std::set<std::string> different;
    for (const Answer& answer : answers.wait(3)) {
        EXPECT_THAT(answer.payload,
                    MatchesRegex("\\[[123], \"[0-9a-f-]{36}\", "
                                 "\"20[0-9][0-9]-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z\"\\]"));
        different.insert(answer.payload.substr(1, 40));
    }
    EXPECT_EQ(different.size(), 3U);
    EXPECT_EQ(call(*session, R"("{{counter}}")").payload, "4") << "the run counts on";
}

} // namespace
