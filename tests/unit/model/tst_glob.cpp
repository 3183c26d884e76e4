#include <gtest/gtest.h>

#include "model/glob.h"

namespace coldframe::test {
namespace {

struct Row {
    const char* pattern;
    const char* path;
    bool matches;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.pattern << " against " << row.path;
}
class Glob : public testing::TestWithParam<Row> { };

TEST_P(Glob, MatchesPartByPart)
{
    EXPECT_EQ(matchesGlob(GetParam().pattern, GetParam().path), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Glob,
    testing::Values(Row{"*.csv", "a.csv", true}, Row{"*.csv", "in/a.csv", false},
                    Row{"*.csv", ".csv", true}, Row{"**/*.csv", "a.csv", true},
                    Row{"**/*.csv", "in/deep/a.csv", true}, Row{"**/*.csv", "a.csv/b", false},
                    Row{"in/**", "in/a/b", true}, Row{"in/**/x", "in/x", true},
                    Row{"in/**/x", "in/a/b/x", true}, Row{"in/**/x", "out/x", false},
                    Row{"**/a/**/b", "x/a/y/a/z/b", true}, Row{"?.txt", "é.txt", false},
                    Row{"?.txt", "e.txt", true}, Row{"?", "", false}, Row{"*", "", true},
                    Row{"[a-c]x", "bx", true}, Row{"[!a-c]x", "bx", false},
                    Row{"[!a-c]x", "dx", true}, Row{"[]x]", "]", true}, Row{"[a-]", "-", true},
                    Row{"a*b*c", "a-b-b-c", true}, Row{"a*b*c", "a-b-b", false},
                    Row{"exact", "exact", true}, Row{"exact", "exactly", false}));

TEST(Glob, TakesNoLongerForPatternsThatGoBackAtEachStep)
{
    const std::string path(1'000, 'a');
    EXPECT_FALSE(matchesGlob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", path));
    std::string deep = "a", pattern = "**";
    for (int i = 0; i < 200; ++i) {
        deep += "/a";
        pattern += i % 10 == 0 ? "/a/**" : "";
    }
    EXPECT_FALSE(matchesGlob(pattern + "/b", deep));
}

TEST(GlobProblem, SaysWhatIsWrong)
{
    EXPECT_EQ(globProblem("**/[a-c]*.csv"), std::nullopt);
    EXPECT_EQ(globProblem(""), std::nullopt);
    EXPECT_EQ(globProblem("/in/*"), "keys do not begin with /");
    EXPECT_EQ(globProblem("in//x"), "a part between two / is empty");
    EXPECT_EQ(globProblem("**.csv"), "** must be a part of its own");
    EXPECT_EQ(globProblem("[a-c"), "a [ is not closed");
    EXPECT_EQ(globProblem("[]"), "a [ is not closed");
}

} // namespace
} // namespace coldframe::test
