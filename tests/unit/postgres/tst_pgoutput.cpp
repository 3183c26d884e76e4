#include <cmath>

#include <gmock/gmock.h>

#include "mangled.h"
#include "postgres/connection.h"
#include "postgres/pgoutput.h"
#include "row_text.h"

namespace coldframe::postgres {
namespace {

using sources::RowChange;
using testing::AnyOf;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string number(std::uint64_t value, int size)
{
    std::string bytes;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

std::string begin(std::uint64_t commit)
{
    return 'B' + number(commit, 8) + number(86'400'000'000, 8) + number(7, 4);
}

std::string commit(std::uint64_t end)
{
    return 'C' + number(0, 1) + number(end - 1, 8) + number(end, 8) + number(0, 8);
}

/// public.t(id int4, note text).
std::string relation(char identity)
{
    const bool full = identity == 'f';
    return 'R' + number(9, 4) + std::string("public\0t\0", 9) + identity + number(2, 2)
        + number(1, 1) + std::string("id\0", 3) + number(23, 4) + number(~0u, 4)
        + number(full ? 1 : 0, 1) + std::string("note\0", 5) + number(25, 4) + number(~0u, 4);
}

/// "n" null, "u" unchanged, else text.
std::string row(const std::vector<std::string>& values)
{
    std::string bytes = number(values.size(), 2);
    for (const std::string& value : values)
        bytes += value == "n" || value == "u" ? value : 't' + number(value.size(), 4) + value;
    return bytes;
}

class PgOutputTest : public testing::Test {
protected:
    void take(const std::string& message)
    {
        const auto done = m_output.take(message, m_changes);
        EXPECT_TRUE(done) << describe(done.error());
    }
    PgOutput m_output{{"id"}};
    std::vector<RowChange> m_changes;
};

TEST_F(PgOutputTest, aTransactionWithAllKindsOfChanges)
{
    take(begin(1000));
    take(relation('f'));
    take('I' + number(9, 4) + 'N' + row({"1", "tea"}));
    take('U' + number(9, 4) + 'O' + row({"1", "tea"}) + 'N' + row({"1", "u"}));
    take('U' + number(9, 4) + 'O' + row({"1", "tea"}) + 'N' + row({"2", "n"}));
    take('D' + number(9, 4) + 'O' + row({"2", "n"}));
    EXPECT_TRUE(m_output.inTransaction());
    EXPECT_EQ(m_output.committed(), 0);
    take(commit(1100));
    EXPECT_FALSE(m_output.inTransaction());
    EXPECT_EQ(m_output.committed(), 1100);
    EXPECT_THAT(
        test::textsOf(m_changes),
        ElementsAre("+ 1,'tea'", "~ 1,'tea' > 1,'tea'", "- 1,'tea'", "+ 2,null", "- 2,null"));
    for (std::uint32_t i = 0; i < m_changes.size(); ++i) {
        EXPECT_EQ(m_changes[i].sequence, 1000);
        EXPECT_EQ(m_changes[i].part, i);
        EXPECT_EQ(m_changes[i].table, "t");
        EXPECT_EQ(m_changes[i].at.time_since_epoch(),
                  std::chrono::sys_days(std::chrono::year(2000) / 1 / 2).time_since_epoch());
    }
    EXPECT_EQ(*m_changes[0].columns, (sources::RowColumns{{"id", true}, {"note", false}}));
}

TEST_F(PgOutputTest, whatAnIdentityOfKeysDoesNotTellIsUntold)
{
    take(begin(1));
    take(relation('d'));
    take('U' + number(9, 4) + 'N' + row({"1", "u"}));
    take('U' + number(9, 4) + 'K' + row({"1", "n"}) + 'N' + row({"2", "x"}));
    take('D' + number(9, 4) + 'K' + row({"2", "n"}));
    EXPECT_THAT(test::textsOf(m_changes), ElementsAre("~  > 1,?", "- 1,?", "+ 2,'x'", "- 2,?"));
}

TEST_F(PgOutputTest, withoutAPrimaryKeyAllColumnsAreTheKey)
{
    PgOutput output({});
    for (const std::string& message :
         {begin(1), relation('f'),
          'U' + number(9, 4) + 'O' + row({"1", "a"}) + 'N' + row({"1", "b"})})
        ASSERT_TRUE(output.take(message, m_changes));
    EXPECT_THAT(test::textsOf(m_changes), ElementsAre("- 1,'a'", "+ 1,'b'"));
    EXPECT_TRUE(m_changes[0].columns->at(1).key);
}

TEST_F(PgOutputTest, truncationsAreCountedAndOtherMessagesPassedOver)
{
    take('T' + number(1, 4) + number(0, 1) + number(9, 4));
    take('Y' + number(1, 4) + std::string("a\0b\0", 4));
    take('O' + number(1, 8) + std::string("a\0", 2));
    EXPECT_EQ(m_output.truncations(), 1u);
    EXPECT_THAT(m_changes, IsEmpty());
}

TEST_F(PgOutputTest, brokenMessagesAreRefusedAndNeverEndTheProgram)
{
    const std::vector<std::string> good
        = {begin(5),
           relation('f'),
           'I' + number(9, 4) + 'N' + row({"1", "tea"}),
           'U' + number(9, 4) + 'O' + row({"1", "tea"}) + 'N' + row({"1", "u"}),
           'D' + number(9, 4) + 'O' + row({"2", "n"}),
           commit(6)};
    for (const std::string& message : good) // each cut off anywhere is one
        for (std::size_t size = 0; size < message.size(); ++size) {
            PgOutput output({"id"});
            ASSERT_TRUE(output.take(relation('f'), m_changes));
            const auto done = output.take(message.substr(0, size), m_changes);
            EXPECT_FALSE(done) << message.front() << size;
        }
    std::mt19937 random(test::seedToTry());
    for (int i = 0; i < 20'000; ++i) {
        PgOutput output({"id"});
        for (const std::string& message : good)
            if (!output.take(random() % 2 ? test::mangled(message, random) : message, m_changes))
                break;
        for (const RowChange& change : m_changes) {
            const std::size_t columns = change.columns->size();
            EXPECT_THAT(change.keyRow(), SizeIs(columns));
            EXPECT_THAT(change.oldRow, AnyOf(IsEmpty(), SizeIs(columns)));
        }
        m_changes.clear();
    }
    PgOutput output({});
    EXPECT_FALSE(output.take('I' + number(3, 4) + 'N' + row({"1"}), m_changes)) << "unknown table";
}

TEST(PostgresValues, areOfTheirTypes)
{
    const std::tuple<std::uint32_t, const char*, const char*> values[]
        = {{16, "t", "true"},
           {16, "f", "false"},
           {20, "-9223372036854775808", "-9223372036854775808"},
           {26, "4294967295", "4294967295"},
           {701, "0.1", "0.1r"},
           {701, "-Infinity", "-infr"},
           {701, "1e-320", "1e-320r"},
           {1700, "12345678901234567890.1000", "12345678901234567890.1000"},
           {17, "\\x00ff", "x\0\xff"},
           {17, "\\x0", "'\\x0'"},
           {17, "escaped", "'escaped'"},
           {25, "text", "'text'"},
           {3802, R"({"a": 1})", R"('{"a": 1}')"},
           {1184, "2026-11-27 10:00:00+00", "'2026-11-27 10:00:00+00'"}};
    for (const auto& [type, text, expected] : values)
        EXPECT_EQ(test::textOf(valueOf(type, text)).c_str(), std::string(expected)) << text;
    EXPECT_TRUE(std::isnan(std::get<double>(valueOf(701, "NaN"))));
}

TEST(PostgresValues, ofMangledTextsAreSome)
{
    std::mt19937 random(test::seedToTry());
    const std::string texts[]{"t",   "-9223372036854775808", "4294967295", "1e-320",
                              "NaN", "12345678901234567.10", "\\x00ff",    "2026-11-27"};
    for (int i = 0; i < 20'000; ++i)
        for (const std::uint32_t type : {16u, 20u, 21u, 23u, 26u, 700u, 701u, 1700u, 17u, 25u}) {
            const std::string text
                = test::mangled(texts[test::below(random, std::size(texts))], random);
            EXPECT_FALSE(std::holds_alternative<sources::Untold>(valueOf(type, text))) << text;
        }
}

TEST(PostgresLsn, readsAndWritesAsTheServerDoes)
{
    EXPECT_EQ(lsnOf("1/6B3748A8"), 0x1'6B37'48A8);
    EXPECT_EQ(lsnText(0x1'6B37'48A8), "1/6B3748A8");
    EXPECT_EQ(lsnText(lsnOf("0/0")), "0/0");
    EXPECT_EQ(lsnOf("nonsense"), 0);
}

} // namespace
} // namespace coldframe::postgres
