#include <chrono>

#include <gtest/gtest.h>

#include "check/pattern.h"
#include "check/pattern_size.h"

using namespace coldframe::check;

namespace {

struct Row {
    const char* name;
    const char* pattern;
    std::string text;
    bool found;
};
class Search : public testing::TestWithParam<Row> { };

TEST_P(Search, findsWhatItSays)
{
    const auto pattern = Pattern::compile(GetParam().pattern);
    ASSERT_TRUE(pattern) << pattern.error();
    EXPECT_EQ(pattern->foundIn(GetParam().text), GetParam().found);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Search,
    testing::Values(Row{"anywhere", "bc", "abcd", true}, Row{"nowhere", "bd", "abcd", false},
                    Row{"nothing_is_in_everything", "", "", true},
                    Row{"anchored", "^abc$", "abc", true},
                    Row{"anchors_are_the_text_s_not_a_line_s", "^b", "a\nb", false},
                    Row{"the_end_is_after_the_last_line_end", "a$", "a\n", false},
                    Row{"a_dot_is_no_line_end", "a.b", "a\nb", false},
                    Row{"alternatives_stay_together", "^x|y$", "zzy", true},
                    Row{"count", "^\\d{4}-\\d{2}$", "2026-11", true},
                    Row{"word_boundary", "\\bfoo\\b", "a foo b", true},
                    Row{"within_a_word", "\\bfoo\\b", "afoo b", false},
                    Row{"looking_ahead", "f(?!oo)", "afoo", false},
                    Row{"characters_not_bytes", "^caf.$", "café", true},
                    Row{"class_of_characters", "^[é-ü]$", "ö", true},
                    Row{"four_bytes", "^a.b$", "a😀b", true},
                    Row{"bytes_that_are_no_text", "^a.b$",
                        "a\xff"
                        "b",
                        true},
                    Row{"escaped", "\\(a\\/b\\)\\.", "(a/b).", true},
                    Row{"nul", "^a.b$", std::string("a\0b", 3), true}),
    [](const auto& row) { return row.param.name; });

struct Bad {
    const char* name;
    std::string pattern;
    const char* words;
};
void PrintTo(const Bad& bad, std::ostream* out)
{
    *out << bad.name;
}
class Refused : public testing::TestWithParam<Bad> { };

TEST_P(Refused, saysWhy)
{
    const auto pattern = Pattern::compile(GetParam().pattern);
    ASSERT_FALSE(pattern);
    EXPECT_EQ(pattern.error(), GetParam().words);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Refused,
    testing::Values(
        Bad{"open", "(a",
            "has a ( or ) without its other half, or a *, + or ? with nothing to repeat"},
        // Put between others, it would be right.
        Bad{"closes_and_opens", "a)(b",
            "has a ( or ) without its other half, or a *, + or ? with nothing to repeat"},
        Bad{"star_first", "*a",
            "has a ( or ) without its other half, or a *, + or ? with nothing to repeat"},
        Bad{"class", "[ab", "has a [ that is not closed"},
        Bad{"range", "[z-a]", "has a range in [ ] whose end comes before its beginning"},
        Bad{"brace", "a{x}", "has a { } that is no count such as {2} or {2,5}"},
        Bad{"escape", "\\", "has a \\ that escapes nothing"},
        Bad{"reference", "(a)\\1", "has a back-reference, which is not supported"},
        Bad{"long", std::string(1'001, 'a'), "has more than 1000 bytes"},
        Bad{"many", "(a{100}){100}", "repeats too much in its { }"},
        Bad{"huge", "a{99999999999999999999}", "repeats too much in its { }"}),
    [](const auto& row) { return row.param.name; });

/// Backtracking searches take exponential time, or a stack frame a character, for these.
TEST(Pattern, aMegabyteIsSearchedInBoundedTimeAndStack)
{
    const std::string text(kMaxSearchedBytes, 'x');
    for (const char* expression : {"(x+x+)+y", "(x|xx)*y", ".*.*y", "((((x*)*)*)*)*y"}) {
        const auto pattern = Pattern::compile(expression);
        ASSERT_TRUE(pattern) << expression;
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_FALSE(pattern->foundIn(text)) << expression;
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
    }
}

TEST(Pattern, onlyTheFirstMegabyteIsSearched)
{
    const auto pattern = Pattern::compile("y");
    EXPECT_TRUE(pattern->foundIn(std::string(kMaxSearchedBytes - 1, 'x') + 'y'));
    EXPECT_FALSE(pattern->foundIn(std::string(kMaxSearchedBytes, 'x') + 'y'));
}

TEST(Pattern, anEscapedTextMatchesItself)
{
    std::string everything;
    for (char c = ' '; c < '\x7f'; ++c)
        everything += c;
    everything += "\n\té";
    const auto pattern = Pattern::compile('^' + escapedForPattern(everything) + '$');
    ASSERT_TRUE(pattern) << pattern.error();
    EXPECT_TRUE(pattern->foundIn(everything));
    EXPECT_FALSE(pattern->foundIn(everything + "."));
}

TEST(PatternSize, countsWhatIsRepeated)
{
    const auto size = [](const char* pattern) { return detail::patternSize(pattern); };
    EXPECT_EQ(size(""), 0U);
    EXPECT_EQ(size("abc"), 3U);
    EXPECT_EQ(size("a{5}b"), 6U);
    EXPECT_EQ(size("a{2,7}"), 7U);
    EXPECT_EQ(size("[(){99]{3}"), 3U);
    EXPECT_EQ(size("\\({4}"), 4U);
    EXPECT_EQ(size("(ab{3}){10}"), 60U); // a group counts as two more
    EXPECT_EQ(size("((a{10}){10}){10}"), 1'220U);
}

} // namespace
