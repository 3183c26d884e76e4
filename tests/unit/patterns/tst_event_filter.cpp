#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patterns/event_filter.h"

namespace coldframe::patterns {
namespace {

using nlohmann::json;

EventFilter filterOf(const std::string& text)
{
    const auto reading = EventFilter::parse(text, "filter.json");
    EXPECT_TRUE(reading.filter) << describe(reading.errors);
    return reading.filter.value();
}

std::string refusal(const std::string& text, std::size_t most = kMaxFilters)
{
    const auto reading = EventFilter::parse(text, "filter.json", most);
    EXPECT_FALSE(reading.filter);
    return describe(reading.errors);
}

TEST(EventFilter, isOnePattern)
{
    const EventFilter filter = filterOf(R"({"a": [1]})");
    EXPECT_EQ(filter.size(), 1u);
    EXPECT_TRUE(filter.matchesText(R"({"a": 1})"));
    EXPECT_FALSE(filter.matchesText(R"({"a": 2})"));
}

TEST(EventFilter, ofAListNeedsOneThatMatches)
{
    const EventFilter filter = filterOf(R"([{"a": [1]}, {"b": [2]}])");
    EXPECT_EQ(filter.size(), 2u);
    EXPECT_TRUE(filter.matchesText(R"({"b": 2})"));
    EXPECT_TRUE(filter.matchesText(R"({"a": 1, "b": 3})"));
    EXPECT_FALSE(filter.matchesText(R"({"a": 2, "b": 1})"));
    EXPECT_EQ(describe(*filter.mismatch(json{{"a", 2}})),
              "a: 2 is not 1; none of the 2 patterns matches");
    EXPECT_FALSE(filter.mismatch(json{{"a", 1}}));
}

TEST(EventFilter, readsWhatEventSourceMappingsTake)
{
    for (
        const char* text : {
            R"({"filters": [{"pattern": {"body": {"a": [1]}}}, {"pattern": {"b": [2]}}]})",
            R"({"Filters": [{"Pattern": "{\"body\": {\"a\": [1]}}"}, {"Pattern": "{\"b\": [2]}"}]})",
        }) {
        const EventFilter filter = filterOf(text);
        EXPECT_EQ(filter.size(), 2u);
        EXPECT_TRUE(filter.matchesText(R"({"body": {"a": 1}})"));
        EXPECT_TRUE(filter.matchesText(R"({"b": 2})"));
        EXPECT_FALSE(filter.matchesText(R"({"a": 1})"));
    }
}

TEST(EventFilter, mayAskForAFieldNamedFilters)
{
    EXPECT_TRUE(filterOf(R"({"filters": ["x"]})").matchesText(R"({"filters": "x"})"));
    EXPECT_TRUE(filterOf(R"({"filters": {"pattern": ["x"]}})")
                    .matchesText(R"({"filters": [{"pattern": "x"}]})"));
}

TEST(EventFilter, doesNotMatchWhatIsNoObject)
{
    const EventFilter filter = filterOf(R"({"a": [{"exists": false}]})");
    for (const char* text : {"", "{", "[]", "1", "\"a\"", "nul", "{\"b\": 1}}"})
        EXPECT_FALSE(filter.matchesText(text)) << text;
    EXPECT_TRUE(filter.matchesText("{}"));
}

TEST(EventFilter, hasOperatorsByItsForm)
{
    EXPECT_TRUE(EventFilter::parse(R"({"a": [{"wildcard": "*"}]})", "f").filter);
    EXPECT_EQ(refusal(R"({"filters": [{"pattern": {"a": [{"wildcard": "*"}]}}]})"),
              "filter.json:1:34: /filters/0/pattern/a/0/wildcard: Invalid filter pattern "
              "definition. Reason: wildcard is not supported by event source mappings; use an "
              "operator that these have, or filter in the function\n");
    EXPECT_EQ(refusal(R"({"filters": [{"pattern": {"a": [{"cidr": "10.0.0.0/8"}]}}]})"),
              "filter.json:1:34: /filters/0/pattern/a/0/cidr: Invalid filter pattern definition. "
              "Reason: cidr is not supported by event source mappings; use an operator that these "
              "have, or filter in the function\n");
}

TEST(EventFilter, countsItsPatterns)
{
    const std::string five = R"([{"a":[1]},{"a":[1]},{"a":[1]},{"a":[1]},{"a":[1]}])";
    const std::string six = five.substr(0, five.size() - 1) + R"(,{"a":[1]}])";
    EXPECT_TRUE(EventFilter::parse(five, "f", kDefaultFilters).filter);
    EXPECT_TRUE(EventFilter::parse(six, "f").filter);
    EXPECT_EQ(refusal(six, kDefaultFilters),
              "filter.json:1:1: 6 patterns are too many: at most 5; put several values into one "
              "pattern; the platform gives 5 to a source, and 10 on request\n");
    EXPECT_EQ(refusal("[]"),
              "filter.json:1:1: a list of patterns needs at least one; write a "
              "pattern, or leave the filter out\n");
}

TEST(EventFilter, saysAllThatIsWrong)
{
    EXPECT_EQ(
        refusal("[{\"a\": 1},\n {\"b\": []},\n 5]"),
        "filter.json:1:8: /0/a: Event pattern is not valid. Reason: \"a\" must be an object or an "
        "array; put it in brackets: \"a\": [1]\n"
        "filter.json:2:8: /1/b: Event pattern is not valid. Reason: Empty arrays are not allowed; "
        "write what the field may be, or {\"exists\": false} if it must not be there\n"
        "filter.json:3:2: /2: Event pattern is not valid. Reason: Filter is not an object; write "
        "an object with the fields of the event: {\"source\": [\"aws.s3\"]}\n");
    EXPECT_EQ(refusal(R"({"filters": [{"pattern": "{\"a\": 1}"}]})"),
              "filter.json:1:26: /filters/0/pattern: Invalid filter pattern definition. Reason: "
              "\"a\" must be an object or an array (line 1, column 7 of this text); put it in "
              "brackets: \"a\": [1]\n");
    EXPECT_EQ(refusal(R"({"filters": [{"pattern": {"a": [1]}, "name": "x"}]})"),
              "filter.json:1:38: /filters/0/name: a filter has no key \"name\"; a filter has one "
              "key, \"pattern\"\n");
}

} // namespace
} // namespace coldframe::patterns
