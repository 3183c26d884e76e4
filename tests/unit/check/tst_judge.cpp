#include <gtest/gtest.h>

#include "check/expectation_text.h"
#include "check/judge.h"

using namespace coldframe;
using namespace coldframe::check;
using namespace std::chrono_literals;

namespace {

Expectation expectationOf(const std::string& text)
{
    auto json = parseJson(text, "e.json");
    EXPECT_TRUE(json) << describe(json.error());
    ExpectationReading reading = readExpectation(*json);
    EXPECT_TRUE(reading.expectation) << describe(reading.errors);
    return std::move(*reading.expectation);
}

std::string told(const std::string& expectation, const Observed& observed)
{
    std::string text;
    for (const Mismatch& mismatch : judge(expectationOf(expectation), observed))
        text += mismatch.pointer + ": " + mismatch.sentence + '\n';
    return text;
}

struct Row {
    const char* name;
    std::string expectation;
    Observed observed;
    std::string mismatches; ///< empty: the test has passed
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}
class Judging : public testing::TestWithParam<Row> { };

TEST_P(Judging, saysExactlyThis)
{
    EXPECT_EQ(told(GetParam().expectation, GetParam().observed), GetParam().mismatches);
}

Observed succeeded(std::string result)
{
    return {.payload = std::move(result)};
}
Observed failed(Status status, std::string payload)
{
    return {.status = status, .payload = std::move(payload)};
}
std::string result(const std::string& value)
{
    return "{\"result\": " + value + "}";
}

const char* const kTimeout
    = R"({"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: )"
      R"(8476a536-e9f4-11e8-9739-2dfe598c3fcd Error: Task timed out after 1.00 seconds"})";
const char* const kRaised
    = R"({"errorMessage": "order 17\nhas no customer", "errorType": "ValueError"})";

