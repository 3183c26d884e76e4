#include <gtest/gtest.h>

#include "patterns/fold_case.h"

namespace coldframe::patterns {
namespace {

TEST(FoldCase, ofAsciiChangesCapitalsOnly)
{
    EXPECT_EQ(foldCase("AZ az @[`{ 09"), "az az @[`{ 09");
}

TEST(FoldCase, knowsLettersWithOnePartner)
{
    EXPECT_EQ(foldCase("ÀÖØÞ ĀĶĹŇŊŶŸŹŽ Ǎ Ș"), "àöøþ āķĺňŋŷÿźž ǎ ș");
    EXPECT_EQ(foldCase("ΆΈΊΌΎΏ ΑΡΣΫ"), "άέίόύώ αρσϋ");
    EXPECT_EQ(foldCase("ЀЏ АЯ Ѡ Ҋ Ӂ Ӑ"), "ѐџ ая ѡ ҋ ӂ ӑ");
    EXPECT_EQ(foldCase("ԱՖ Ḁ Ẕ Ạ Ỹ Ａ Ｚ"), "աֆ ḁ ẕ ạ ỹ ａ ｚ");
}

TEST(FoldCase, leavesAllElse)
{
    for (const char* text :
         {"×÷ßĸŉſ", "ς ϐ", "東京", "😀", "àöøþ", "\xc3", "\xff\xfe", "\xed\xa0\x80"})
        EXPECT_EQ(foldCase(text), text);
    EXPECT_EQ(foldCase(std::string("A\0B", 3)), std::string("a\0b", 3));
}

} // namespace
} // namespace coldframe::patterns
