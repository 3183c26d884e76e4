#include <algorithm>
#include <random>

#include "history/fields.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using namespace std::chrono_literals;

/// Every number of an input, in order: what equality means for types without one.
std::vector<std::uint64_t> numbersOf(const engine::Input& input)
{
    std::vector<std::uint64_t> numbers{input.index()};
    std::visit(
        [&](const auto& in) {
            forEachScalar(in, [&](auto field) { numbers.push_back(toBits(field)); });
        },
        input);
    return numbers;
}

void expectRoundTrip(const std::vector<RecordedInput>& rows)
{
    std::vector<std::byte> bytes;
    encodeInputs(rows, bytes);
    auto decoder = InputDecoder::open(bytes, rows.size());
    ASSERT_TRUE(decoder);
    for (const RecordedInput& row : rows) {
        ASSERT_GT(decoder->left(), 0u);
        const RecordedInput read = decoder->next();
        EXPECT_EQ(read.at, row.at);
        EXPECT_EQ(numbersOf(read.input), numbersOf(row.input));
    }
    EXPECT_EQ(decoder->left(), 0u);
}

TEST(InputBatch, everyKindComesBackWithEveryField)
{
    std::vector<RecordedInput> rows;
    for (const engine::Input& input : everyKind())
        rows.push_back({at(static_cast<std::int64_t>(rows.size())), input});
    ASSERT_EQ(rows.size(), std::variant_size_v<engine::Input>) << "a kind has no sample";
    for (std::size_t kind = 0; kind < rows.size(); ++kind)
        EXPECT_EQ(rows[kind].input.index(), kind);
    expectRoundTrip(rows);
    std::ranges::reverse(rows); // times run backwards too
    expectRoundTrip(rows);
}

TEST(InputBatch, timesMayLieAnyDistanceApart)
{
    const Duration widest = Duration(0xffff'ffff);
    expectRoundTrip({{at(0), engine::Tick{}},
                     {at(0) + widest - 1ns, engine::Tick{}},
                     {at(0) + 2 * widest - 1ns, engine::Tick{}},
                     {at(0) + 3 * widest, engine::Tick{}},
                     {at(0) + 24h, engine::Tick{}},
                     {TimePoint{}, engine::Tick{}},
                     {at(0), engine::Tick{}}});
}

TEST(InputBatch, noRowsAreABatchToo)
{
    expectRoundTrip({});
}

TEST(InputBatch, randomSequencesComeBack)
{
    std::minstd_rand random(7);
    const std::vector<engine::Input> kinds = everyKind();
    std::vector<RecordedInput> rows;
    TimePoint now = at(0);
    for (int i = 0; i < 20'000; ++i) {
        now += Duration(random() % 7 == 0 ? static_cast<std::int64_t>(random()) * 9
                                          : static_cast<std::int64_t>(random() % 1000));
        rows.push_back({now, kinds[random() % kinds.size()]});
    }
    expectRoundTrip(rows);
}

TEST(InputBatch, bytesBetweenFieldsNeverReachTheFile)
{
    const auto encoded = [](unsigned char filler) {
        alignas(RecordedInput) unsigned char memory[sizeof(RecordedInput)];
        std::fill(std::begin(memory), std::end(memory), filler);
        auto* row = new (memory) RecordedInput;
        row->at = at(5);
        auto& arrived = row->input.emplace<engine::Arrived>();
        arrived.bytes = 17;
        std::vector<std::byte> bytes;
        encodeInputs({row, 1}, bytes);
        return bytes;
    };
    EXPECT_EQ(encoded(0x00), encoded(0xff));
}

TEST(InputBatch, aTypicalRowTakesAtMost44Bytes)
{
    const auto rows = typicalRun(30'000);
    std::vector<std::byte> bytes;
    encodeInputs(rows, bytes);
    std::printf("%.1f bytes a row\n", static_cast<double>(bytes.size()) / 30'000.0);
    EXPECT_LE(bytes.size(), 44u * 30'000u);
}

TEST(InputBatch, bytesThatCannotBeTheRowsAreRefused)
{
    std::vector<std::byte> bytes;
    encodeInputs(typicalRun(30), bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(InputDecoder::open(std::span(bytes).first(size), 30)) << size;
    EXPECT_FALSE(InputDecoder::open(bytes, 29));
    EXPECT_FALSE(InputDecoder::open(bytes, 31));
    EXPECT_FALSE(InputDecoder::open(bytes, std::size_t{1} << 40));
    bytes[12] = std::byte{200}; // no such kind
    EXPECT_FALSE(InputDecoder::open(bytes, 30));
}

} // namespace
} // namespace coldframe::history