INSTANTIATE_TEST_SUITE_P(
    Statuses, Judging,
    testing::Values(
        Row{"as_expected", "{}", succeeded("1"), ""},
        Row{"success_instead_of_failure", R"({"status": "failed"})", succeeded(R"({"a": 1})"),
            "/status: the status is \"succeeded\" instead of \"failed\"; the result is {\"a\": "
            "1}\n"},
        Row{"failure_instead_of_success", result("5"), failed(Status::FunctionError, kRaised),
            "/status: the status is \"function-error\" instead of \"succeeded\": ValueError: order "
            "17 has no customer\n"},
        Row{"any_failure", R"({"status": "failed"})", failed(Status::Timeout, kTimeout), ""},
        Row{"the_right_failure", R"({"status": "timeout"})", failed(Status::Timeout, kTimeout), ""},
        Row{"another_failure", R"({"status": "crashed"})", failed(Status::Timeout, kTimeout),
            "/status: the status is \"timeout\" instead of \"crashed\": Sandbox.Timedout: Task "
            "timed out after 1.00 seconds\n"},
        Row{"throttled_is_no_failure", R"({"status": "failed"})", failed(Status::Throttled, ""),
            "/status: the status is \"throttled\" instead of \"failed\"\n"},
        Row{"throttled", R"({"status": "throttled"})", failed(Status::Throttled, ""), ""},
        Row{"an_error_without_words", "{}", failed(Status::FunctionError, "\"oops\""),
            "/status: the status is \"function-error\" instead of \"succeeded\": Unknown: \n"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Errors, Judging,
    testing::Values(
        Row{"type", R"({"errorType": "ValueError"})", failed(Status::FunctionError, kRaised), ""},
        Row{"another_type", R"({"errorType": "KeyError"})", failed(Status::FunctionError, kRaised),
            "/errorType: the error type is \"ValueError\" instead of \"KeyError\": order 17 has no "
            "customer\n"},
        Row{"message", R"({"errorMessageMatches": "^order \\d+\\shas"})",
            failed(Status::FunctionError, kRaised), ""},
        Row{"message_without_the_request_id", R"({"errorMessageMatches": "^Task timed out"})",
            failed(Status::Timeout, kTimeout), ""},
        Row{"another_message", R"({"errorMessageMatches": "^order \\d$"})",
            failed(Status::FunctionError, kRaised),
            "/errorMessageMatches: the error message is \"order 17\\nhas no customer\", which does "
            "not match \"^order \\\\d$\"\n"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Results, Judging,
    testing::Values(
        Row{"null", result("null"), succeeded("null"), ""},
        Row{"scalar", result("1"), succeeded("2"), "/result: the result is 2 instead of 1\n"},
        Row{"kind", result("1"), succeeded("\"1\""), "/result: the result is \"1\" instead of 1\n"},
        Row{"number_by_value", result("[1, 0.5]"), succeeded("[1.0, 5e-1]"), ""},
        Row{"more_keys_are_welcome", result(R"({"a": {"b": 1}})"),
            succeeded(R"({"z": 0, "a": {"b": 1, "c": 2}})"), ""},
        Row{"missing_key", result(R"({"a": {"b": {"c": 1}}})"), succeeded(R"({"a": {}})"),
            "/result/a/b: /a/b of the result is missing; it was to be {\"c\":1}\n"},
        Row{"null_is_not_missing", result(R"({"a": null})"), succeeded("{}"),
            "/result/a: /a of the result is missing; it was to be null\n"},
        Row{"several", result(R"({"a": 1, "b": [1, {"c": 2}]})"),
            succeeded(R"({"a": 2, "b": [1, {"c": 3}]})"),
            "/result/a: /a of the result is 2 instead of 1\n"
            "/result/b/1/c: /b/1/c of the result is 3 instead of 2\n"},
        Row{"list_length", result("[1]"), succeeded("[1, 2]"),
            "/result: the result has 2 elements instead of 1\n"},
        Row{"list_of_one", result("[]"), succeeded("[1]"),
            "/result: the result has 1 element instead of 0\n"},
        Row{"object_for_list", result(R"({"a": [1]})"), succeeded(R"({"a": {"0": 1}})"),
            "/result/a: /a of the result is {\"0\":1} instead of [1]\n"},
        Row{"long_texts_part_late",
            result('"' + std::string(100, 'a') + "REST" + std::string(100, 'b') + '"'),
            succeeded('"' + std::string(100, 'a') + "rest" + std::string(100, 'b') + '"'),
            "/result: the result is …aaaaaaaaaaaaaaarest" + std::string(41, 'b')
                + "… instead of …aaaaaaaaaaaaaaaREST" + std::string(41, 'b') + "…\n"},
        Row{"no_json", result("1"), succeeded("<html>"),
            "/result: the result cannot be compared: line 1, column 1: expected a value: a "
            "text in double quotes, a number, true, false, null, an object or a list\n"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Operators, Judging,
    testing::Values(
        Row{"contains", result(R"({"$contains": [{"n": 2}, 5]})"),
            succeeded(R"([5, {"n": 1}, {"n": 2, "m": 3}])"), ""},
        Row{"contains_nothing", result(R"({"$contains": []})"), succeeded("[1]"), ""},
        Row{"contains_not", result(R"({"a": {"$contains": [1, {"n": 2}]}})"),
            succeeded(R"({"a": [1, {"n": 3}]})"),
            "/result/a/$contains/1: /a of the result has no element that matches {\"n\":2}\n"},
        Row{"contains_in_no_list", result(R"({"$contains": [1]})"), succeeded(R"({"a": 1})"),
            "/result/$contains: the result is {\"a\":1} instead of a list\n"},
        Row{"json", result(R"({"body": {"$json": {"a": 1}}})"),
            succeeded(R"({"body": "{\"a\": 1, \"b\": 2}"})"), ""},
        Row{"json_otherwise", result(R"({"body": {"$json": {"a": {"b": 1}}}})"),
            succeeded(R"({"body": "{\"a\": {\"b\": 2}}"})"),
            "/result/body/$json/a/b: /a/b of the JSON in /body of the result is 2 instead of 1\n"},
        Row{"json_in_no_text", result(R"({"$json": 1})"), succeeded("1"),
            "/result/$json: the result is 1 instead of a text with JSON in it\n"},
        Row{"json_that_is_none", result(R"({"$json": 1})"), succeeded("\"{\""),
            "/result/$json: the result is \"{\", which is no JSON: the file ends inside the object "
            "that begins at line 1, column 1\n"},
        Row{"matches",
            result(R"({"id": {"$matches": "^[0-9a-f-]{36}$"}, "n": {"$matches": "^4"}})"),
            succeeded(R"({"id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "n": 42})"), ""},
        Row{"matches_not", result(R"([{"$matches": "^\\d+$"}])"), succeeded("[\"4 2\"]"),
            "/result/0/$matches: /0 of the result is \"4 2\", which does not match "
            "\"^\\\\d+$\"\n"},
        Row{"operators_within_operators",
            result(R"({"$contains": [{"$json": {"$contains": [{"$matches": "x"}]}}]})"),
            succeeded(R"(["[\"axe\"]"])"), ""},
        Row{"keys_of_the_user_s_own", result(R"({"$ref": 1})"), succeeded(R"({"$ref": 2})"),
            "/result/$ref: /$ref of the result is 2 instead of 1\n"}),
    [](const auto& row) { return row.param.name; });

Observed measured(Duration platform, Duration init, std::int64_t picodollars)
{
    Observed observed = succeeded("1");
    observed.initialised = true;
    observed.platform = platform;
    observed.init = init;
    observed.cost = Money::fromPicodollars(picodollars);
    observed.log = "START\nreceived 5 values\nEND\n";
    return observed;
}

const char* const kLimits = R"({"maxPlatformMs": 500, "maxInitMs": 80.5, "maxCostUsd": 0.000001, )"
                            R"("logMatches": ["received \\d+ values", "EN"]})";

INSTANTIATE_TEST_SUITE_P(
    LimitsAndLog, Judging,
    testing::Values(
        Row{"at_the_limits", kLimits, measured(500ms, 80'500us, 1'000'000), ""},
        Row{"past_the_limits", kLimits, measured(500'100us, 80'600us, 1'000'001),
            "/maxPlatformMs: it took 500.1 ms on the platform (modelled), more than 500.0 ms\n"
            "/maxInitMs: its init took 80.6 ms (measured), more than 80.5 ms\n"
            "/maxCostUsd: it cost 0.000001000001 USD (modelled), more than 0.000001 USD\n"},
        Row{"without_an_init", R"({"maxInitMs": 1})",
            Observed{.payload = "1", .init = std::chrono::milliseconds(5)}, ""},
        Row{"log_without", R"({"logMatches": ["EN", "^received"]})", measured(1ms, 1ms, 1),
            "/logMatches/1: nothing in the log matches \"^received\"\n"},
        Row{"log_in_one_expression", R"({"logMatches": "sent"})", measured(1ms, 1ms, 1),
            "/logMatches: nothing in the log matches \"sent\"\n"}),
    [](const auto& row) { return row.param.name; });

/// Of objects that hold their own key in JSON; "bad" cannot be read.
Observed wrote(const std::vector<std::string>& keys)
{
    Observed observed = succeeded("1");
    for (const std::string& key : keys)
        observed.written.push_back({"out", key, 9});
    observed.written.push_back({"other", "elsewhere", 9});
    observed.read = [](const WrittenObject& object) -> Result<std::string> {
        if (object.key == "bad")
            return tl::unexpected(Error{.message = "cannot read the object: gone"});
        return "{\"key\": \"" + object.key + "\"}\n";
    };
    return observed;
}
std::string output(const std::string& keys)
{
    return R"({"outputs": [{"store": "out", )" + keys + "}]}";
}

INSTANTIATE_TEST_SUITE_P(
    Outputs, Judging,
    testing::Values(
        Row{"written", output(R"("key": "a")"), wrote({"a", "b"}), ""},
        Row{"written_elsewhere", output(R"("key": "elsewhere")"), wrote({}),
            "/outputs/0: \"elsewhere\" was not written into the store \"out\"; nothing was written "
            "there\n"},
        Row{"not_written", output(R"("key": "x")"), wrote({"a", "b", "c", "d", "e"}),
            "/outputs/0: \"x\" was not written into the store \"out\"; what was written there is "
            "\"a\", \"b\", \"c\" and 2 more\n"},
        Row{"found_by_expression", output(R"("keyMatches": "^b\\d$")"), wrote({"a", "b1"}), ""},
        Row{"not_found_by_expression", output(R"("keyMatches": "^b$")"), wrote({"a"}),
            "/outputs/0: an object that matches \"^b$\" was not written into the store \"out\"; "
            "what was written there is \"a\"\n"},
        Row{"absent", output(R"("key": "x", "absent": true)"), wrote({"a"}), ""},
        Row{"not_absent", output(R"("keyMatches": "", "absent": true)"), wrote({"a"}),
            "/outputs/0: \"a\" was written into the store \"out\", and was not to be\n"},
        Row{"text", output(R"("key": "a", "text": "{\"key\": \"a\"}\n")"), wrote({"a"}), ""},
        Row{"another_text", output(R"("key": "a", "text": "x")"), wrote({"a"}),
            "/outputs/0/text: \"a\" in the store \"out\" holds \"{\\\"key\\\": \\\"a\\\"}\\n\" "
            "instead of \"x\"\n"},
        Row{"matches", output(R"("key": "a", "matches": "key")"), wrote({"a"}), ""},
        Row{"matches_not", output(R"("key": "a", "matches": "kez")"), wrote({"a"}),
            "/outputs/0/matches: \"a\" in the store \"out\" holds \"{\\\"key\\\": \\\"a\\\"}\\n\", "
            "which does not match \"kez\"\n"},
        Row{"json", output(R"("key": "a", "json": {"key": {"$matches": "a"}})"), wrote({"a"}), ""},
        Row{"another_json", output(R"("key": "a", "json": {"key": "b"})"), wrote({"a"}),
            "/outputs/0/json/key: /key of \"a\" in the store \"out\" is \"a\" instead of \"b\"\n"},
        Row{"one_of_several_is_enough", output(R"("keyMatches": "", "json": {"key": "b"})"),
            wrote({"a", "b", "c"}), ""},
        Row{"none_of_several", output(R"("keyMatches": "^.$", "json": {"key": "d"})"),
            wrote({"a", "b"}),
            "/outputs/0/json/key: /key of \"a\" in the store \"out\" is \"a\" instead of \"d\"\n"},
        Row{"not_readable", output(R"("key": "bad", "text": "x")"), wrote({"bad"}),
            "/outputs/0: \"bad\" in the store \"out\" cannot be read: cannot read the object: "
            "gone\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Judge, saysWhereTheExpectationStands)
{
    const auto mismatches = judge(expectationOf("{\n  \"result\": {\n    \"a\": [1,\n 2]}}"),
                                  succeeded(R"({"a": [1, {"b": [3]}]})"));
    ASSERT_EQ(mismatches.size(), 1U);
    EXPECT_EQ(mismatches[0].pointer, "/result/a/1");
    EXPECT_EQ(mismatches[0].line, 4);
    EXPECT_EQ(mismatches[0].column, 2);
    EXPECT_EQ(mismatches[0].expected, "2");
    EXPECT_EQ(mismatches[0].got, R"({"b":[3]})");
    // What is expected without being written stands nowhere but in the file.
    const auto status = judge(expectationOf("\n{}"), failed(Status::Timeout, kTimeout));
    EXPECT_EQ(status[0].line, 2);
}

TEST(Judge, hasAnEnd)
{
    std::string wanted = "[", got = "[";
    for (int i = 0; i < 1'000; ++i) {
        wanted += i > 0 ? ",1" : "1";
        got += i > 0 ? ",2" : "2";
    }
    EXPECT_EQ(judge(expectationOf(result(wanted + "]")), succeeded(got + "]")).size(),
              kMaxMismatches);
    const std::string large = '"' + std::string(1'000'000, 'x') + '"';
    const auto one = judge(expectationOf(result("1")), succeeded(large));
    EXPECT_EQ(one.front().got.size(), 64U * 1024 + 3); // and the sign that there is more
}

TEST(ErrorWords, areFoundInAnyDocument)
{
    EXPECT_EQ(errorWords(kTimeout).message, "Task timed out after 1.00 seconds");
    EXPECT_EQ(errorWords(R"({"errorMessage": "RequestId: 12 Error: x"})").message,
              "RequestId: 12 Error: x");
    EXPECT_EQ(errorWords(R"({"errorMessage": "RequestId: "})").message, "RequestId: ");
    for (const char* payload : {"", "[]", "{", R"({"errorType": 5})"})
        EXPECT_EQ(errorWords(payload).type, "Unknown") << payload;
}

TEST(ExpectationText, isWhatTheEventPasses)
{
    for (const Observed& observed :
         {succeeded(R"({"n": 12345678901234567890123, "list": [1, {"ä": []}], "e": {}})"),
          succeeded("null"), failed(Status::FunctionError, kRaised),
          failed(Status::Timeout, kTimeout), failed(Status::Crashed, "\"no document\""),
          failed(Status::Throttled, "")}) {
        const std::string text = expectationText("f", observed);
        EXPECT_EQ(told(text, observed), "") << text;
    }
    EXPECT_EQ(expectationText("f", succeeded(R"({"n":12345678901234567890123,"l":[1,{}]})")),
              R"({
  "function": "f",
  "status": "succeeded",
  "result": {
    "n": 12345678901234567890123,
    "l": [
      1,
      {}
    ]
  }
}
)");
    EXPECT_EQ(expectationText("f", failed(Status::Timeout, kTimeout)), R"({
  "function": "f",
  "status": "timeout",
  "errorType": "Sandbox.Timedout",
  "errorMessageMatches": "^Task timed out after 1\\.00 seconds$"
}
)");
}

} // namespace
