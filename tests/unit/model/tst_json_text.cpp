#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "model/json_text.h"

namespace coldframe::test {
namespace {

std::string problemIn(const std::string& text)
{
    const Result<JsonText> parsed = parseJson(text, "event.json");
    return parsed ? "" : describe(parsed.error());
}

struct BadText {
    const char* name;
    std::string text;
    const char* problem;
};
void PrintTo(const BadText& row, std::ostream* out)
{
    *out << row.name;
}

class Problems : public testing::TestWithParam<BadText> { };
TEST_P(Problems, AreToldInPlainWords)
{
    EXPECT_EQ(problemIn(GetParam().text), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Json, Problems,
    testing::Values(
        BadText{"empty", "", "event.json:1:1: the file is empty; write a JSON value, such as {}"},
        BadText{"comma_in_list", "[1,]",
                "event.json:1:3: there is a ',' before the ']' with nothing after it; remove the "
                "comma"},
        BadText{"two_commas", "[1,,2]", "event.json:1:4: there are two ',' in a row; remove one"},
        BadText{"no_comma_in_list", "[1 2]",
                "event.json:1:4: expected a ',' or ']' after the value"},
        BadText{"value_missing", "{\"a\": }",
                "event.json:1:7: expected a value: a text in double quotes, a number, true, false, "
                "null, an object or a list"},
        BadText{"bare_word", "[hello]",
                "event.json:1:2: expected a value, found hello; text stands in double quotes"},
        BadText{"colon_missing", "{\"a\" 1}", "event.json:1:6: expected a ':' after the key \"a\""},
        BadText{"number_as_key", "{1: 2}",
                "event.json:1:2: expected a key in double quotes, or '}'"},
        BadText{"open_list", "[\n  1",
                "event.json:2:4: the file ends inside the list that begins at "
                "line 1, column 1; add the missing ']'"},
        BadText{"comma_then_end", "{\"a\": 1,",
                "event.json:1:9: the file ends inside the object that begins at line 1, column 1; "
                "add the missing '}'"},
        BadText{"key_then_end", "{\"a\"",
                "event.json:1:5: the file ends inside the object that begins at line 1, column 1; "
                "add the missing '}'"},
        BadText{"open_text", "[\"abc",
                "event.json:1:2: the text that begins here has no closing '\"' on its line; close "
                "it; a line break inside a text is written \\n"},
        BadText{"tab_in_text", "[\"a\tb\"]",
                "event.json:1:4: the control character 0x09 stands in a text; write it as \\u0009"},
        BadText{"short_hex", "[\"\\u12\"]",
                "event.json:1:3: \\u must be followed by four hexadecimal digits"},
        BadText{"backslash_at_end", "[\"\\",
                "event.json:1:3: nothing that can be escaped follows the '\\'; a backslash itself "
                "is written \\\\"},
        BadText{"plus", "[+1]", "event.json:1:2: a number cannot begin with '+'; remove it"},
        BadText{"minus_alone", "[-]", "event.json:1:2: a number needs a digit after the '-'"},
        BadText{"point_first", "[.5]", "event.json:1:2: a number needs a digit before the '.'"},
        BadText{"point_last", "[1.]", "event.json:1:2: a number needs a digit after the '.'"},
        BadText{"exponent_empty", "[1e]", "event.json:1:2: a number needs a digit after the 'e'"},
        BadText{"huge_number", "[1e999]",
                "event.json:1:2: the number is too large; numbers reach to about 1.8e308"},
        BadText{"not_a_number", "[NaN]",
                "event.json:1:2: JSON does not know NaN; write a number or null"},
        BadText{"block_comment", "/* x */ 1",
                "event.json:1:1: found a comment, which JSON does not have; remove it"},
        BadText{"wide_characters_count_once", "{\"ä€😀\": x}",
                "event.json:1:9: expected a value, found x; text stands in double quotes"},
        BadText{"overlong_utf8", "[\"\xc0\xaf\"]",
                "event.json:1:3: the byte 0xc0 is not valid UTF-8; save the file in the encoding "
                "UTF-8"},
        BadText{"duplicate_by_escape", "{\"a\": 1,\n \"\\u0061\": 2}",
                "event.json:2:2: the key \"a\" is used twice in this object, first at line 1, "
                "column 2; remove or rename one of them"}),
    [](const auto& row) { return row.param.name; });

TEST(JsonText, KnowsWhereEverythingStands)
{
    const Result<JsonText> text = parseJson(R"({
  "a/b": {"~": [10, {"ü": "x", "deep": null}]},
  "": 5
})",
                                            "f");
    ASSERT_TRUE(text);
    const auto at = [&](const std::string& pointer) {
        const Position p = text->positionOf(pointer);
        return std::vector<int>{p.keyLine, p.keyColumn, p.line, p.column};
    };
    using testing::ElementsAre;
    EXPECT_THAT(at(""), ElementsAre(0, 0, 1, 1));
    EXPECT_THAT(at("/a~1b"), ElementsAre(2, 3, 2, 10));
    EXPECT_THAT(at("/a~1b/~0"), ElementsAre(2, 11, 2, 16));
    EXPECT_THAT(at("/a~1b/~0/0"), ElementsAre(0, 0, 2, 17));
    EXPECT_THAT(at("/a~1b/~0/1/deep"), ElementsAre(2, 32, 2, 40));
    EXPECT_THAT(at("/"), ElementsAre(3, 3, 3, 7));
    // where nothing stands: the innermost that does
    EXPECT_THAT(at("/a~1b/~0/7"), ElementsAre(2, 11, 2, 16));
    EXPECT_THAT(at("/nowhere/at/all"), ElementsAre(0, 0, 1, 1));
}

TEST(JsonText, GivesValuesAndTheirText)
{
    const Result<JsonText> text = parseJson(
        "\xef\xbb\xbf{ \"s\" : \"tab\\t\\u00e9\\ud83d\\ude00\\/\", \"n\" : -1.50e2 ,\"i\":42, "
        "\"l\" : [ true , \"a \\\" b\" ] }",
        "f");
    ASSERT_TRUE(text);
    const JsonValue root = text->root();
    EXPECT_EQ(root.find("s")->string(), "tab\té😀/");
    EXPECT_EQ(root.find("n")->number(), -150.0);
    EXPECT_FALSE(root.find("n")->integer());
    EXPECT_EQ(root.find("i")->integer(), 42);
    EXPECT_FALSE(root.find("x"));
    EXPECT_TRUE(root.find("l")->elements().at(0).boolean());
    EXPECT_EQ(root.find("l")->compact(), R"([true,"a \" b"])");
    EXPECT_EQ(root.members().at(2).key, "i");
}

