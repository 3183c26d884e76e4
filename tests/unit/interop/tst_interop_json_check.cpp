// The payload check, beside nlohmann's parser, which knows the grammar as well.

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "interop/json_check.h"

namespace coldframe::interop {
namespace {

TEST(JsonCheck, takesWhatIsJson)
{
    for (const char* text : {"{}",
                             "[]",
                             "null",
                             "true",
                             "false",
                             "0",
                             "-0",
                             "-0.5e+10",
                             "1E9",
                             "12.50",
                             "\"\"",
                             " \t\r\n{ \"a\" : [ 1 , { } , [ ] ] } \n",
                             R"({"a":{"b":[[],{}]},"c":"d"})",
                             R"("\"\\\/\b\f\n\r\tA\ud83d\ude00")",
                             "\"grün 東京 😀\"",
                             "\"12345678\"",
                             "\"1234567\"",
                             "\"a\x7f\"",
                             R"({"a":1,"a":2})",
                             R"("\ud800")"})
        EXPECT_FALSE(findJsonFault(text)) << text;
}

struct Row {
    const char* name;
    std::string text, fault;
};

class JsonFaults : public testing::TestWithParam<Row> { };

TEST_P(JsonFaults, areNamedWithTheirPlace)
{
    const auto fault = findJsonFault(GetParam().text);
    ASSERT_TRUE(fault);
    EXPECT_EQ(describeFault(GetParam().text, *fault), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, JsonFaults,
    testing::Values(
        Row{"nothing", "", "Unexpected end-of-input at line 1, column 1"},
        Row{"space", " \n ", "Unexpected end-of-input at line 2, column 2"},
        Row{"word", "hello", "Unexpected character 'h' at line 1, column 1"},
        Row{"halfAWord", "nul", "Unexpected end-of-input at line 1, column 4"},
        Row{"wrongWord", "nuLl", "Unexpected character 'L' at line 1, column 3"},
        Row{"secondValue", "{} {}", "Unexpected character '{' at line 1, column 4"},
        Row{"afterComma", "[1,", "Unexpected end-of-input at line 1, column 4"},
        Row{"trailingComma", "[1,]", "Unexpected character ']' at line 1, column 4"},
        Row{"trailingCommaInObject", "{\"a\":1,}", "Unexpected character '}' at line 1, column 8"},
        Row{"openObject", "{\"a\":1", "Unexpected end-of-input at line 1, column 7"},
        Row{"openKey", "{\"a", "Unexpected end-of-input at line 1, column 4"},
        Row{"noColon", "{\"a\" 1}", "Unexpected character '1' at line 1, column 6"},
        Row{"noValue", "{\"a\":}", "Unexpected character '}' at line 1, column 6"},
        Row{"bareKey", "{a:1}", "Unexpected character 'a' at line 1, column 2"},
        Row{"wrongEnd", "[1}", "Unexpected character '}' at line 1, column 3"},
        Row{"singleQuotes", "{'a':1}", "Unexpected character ''' at line 1, column 2"},
        Row{"leadingZero", "01", "Unexpected character '1' at line 1, column 2"},
        Row{"plus", "+1", "Unexpected character '+' at line 1, column 1"},
        Row{"bareMinus", "-", "Unexpected end-of-input at line 1, column 2"},
        Row{"noFraction", "1.", "Unexpected end-of-input at line 1, column 3"},
        Row{"noExponent", "1e+", "Unexpected end-of-input at line 1, column 4"},
        Row{"notANumber", "NaN", "Unexpected character 'N' at line 1, column 1"},
        Row{"lineBreakInString", "[\n\"a\nb\"]",
            "Unexpected character (code 10) at line 2, "
            "column 3"},
        Row{"badEscape", R"("\x")", "Unexpected character 'x' at line 1, column 3"},
        Row{"shortEscape", R"("\u12g4")", "Unexpected character 'g' at line 1, column 6"},
        Row{"strayByte", "\"12345678\xff\"", "Invalid UTF-8 at line 1, column 10"},
        Row{"cutCharacter", "\"\xe2\x82", "Invalid UTF-8 at line 1, column 2"},
        Row{"byteOrderMark", "\xef\xbb\xbf{}",
            "Unexpected character (code 239) at line 1, "
            "column 1"},
        Row{"nul", std::string("[\0]", 3), "Unexpected character (code 0) at line 1, column 2"}),
    [](const auto& row) { return row.param.name; });

TEST(JsonCheck, nestingHasAnEnd)
{
    const auto nested
        = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_FALSE(findJsonFault(nested(kMaxPayloadDepth)));
    const std::string tooDeep = nested(kMaxPayloadDepth + 1);
    const auto fault = findJsonFault(tooDeep);
    ASSERT_TRUE(fault);
    EXPECT_EQ(describeFault(tooDeep, *fault), "Nested too deeply at line 1, column 1001");
}

/// Thousands of texts, each one edit away from JSON. JSON_SEED=<n> reruns one that failed.
TEST(JsonCheck, agreesWithNlohmannOnDamagedTexts)
{
    const std::string whole
        = R"({"id":-12.5e+3,"name":"gr\u00fcn \"x\"","list":[1,true,null,{}],"t":"東京 and on"} )";
    constexpr std::string_view kInserted = "{}[],:\"\\ 0.eE-+tfn\n\x01\x80\xe6u";
    const char* chosen = std::getenv("JSON_SEED");
    const unsigned first = chosen ? static_cast<unsigned>(std::atoi(chosen)) : 0;
    for (unsigned seed = first; seed < (chosen ? first + 1 : 20'000U); ++seed) {
        std::mt19937 random(seed);
        std::string text = whole;
        for (std::size_t edits = random() % 3; edits-- > 0;) {
            const std::size_t at = random() % text.size();
            switch (random() % 3) {
            case 0:
                text.erase(at, 1 + random() % 3);
                break;
            case 1:
                text[at] = kInserted[random() % kInserted.size()];
                break;
            default:
                text.insert(at, 1, kInserted[random() % kInserted.size()]);
            }
        }
        ASSERT_EQ(!findJsonFault(text), nlohmann::json::accept(text))
            << "JSON_SEED=" << seed << ' ' << text;
    }
}

} // namespace
} // namespace coldframe::interop
