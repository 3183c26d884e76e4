#include <algorithm>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patterns/event_pattern.h"
#include "temporary_folder.h"

// The rows lie in tests/data/patterns: a pattern, an event, whether they match, and why not.
namespace coldframe::patterns {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

const fs::path kData = fs::path(COLDFRAME_SOURCE_DIR) / "tests" / "data" / "patterns";

struct Row {
    std::string name;
    std::string pattern; ///< in the order of the file, which counts
    json event;
    bool matches = false;
    std::string why; ///< empty: not looked at
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

std::vector<Row> rows()
{
    std::vector<Row> all;
    for (const auto& entry : fs::directory_iterator(kData)) {
        const ordered_json file = ordered_json::parse(test::readFile(entry.path()));
        for (const ordered_json& row : file.at("rows")) {
            if (!row.contains("matches"))
                continue;
            const ordered_json& event = row.at("event");
            const std::string shared = event.is_string() ? event.get<std::string>() : "";
            all.push_back(
                {entry.path().stem().string() + '_' + row.at("name").get<std::string>(),
                 row.at("pattern").dump(),
                 json(shared.starts_with('@') ? file.at("events").at(shared.substr(1)) : event),
                 row.at("matches").get<bool>(), row.value("why", "")});
        }
    }
    std::ranges::sort(all, {}, &Row::name);
    return all;
}

class Matching : public testing::TestWithParam<Row> { };

TEST_P(Matching, isAsTheRowSays)
{
    const auto reading = EventPattern::parse(GetParam().pattern, "pattern.json");
    ASSERT_TRUE(reading.pattern) << describe(reading.errors);
    EXPECT_EQ(reading.pattern->matches(GetParam().event), GetParam().matches);
    const auto mismatch = reading.pattern->mismatch(GetParam().event);
    EXPECT_EQ(mismatch.has_value(), !GetParam().matches);
    if (mismatch && !GetParam().why.empty()) {
        EXPECT_EQ(describe(*mismatch), GetParam().why);
    }
}
INSTANTIATE_TEST_SUITE_P(Rows, Matching, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Rows, areEnough)
{
    EXPECT_GE(rows().size(), 280u);
}

Mismatch mismatchOf(const std::string& pattern, const std::string& event)
{
    const auto reading = EventPattern::parse(pattern, "pattern.json");
    EXPECT_TRUE(reading.pattern) << describe(reading.errors);
    return reading.pattern->mismatch(json::parse(event)).value_or(Mismatch{});
}

TEST(Mismatches, pointIntoTheEvent)
{
    EXPECT_EQ(mismatchOf(R"({"a/b": {"c": [1]}})", R"({"a/b": [{"c": 2}]})").pointer, "/a~1b/0/c");
    EXPECT_EQ(mismatchOf(R"({"a": {"b": {"c": [1]}}})", R"({"a": {}})").pointer, "/a/b/c");
    EXPECT_EQ(mismatchOf(R"({"a": [1]})", "[]").pointer, "");
}

TEST(Mismatches, tellOfTheElementThatGotFurthest)
{
    const Mismatch mismatch
        = mismatchOf(R"({"r": {"a": [1], "b": [2], "c": [3]}})",
                     R"({"r": [{"a": 1, "b": 9}, {"a": 1, "b": 2, "c": 9}, {"a": 9}]})");
    EXPECT_EQ(mismatch.field, "r[1].c");
}

TEST(Mismatches, tellOfTheBranchThatGotFurthest)
{
    const Mismatch mismatch
        = mismatchOf(R"({"$or": [{"a": [1]}, {"b": [2], "c": [3], "d": [4]}, {"e": [5]}]})",
                     R"({"b": 2, "c": 3, "d": 9})");
    EXPECT_EQ(describe(mismatch),
              R"(d: 9 is not 4; of 3 combinations of "$or" this one got furthest)");
}

TEST(Matching, staysAfterItsTextIsGone)
{
    std::optional<EventPattern> pattern;
    {
        const auto text = parseJson(R"({"a": ["x", {"prefix": "y"}]})", "pattern.json");
        ASSERT_TRUE(text);
        pattern = EventPattern::read(*text, text->root(), "").pattern;
    }
    ASSERT_TRUE(pattern);
    const EventPattern copy = *pattern;
    pattern.reset();
    EXPECT_TRUE(copy.matches(json{{"a", "yes"}}));
    EXPECT_FALSE(copy.matches(json{{"a", "no"}}));
}

TEST(Matching, endsWithListsOfAnyDepth)
{
    json deep = 1;
    for (int i = 0; i < 100'000; ++i)
        deep = json::array({std::move(deep)});
    const json event = {{"a", std::move(deep)}};
    for (const char* text : {R"({"a": [1]})", R"({"a": {"b": [1]}})", R"({"a": [2]})"}) {
        const auto reading = EventPattern::parse(text, "pattern.json");
        ASSERT_TRUE(reading.pattern);
        EXPECT_FALSE(reading.pattern->matches(event));
    }
}

} // namespace
} // namespace coldframe::patterns