TEST(JsonText, TakesTwoHundredLevelsAndNoMore)
{
    const auto nested
        = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    EXPECT_EQ(problemIn(nested(200)), "");
    EXPECT_EQ(problemIn(nested(201)),
              "event.json:1:201: lists and objects are nested deeper than 200; make the structure "
              "flatter");
    EXPECT_NE(problemIn(std::string(1'000'000, '[')), "");
}

/// Breaks good texts in every way one byte can, and asks an independent parser for its verdict.
TEST(JsonText, AgreesWithAnotherParserOnWhatIsJson)
{
    const std::vector<std::string> seeds{
        R"({"a": [1, -2.5e+3, "x\n\u00e9"], "b": {"c": null, "d": true}, "e": false})",
        R"([[], {}, "", 0, -0, 0.0, 1E5, "\ud83d\ude00", "ü€😀"])", "\xef\xbb\xbf 12 ", "\"\""};
    const std::string bytes = "{}[]:,\"\\ \n\t019-+.eEutfnx'#/\x01\x80\xc3\xed\xf4\xff";
    std::size_t accepted = 0;
    for (const std::string& seed : seeds) {
        for (std::size_t i = 0; i <= seed.size(); ++i) {
            for (const char byte : bytes) {
                for (const int way : {0, 1, 2}) {
                    std::string text = seed;
                    if (way == 0)
                        text.insert(i, 1, byte);
                    else if (i < text.size() && way == 1)
                        text[i] = byte;
                    else
                        text.erase(i, 1 + static_cast<unsigned char>(byte) % 3);
                    const Result<JsonText> ours = parseJson(text, "f");
                    if (!ours && ours.error().code == Error::Code::Duplicate)
                        continue; // allowed by the other one
                    const bool theirs = nlohmann::json::accept(text);
                    ASSERT_EQ(ours.has_value(), theirs)
                        << testing::PrintToString(text) << (ours ? "" : describe(ours.error()));
                    accepted += theirs;
                    if (ours) {
                        ASSERT_EQ(nlohmann::json::parse(ours->root().compact()),
                                  nlohmann::json::parse(text));
                    }
                }
            }
        }
    }
    EXPECT_GT(accepted, 100u);
}

std::chrono::nanoseconds cpuTime()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// One object of `keys` different keys, about 40 bytes each.
std::string wideObject(int keys)
{
    std::string text = "{";
    for (int i = 0; i < keys; ++i)
        text += (i ? ",\n" : "") + ("\"key-number-" + std::to_string(i) + "\": {\"value\": 12345}");
    return text + "}";
}

TEST(JsonText, TakesTimeInProportionToTheText)
{
    const auto timeFor = [](int keys) {
        const std::string text = wideObject(keys);
        std::chrono::nanoseconds best = std::chrono::hours(1);
        for (int run = 0; run < 3; ++run) {
            const auto start = cpuTime();
            EXPECT_TRUE(parseJson(text, "f"));
            best = std::min(best, cpuTime() - start);
        }
        return std::pair(text.size(), best);
    };
    const auto [smallSize, smallTime] = timeFor(27'000);
    const auto [largeSize, largeTime] = timeFor(270'000);
    EXPECT_GT(largeSize, 10'000'000u);
    RecordProperty("ms_for_10_mb", static_cast<int>(largeTime.count() / 1'000'000));
    // quadratic would be a hundred times; caches and the table's growth cost a little
    EXPECT_LT(largeTime, smallTime * 40);
}

} // namespace
} // namespace coldframe::test
