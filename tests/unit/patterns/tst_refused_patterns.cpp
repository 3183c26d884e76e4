#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patterns/event_pattern.h"
#include "temporary_folder.h"

// The rows lie in tests/data/patterns/refused.json: a text, and all that is said of it.
// After a wanted change of words: COLDFRAME_WRITE_GOLDEN=1 tst_refused_patterns, then read the
// diff.
namespace coldframe::patterns {
namespace {

using nlohmann::ordered_json;

const std::filesystem::path kFile
    = std::filesystem::path(COLDFRAME_SOURCE_DIR) / "tests" / "data" / "patterns" / "refused.json";

std::vector<std::string> saidOf(const std::string& text)
{
    std::vector<std::string> lines;
    const auto reading = EventPattern::parse(text, "p.json");
    EXPECT_NE(reading.pattern.has_value(), !reading.errors.empty());
    for (const Error& error : reading.errors)
        lines.push_back(describe(error));
    return lines;
}

ordered_json read()
{
    ordered_json file = ordered_json::parse(test::readFile(kFile));
    if (!std::getenv("COLDFRAME_WRITE_GOLDEN"))
        return file;
    std::string text = "{\n  \"rows\": [";
    for (auto& row : file.at("rows")) {
        row["says"] = saidOf(row.at("text"));
        text += (text.ends_with('[') ? "\n" : ",\n") + ("    " + row.dump());
    }
    std::ofstream(kFile) << text + "\n  ]\n}\n";
    return file;
}

struct Row {
    std::string name, text;
    std::vector<std::string> says;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

std::vector<Row> rows()
{
    std::vector<Row> all;
    const ordered_json file = read();
    for (const auto& row : file.at("rows"))
        all.push_back({row.at("name"), row.at("text"), row.at("says")});
    return all;
}

class Refused : public testing::TestWithParam<Row> { };

TEST_P(Refused, saysExactlyThis)
{
    EXPECT_FALSE(GetParam().says.empty());
    EXPECT_EQ(saidOf(GetParam().text), GetParam().says);
}
INSTANTIATE_TEST_SUITE_P(Patterns, Refused, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

std::string orOf(std::size_t branches, const std::string& fieldName)
{
    std::string text = "\"$or\": [";
    for (std::size_t i = 0; i < branches; ++i)
        text += (i ? ", " : "") + ("{\"" + fieldName + std::to_string(i)) + "\": [1]}";
    return text + ']';
}

TEST(Combinations, mayBeAThousand)
{
    const auto nested = [](std::size_t last) {
        return '{' + orOf(10, "a") + R"(, "x": {)" + orOf(10, "b") + R"(, "y": {)" + orOf(last, "c")
            + "}}}";
    };
    EXPECT_EQ(saidOf(nested(10)), std::vector<std::string>{});
    EXPECT_EQ(
        saidOf(nested(11)),
        std::vector<std::string>{
            "p.json:1:1: Event pattern is not valid. Reason: Event pattern contains more than "
            "1000 rule combinations; use fewer or shorter \"$or\" lists: their lengths "
            "multiply; or several patterns"});
}

TEST(Combinations, ofManyFieldsHaveALimitToo)
{
    std::string text = '{' + orOf(1'000, "a");
    for (int i = 0; i < 20; ++i)
        text += ", \"f" + std::to_string(i) + "\": [1]";
    EXPECT_EQ(
        saidOf(text + '}'),
        std::vector<std::string>{
            "p.json:1:1: Event pattern is not valid. Reason: 1020 fields in 1000 "
            "combinations are too many; use several patterns: at most 5000 fields in one, and "
            "100000 in all combinations together"});
}

} // namespace
} // namespace coldframe::patterns
