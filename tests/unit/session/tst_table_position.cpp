#include <gtest/gtest.h>

#include "mangled.h"
#include "session/table_position.h"

namespace coldframe::session {
namespace {

sources::RowChange changeOf(std::int64_t sequence, std::optional<std::uint32_t> part = {})
{
    sources::RowChange change;
    change.sequence = sequence;
    change.part = part;
    return change;
}

TEST(TablePosition, survivesTheJournal)
{
    const TablePosition position{100, 120, 7, 2};
    EXPECT_EQ(textOf(position), "100 120 7 2");
    EXPECT_EQ(parseTablePosition("100 120 7 2"), position);
    for (const char* wrong : {"", "100", "100 120 7", "100 120 7 2 ", "100 120 7 x", "100  120 7 2",
                              "1 2 3 99999999999999999999"})
        EXPECT_EQ(parseTablePosition(wrong), std::nullopt) << wrong;
}

TEST(TablePosition, mangledIsNoneOrAnother)
{
    std::mt19937 random(test::seedToTry());
    for (int round = 0; round < 3'000; ++round)
        if (const auto read
            = parseTablePosition(test::mangled("9223372036854775807 120 7 2", random))) {
            EXPECT_EQ(parseTablePosition(textOf(*read)), read);
        }
}

TEST(TablePosition, coversWhatIsDoneWithinATransactionToo)
{
    const TablePosition position{100, 120, 7, 0};
    EXPECT_TRUE(position.covers(changeOf(119)));
    EXPECT_TRUE(position.covers(changeOf(120)));
    EXPECT_TRUE(position.covers(changeOf(120, 7)));
    EXPECT_FALSE(position.covers(changeOf(120, 8)));
    EXPECT_FALSE(position.covers(changeOf(121, 0)));
    EXPECT_FALSE(TablePosition{}.covers(changeOf(1)));
}

} // namespace
} // namespace coldframe::session
