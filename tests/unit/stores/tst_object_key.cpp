#include <gtest/gtest.h>

#include "stores/object_key.h"

using namespace coldframe;
using namespace coldframe::stores;
using namespace std::chrono_literals;

namespace {

struct Refusal {
    const char* name;
    std::string key;
    const char* message;
};
void PrintTo(const Refusal& row, std::ostream* out)
{
    *out << row.name;
}
class RefusedKey : public testing::TestWithParam<Refusal> { };

TEST_P(RefusedKey, saysWhy)
{
    const auto checked = checkKey(GetParam().key);
    ASSERT_FALSE(checked);
    EXPECT_EQ(describe(checked.error()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, RefusedKey,
    testing::Values(
        Refusal{"empty", "", "the key \"\" is empty; name the object"},
        Refusal{"the way up", "../etc/passwd",
                "the key \"../etc/passwd\" holds \"..\"; a key stays inside its store"},
        Refusal{"the way up inside", "a/../../b",
                "the key \"a/../../b\" holds \"..\"; a key stays inside its store"},
        Refusal{"the way up at the end", "a/..",
                "the key \"a/..\" holds \"..\"; a key stays inside its store"},
        Refusal{"a dot", "a/./b", "the key \"a/./b\" holds \".\"; a key stays inside its store"},
        Refusal{"absolute", "/etc/passwd",
                "the key \"/etc/passwd\" begins with a slash; keys are relative to the store"},
        Refusal{"two slashes", "a//b",
                "the key \"a//b\" has an empty part; use single slashes, none at the end"},
        Refusal{"a slash at the end", "a/",
                "the key \"a/\" has an empty part; use single slashes, none at the end"},
        Refusal{"NUL", std::string("a\0b", 3),
                "the key \"a\\x00b\" holds a NUL byte; leave it out"},
        Refusal{"like a file being written", "a/.coldframe-put-1-1.tmp",
                "the key \"a/.coldframe-put-1-1.tmp\" begins a name with \".coldframe-put-\"; "
                "that is kept for files being written; use another name"}));

TEST(Key, hasLimitsOnItsLengthAndOnThatOfItsParts)
{
    const std::string part(255, 'x');
    const std::string longest = part + '/' + part + '/' + part + '/' + part + "/";
    EXPECT_TRUE(checkKey(part));
    EXPECT_FALSE(checkKey(part + 'x'));
    EXPECT_EQ(longest.size(), 1024u);
    EXPECT_TRUE(checkKey(longest.substr(0, 1023)));
    EXPECT_FALSE(checkKey(longest + "x"));
}

TEST(Key, takesAnyOtherBytes)
{
    for (const char* key :
         {"a", "a b/ü/日本.json", "a\nb", "\xff\xfe", "...", ".hidden", "..a", "a.."})
        EXPECT_TRUE(checkKey(key)) << key;
}

struct ResultRow {
    const char* name;
    std::string source;
    std::string expected;
};
void PrintTo(const ResultRow& row, std::ostream* out)
{
    *out << row.name;
}
class ResultKey : public testing::TestWithParam<ResultRow> { };

TEST_P(ResultKey, followsItsSource)
{
    const TimePoint time{1'772'615'707'412'999'999ns}; // 2026-03-04T09:15:07.412999999Z
    EXPECT_EQ(resultKey(GetParam().source, "7f3a", time), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Sources, ResultKey,
    testing::Values(
        ResultRow{"a JSON file keeps its name", "in/a.json", "in/a.json"},
        ResultRow{"any other gets the ending", "in/report 01.csv", "in/report 01.csv.json"},
        ResultRow{"in capitals it is another ending", "A.JSON", "A.JSON.json"},
        ResultRow{"no file: time and request", "", "20260304T091507.412Z-7f3a.json"},
        ResultRow{"no room for the ending", std::string(253, 'x'),
                  "20260304T091507.412Z-7f3a.json"},
        ResultRow{"a source that is no key", "../a", "20260304T091507.412Z-7f3a.json"}));

} // namespace
