#include <gtest/gtest.h>

#include "check/expectation.h"

using namespace coldframe;
using namespace coldframe::check;

namespace {

JsonText parsed(const std::string& text)
{
    auto json = parseJson(text, "e.json");
    EXPECT_TRUE(json) << describe(json.error());
    return std::move(*json);
}

struct Row {
    const char* name;
    std::string text;
    std::string errors; ///< empty: it is right
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}
class Reading : public testing::TestWithParam<Row> { };

TEST_P(Reading, saysExactlyThis)
{
    const ExpectationReading reading = readExpectation(parsed(GetParam().text));
    EXPECT_EQ(describe(reading.errors), GetParam().errors);
    EXPECT_EQ(reading.expectation.has_value(), reading.errors.empty());
}

std::string output(const std::string& keys)
{
    return "{\"outputs\": [\n{" + keys + "}]}";
}

INSTANTIATE_TEST_SUITE_P(
    Files, Reading,
    testing::Values(
        Row{"nothing_said", "{}", ""},
        Row{"everything_said", R"({"$schema": "../x.json", "format": 1, "function": "f",
            "status": "succeeded", "result": [{"$contains": [{"a": {"$json": [1]}}]}],
            "logMatches": ["a", "b+"], "maxPlatformMs": 0.5, "maxInitMs": 100, "maxCostUsd": 1e-6,
            "outputs": [{"store": "s", "key": "k", "json": {"$matches": "^1"}},
                        {"store": "s", "keyMatches": "^k", "absent": true}],
            "given": {"s": "folder"}})",
            ""},
        Row{"no_object", "[1]",
            "e.json:1:1: an expectation must be an object in { }, got a list\n"},
        Row{"unknown_keys", "{\n\"resullt\": 1,\n\"colour\": 2}",
            "e.json:2:1: /resullt: an expectation has no key \"resullt\"; did you mean "
            "\"result\"?\n"
            "e.json:3:1: /colour: an expectation has no key \"colour\"; its keys are \"$schema\", "
            "\"format\", \"function\", \"errorType\", \"errorMessageMatches\", \"status\", "
            "\"result\", \"logMatches\", \"maxPlatformMs\", \"maxInitMs\", \"maxCostUsd\", "
            "\"outputs\" and \"given\"\n"},
        Row{"format_of_tomorrow", "{\"format\": 2}",
            "e.json:1:12: /format: format must be 1, got 2; this program reads expectations of "
            "format 1 only\n"},
        Row{"unknown_status", "{\"status\": \"time-out\"}",
            "e.json:1:12: /status: status must be one of \"succeeded\", \"failed\", "
            "\"function-error\", \"timeout\", \"crashed\", \"out-of-memory\", \"init-error\", "
            "\"response-too-large\" and 2 more, got \"time-out\"; did you mean \"timeout\"?\n"},
        Row{"an_unknown_status_conflicts_with_nothing",
            R"({"status": "x", "errorType": "E", "result": 1})",
            "e.json:1:12: /status: status must be one of \"succeeded\", \"failed\", "
            "\"function-error\", \"timeout\", \"crashed\", \"out-of-memory\", \"init-error\", "
            "\"response-too-large\" and 2 more, got \"x\"\n"},
        Row{"success_with_an_error", R"({"status": "succeeded", "errorType": "E"})",
            "e.json:1:38: /errorType: errorType belongs to an event that fails, and this one is "
            "expected to be \"succeeded\"; remove it, or change \"status\"\n"},
        Row{"failure_with_a_result", R"({"errorType": "E", "result": 1})",
            "e.json:1:30: /result: result belongs to an event that succeeds, and this one is "
            "expected to be \"failed\"; remove it, or change \"status\"\n"},
        Row{"throttled_with_an_error", R"({"status": "throttled", "errorMessageMatches": "x"})",
            "e.json:1:48: /errorMessageMatches: errorMessageMatches belongs to an event that "
            "fails, and this one is expected to be \"throttled\"; remove it, or change "
            "\"status\"\n"},
        Row{"bad_expression", "{\"logMatches\":\n \"a(\"}",
            "e.json:2:2: /logMatches: the regular expression \"a(\" has a ( or ) without its other "
            "half, or a *, + or ? with nothing to repeat; in JSON, each \\ of an expression is "
            "written twice\n"},
        Row{"bad_expression_in_a_list", "{\"logMatches\": [\"a\", 5]}",
            "e.json:1:22: /logMatches/1: logMatches must be a regular expression in double quotes, "
            "got 5\n"},
        Row{"bad_numbers", R"({"maxPlatformMs": 0, "maxInitMs": "5", "maxCostUsd": -1})",
            "e.json:1:19: /maxPlatformMs: maxPlatformMs must be a number between 0.001 and "
            "3600000, got 0\n"
            "e.json:1:35: /maxInitMs: maxInitMs must be a number between 0.001 and 3600000, got "
            "\"5\"\n"
            "e.json:1:54: /maxCostUsd: maxCostUsd must be a number between 0 and 1000, got -1\n"},
        Row{"contains_without_a_list", R"({"result": {"a": {"$contains": {"b": 1}}}})",
            "e.json:1:32: /result/a/$contains: $contains must be a list of elements, got an "
            "object; write [ ] around it\n"},
        Row{"mistyped_operator", R"({"result": [{"$contain": [1]}]})",
            "e.json:1:14: /result/0/$contain: there is no operator \"$contain\"; did you mean "
            "\"$contains\"?\n"},
        Row{"operator_of_another_language", R"({"result": {"id": {"$regexx": "^x"}}})",
            "e.json:1:20: /result/id/$regexx: there is no operator \"$regexx\"; did you mean "
            "\"$matches\"?\n"},
        Row{"includes_is_contains", R"({"result": {"$includes": [1]}})",
            "e.json:1:13: /result/$includes: there is no operator \"$includes\"; did you mean "
            "\"$contains\"?\n"},
        Row{"keys_of_the_user_s_own",
            R"({"result": {"$ref": 1, "a": {"$id": 5}, "b": {"$oid": "5"}}})", ""},
        Row{"an_operator_beside_other_keys_is_none", R"({"result": {"$contains": 1, "b": 2}})", ""},
        Row{"bad_expression_deep_inside", R"({"result": {"$json": [{"$matches": "["}]}})",
            "e.json:1:36: /result/$json/0/$matches: the regular expression \"[\" has a [ that is "
            "not closed; in JSON, each \\ of an expression is written twice\n"},
        Row{"outputs_no_list", R"({"outputs": {"store": "s"}})",
            "e.json:1:13: /outputs: outputs must be a list of 1 to 1000 objects, got an object; "
            "write [{\"store\": \"results\", \"key\": \"a.json\"}]\n"},
        Row{"outputs_empty", R"({"outputs": []})",
            "e.json:1:13: /outputs: outputs must be a list of 1 to 1000 objects, got 0; write "
            "[{\"store\": \"results\", \"key\": \"a.json\"}]\n"},
        Row{"output_without_store_and_key", output(""),
            "e.json:2:1: /outputs/0: an output needs \"store\"; name one of the workspace's "
            "stores\n"
            "e.json:2:1: /outputs/0: an output needs either \"key\" or \"keyMatches\"; write its "
            "key, or an expression that finds it\n"},
        Row{"output_with_both_keys", output(R"("store": "s", "key": "k", "keyMatches": "k")"),
            "e.json:2:42: /outputs/0/keyMatches: an output needs either \"key\" or "
            "\"keyMatches\"; write its key, or an expression that finds it\n"},
        Row{"output_with_two_contents",
            output(R"("store": "s", "key": "k", "text": "", "matches": "k")"),
            "e.json:2:51: /outputs/0/matches: an output has at most one of \"text\", \"matches\" "
            "and \"json\"; remove the others\n"},
        Row{"absent_with_content", output(R"("store": "s", "key": "k", "absent": true, "json": 1)"),
            "e.json:2:52: /outputs/0/json: an output that is absent has no content; remove one of "
            "the two\n"},
        Row{"output_with_another_key", output(R"("store": "s", "key": "k", "txt": "")"),
            "e.json:2:28: /outputs/0/txt: an output has no key \"txt\"; did you mean \"text\"?\n"},
        Row{"given_no_text", R"({"given": {"in": 5}})",
            "e.json:1:18: /given/in: in must be a text in double quotes, got 5\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Expectation, itsStatusFollowsFromWhatIsSaid)
{
    const auto statusOf
        = [](const char* text) { return readExpectation(parsed(text)).expectation->status; };
    EXPECT_EQ(statusOf("{}"), Status::Succeeded);
    EXPECT_EQ(statusOf(R"({"result": 1})"), Status::Succeeded);
    EXPECT_EQ(statusOf(R"({"errorType": "E"})"), Status::Failed);
    EXPECT_EQ(statusOf(R"({"errorMessageMatches": ""})"), Status::Failed);
    EXPECT_EQ(statusOf(R"({"errorType": "E", "status": "timeout"})"), Status::Timeout);
}

TEST(Expectation, everyWordIsRead)
{
    for (const std::string& status : expectableWords()) {
        const auto reading = readExpectation(parsed("{\"status\": \"" + status + "\"}"));
        ASSERT_TRUE(reading.expectation) << status;
        EXPECT_EQ(word(reading.expectation->status), status);
    }
}

TEST(Expectation, amountsAreExact)
{
    const auto read = readExpectation(
        parsed(R"({"maxPlatformMs": 0.5, "maxInitMs": 12, "maxCostUsd": 0.000000395833})"));
    EXPECT_EQ(*read.expectation->maxPlatform, std::chrono::microseconds(500));
    EXPECT_EQ(*read.expectation->maxInit, std::chrono::milliseconds(12));
    EXPECT_EQ(read.expectation->maxCost->picodollars(), 395'833);
}

Workspace workspaceOf(const std::vector<std::string>& functions)
{
    Workspace workspace;
    for (const std::string& name : functions) {
        Function function;
        function.name = name;
        workspace.functions.push_back(function);
    }
    workspace.stores.push_back({"results", FolderStore{}});
    return workspace;
}

std::string chosen(const std::string& event, const std::string& text,
                   const std::vector<std::string>& functions)
{
    const auto reading = readExpectation(parsed(text));
    const auto name = functionFor(event, &*reading.expectation, workspaceOf(functions));
    return name ? *name : describe(name.error());
}

TEST(Expectation, namesItsFunctionOrNeedNot)
{
    EXPECT_EQ(chosen("x", R"({"function": "b"})", {"a", "b"}), "b");
    EXPECT_EQ(chosen("b", "{}", {"a", "b"}), "b");
    EXPECT_EQ(chosen("b.first.one", "{}", {"a", "b"}), "b");
    EXPECT_EQ(chosen("x", "{}", {"a"}), "a");
    EXPECT_EQ(chosen("x", "{}", {"a", "b"}),
              "e.json:1:1: it is not said which function the event \"x\" is for; write "
              "\"function\"; this workspace has \"a\" and \"b\"");
    EXPECT_EQ(chosen("a", R"({"function": "resze"})", {"a", "resize"}),
              "e.json:1:14: /function: there is no function \"resze\"; did you mean \"resize\"?");
    EXPECT_EQ(*functionFor("x", nullptr, workspaceOf({"a"})), "a");
    EXPECT_EQ(describe(functionFor("x", nullptr, workspaceOf({})).error()),
              "it is not said which function the event \"x\" is for; this workspace has no "
              "functions");
}

TEST(Expectation, namesStoresThatAreThere)
{
    const auto reading = readExpectation(parsed(
        R"({"outputs": [{"store": "reslts", "key": "k"}, {"store": "results", "key": "k"}],
"given": {"in": "folder"}})"));
    EXPECT_EQ(describe(unknownStores(*reading.expectation, workspaceOf({"a"}))),
              "e.json:1:24: /outputs/0/store: there is no store \"reslts\"; did you mean "
              "\"results\"?\n"
              "e.json:2:11: /given/in: there is no store \"in\"; this workspace has "
              "\"results\"\n");
}

} // namespace
