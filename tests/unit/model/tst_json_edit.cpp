// Edits of a text that a person wrote: every byte that nobody asked about stays.

#include <gtest/gtest.h>

#include "model/json_edit.h"
#include "model/json_text.h"

namespace coldframe::test {
namespace {

struct Row {
    const char* name;
    std::string before;
    std::string pointer;
    std::string value; ///< what is set, or the new key
    std::string after; ///< or the message of a refusal
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

std::string outcome(const Result<std::string>& result)
{
    if (!result)
        return result.error().message;
    EXPECT_TRUE(parseJson(*result, "after")) << *result;
    return *result;
}

class Setting : public testing::TestWithParam<Row> { };
TEST_P(Setting, changesThatPlaceOnly)
{
    const Row& row = GetParam();
    EXPECT_EQ(outcome(setJson(row.before, row.pointer, row.value)), row.after);
}

const std::string kFile = "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 1e3 },\n   \"c\": {}\n}\n";

INSTANTIATE_TEST_SUITE_P(
    Rows, Setting,
    testing::Values(
        Row{"a value, numbers beside it as typed", kFile, "/a/x", "2",
            "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 2 },\n   \"c\": {}\n}\n"},
        Row{"the same value stays as typed", kFile, "/b", "1.50", kFile},
        Row{"the same object laid out otherwise stays", R"({"a":{"x" : 1}})", "/a",
            "{ \"x\":1 }", R"({"a":{"x" : 1}})"},
        Row{"a member more on the object's one line", kFile, "/a/y", "[1, 2]",
            "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 1e3, \"y\": [1, 2] },\n   \"c\": {}\n}\n"},
        Row{"a member more at the end, indented as the file", kFile, "/d", "{\"e\":[true,{}]}",
            "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 1e3 },\n   \"c\": {},\n   \"d\": {\n      "
            "\"e\": [\n         true,\n         {}\n      ]\n   }\n}\n"},
        Row{"the first member of an empty object", kFile, "/c/k~1v~0w", "\"v\"",
            "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 1e3 },\n   \"c\": {\n      \"k/v~w\": "
            "\"v\"\n   }\n}\n"},
        Row{"objects missing on the way", "{\n  \"a\": 1\n}", "/b/c/d", "0",
            "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": {\n      \"d\": 0\n    }\n  }\n}"},
        Row{"an object on one line keeps to it", kFile, "/a", "{\"y\":\n2}",
            "{\n   \"b\": 1.50,\n   \"a\" : { \"y\": 2 },\n   \"c\": {}\n}\n"},
        Row{"a file of one line stays one", R"({"a":1})", "/b", "{\"c\":2}",
            R"({"a":1, "b": { "c": 2 }})"},
        Row{"an empty file is spread", "{}", "/a/b", "1", "{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
        Row{"tabs", "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n", "/a/c", "{\"d\":2}",
            "{\n\t\"a\": {\n\t\t\"b\": 1,\n\t\t\"c\": {\n\t\t\t\"d\": 2\n\t\t}\n\t}\n}\n"},
        Row{"line ends of another system", "{\r\n  \"a\": 1\r\n}\r\n", "/b", "2",
            "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n"},
        Row{"an element of a list", R"({"a": ["x", "y"]})", "/a/1", "\"z\"",
            R"({"a": ["x", "z"]})"},
        Row{"quotes, commas and braces in texts are texts", R"({"a,}": "\",{", "b": 1})", "/b", "2",
            R"({"a,}": "\",{", "b": 2})"},
        Row{"a list is not made longer", R"({"a": []})", "/a/0", "1",
            "nothing can be added at /a/0"},
        Row{"nothing goes into a number", R"({"a": 1})", "/a/b", "1",
            "nothing can be added at /a/b"},
        Row{"no pointer", R"({"a": 1})", "a", "1", "\"a\" names no place"}),
    [](const auto& row) { return std::to_string(row.index); });

TEST(Setting, aValueThatIsNoJsonIsToldWithItsPlaceInTheFile)
{
    const Result<std::string> result = setJson(kFile, "/a/x", "{\n oops");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().pointer, "/a/x");
    EXPECT_EQ(result.error().line, 0);
}

class Removing : public testing::TestWithParam<Row> { };
TEST_P(Removing, takesThatPlaceAndItsComma)
{
    const Row& row = GetParam();
    EXPECT_EQ(outcome(removeJson(row.before, row.pointer)), row.after);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Removing,
    testing::Values(
        Row{"the first", kFile, "/b", "", "{\n   \"a\" : { \"x\": 1e3 },\n   \"c\": {}\n}\n"},
        Row{"one between", kFile, "/a", "", "{\n   \"b\": 1.50,\n   \"c\": {}\n}\n"},
        Row{"the last", kFile, "/c", "", "{\n   \"b\": 1.50,\n   \"a\" : { \"x\": 1e3 }\n}\n"},
        Row{"the only one", kFile, "/a/x", "",
            "{\n   \"b\": 1.50,\n   \"a\" : {},\n   \"c\": {}\n}\n"},
        Row{"an element", "[1, 2, 3]", "/1", "", "[1, 3]"},
        Row{"what is not there", kFile, "/a/y", "", "there is nothing at /a/y"},
        Row{"below a number", kFile, "/b/y", "", "there is nothing at /b/y"}),
    [](const auto& row) { return std::to_string(row.index); });

class Renaming : public testing::TestWithParam<Row> { };
TEST_P(Renaming, changesTheKeyOnly)
{
    const Row& row = GetParam();
    EXPECT_EQ(outcome(renameJson(row.before, row.pointer, row.value)), row.after);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Renaming,
    testing::Values(Row{"keeps its place", kFile, "/a", "new",
                        "{\n   \"b\": 1.50,\n   \"new\" : { \"x\": 1e3 },\n   \"c\": {}\n}\n"},
                    Row{"a key with a quote", R"({"a\"b" : 1})", "/a\"b", "c\\d",
                        R"({"c\\d" : 1})"},
                    Row{"its own name", kFile, "/a", "a", kFile},
                    Row{"a name that is taken", kFile, "/a", "b", "\"b\" is there already"},
                    Row{"what is not there", kFile, "/z", "y", "there is nothing at /z"},
                    Row{"an element", "[1]", "/0", "y", "there is nothing at /0"}),
    [](const auto& row) { return std::to_string(row.index); });

TEST(QuotedJson, readsBackAsTheSameText)
{
    std::string all = "\xc3\xa4 / \\ \" ";
    for (char c = 1; c < 0x20; ++c)
        all += c;
    const Result<JsonText> json = parseJson(quotedJson(all), "");
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(json->root().string(), all);
}

} // namespace
} // namespace coldframe::test
