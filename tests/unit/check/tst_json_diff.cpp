#include <gtest/gtest.h>

#include "check/json_diff.h"
#include "check/json_equal.h"

using namespace coldframe;
using namespace coldframe::check;

namespace {

JsonText parsed(const std::string& text)
{
    auto json = parseJson(text, "f.json");
    EXPECT_TRUE(json) << describe(json.error());
    return std::move(*json);
}

std::string told(const std::vector<JsonChange>& changes)
{
    std::string text;
    for (const JsonChange& change : changes) {
        using Kind = JsonChange::Kind;
        const char* sign = change.kind == Kind::Added ? "+"
            : change.kind == Kind::Removed            ? "-"
                                                      : "~";
        text += sign + change.pointer + ' ' + change.before + " > " + change.after + '\n';
    }
    return text;
}

struct Row {
    const char* name;
    const char* before;
    const char* after;
    const char* changes;
};
class Diff : public testing::TestWithParam<Row> { };

TEST_P(Diff, saysExactlyThis)
{
    EXPECT_EQ(told(jsonDiff(parsed(GetParam().before), parsed(GetParam().after))),
              GetParam().changes);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Diff,
    testing::Values(
        Row{"same", R"({"a": [1, {"b": null}]})", R"({ "a":[1,{"b":null}] })", ""},
        Row{"keys_in_another_order", R"({"a": 1, "b": 2})", R"({"b": 2, "a": 1})", ""},
        Row{"numbers_written_otherwise", "[1, 1e3, 0.50]", "[1.0, 1000, 5e-1]", ""},
        Row{"texts_written_otherwise", R"("\u00e9")", R"("é")", ""},
        Row{"root", "1", "\"1\"", "~ 1 > \"1\"\n"},
        Row{"value", R"({"a": {"b": 1, "c": 2}})", R"({"a": {"b": 1, "c": 3}})", "~/a/c 2 > 3\n"},
        Row{"another_kind_of_value", R"({"a": {"b": 1}})", R"({"a": [1]})",
            "~/a {\"b\":1} > [1]\n"},
        Row{"keys_come_and_go", R"({"a": 1, "b": 2, "c": 3})", R"({"d": 4, "c": 3, "a": 1})",
            "-/b 2 > \n+/d  > 4\n"},
        Row{"key_with_slash_and_tilde", R"({"a/b~": 1})", R"({"a/b~": 2})", "~/a~1b~0 1 > 2\n"},
        Row{"element_put_in_first", "[1, 2, 3]", "[0, 1, 2, 3]", "+/0  > 0\n"},
        Row{"element_put_in_the_middle", "[1, 2, 3]", "[1, 9, 2, 3]", "+/1  > 9\n"},
        Row{"element_taken_out", R"([{"n": 1}, {"n": 2}, {"n": 3}])", R"([{"n": 1}, {"n": 3}])",
            "-/1 {\"n\":2} > \n"},
        Row{"elements_at_the_end", "[1]", "[1, 2, 3]", "+/1  > 2\n+/2  > 3\n"},
        Row{"element_changed_inside", R"([{"n": 1, "m": 1}, 5])", R"([{"n": 1, "m": 2}, 5])",
            "~/0/m 1 > 2\n"},
        Row{"elements_changed_and_taken_out", "[1, 2, 3, 4, 9]", "[1, 5, 9]",
            "~/1 2 > 5\n-/2 3 > \n-/3 4 > \n"},
        Row{"repeated_elements", "[1, 1, 1]", "[1, 1]", "-/2 1 > \n"},
        Row{"emptied", R"({"a": [1], "b": {"c": 1}})", R"({"a": [], "b": {}})",
            "-/a/0 1 > \n-/b/c 1 > \n"},
        Row{"digits_beyond_a_double", "12345678901234567890123", "12345678901234567890124",
            "~ 12345678901234567890123 > 12345678901234567890124\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Diff, stopsAtItsLimit)
{
    const JsonText before = parsed("[1,2,3,4,5,6]"), after = parsed("[0,0,0,0,0,0,0]");
    EXPECT_EQ(jsonDiff(before, after, 4).size(), 4U);
    EXPECT_EQ(jsonDiff(before, after, 7).size(), 7U);
    EXPECT_EQ(jsonDiff(before, after).size(), 7U);
}

TEST(Diff, manyKeysDoNotTakeQuadraticTime)
{
    std::string one = "{", two = "{";
    for (int i = 0; i < 100'000; ++i) {
        const std::string key = (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":";
        one += key + "1";
        two += key + (i % 1'000 == 0 ? "2" : "1");
    }
    EXPECT_EQ(jsonDiff(parsed(one + "}"), parsed(two + "}")).size(), 100U);
}

struct Numbers {
    const char* a;
    const char* b;
    bool same;
};
class Equal : public testing::TestWithParam<Numbers> { };

TEST_P(Equal, comparesNumbersByValue)
{
    EXPECT_EQ(sameNumber(GetParam().a, GetParam().b), GetParam().same);
    EXPECT_EQ(sameNumber(GetParam().b, GetParam().a), GetParam().same);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Equal,
    testing::Values(Numbers{"1", "1.0", true}, Numbers{"1", "1e0", true},
                    Numbers{"100", "1E+2", true}, Numbers{"0.001", "1e-3", true},
                    Numbers{"-0", "0", true}, Numbers{"0e9", "0.00", true},
                    Numbers{"1", "-1", false}, Numbers{"10", "1", false},
                    Numbers{"0.1", "0.10000000000000001", false},
                    Numbers{"9007199254740993", "9007199254740992", false},
                    Numbers{"1e400", "10e399", true}, Numbers{"1e400", "1e401", false},
                    Numbers{"1e99999999999999999999", "1e99999999999999999999", true},
                    Numbers{"1e99999999999999999999", "2e99999999999999999999", false}));

} // namespace
