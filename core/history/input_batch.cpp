#include "history/input_batch.h"

#include <cstring>

#include "history/fields.h"

namespace coldframe::history {

namespace {

using engine::Input;

constexpr std::size_t kKinds = std::variant_size_v<Input>;
constexpr std::uint32_t kLongDelta = 0xffff'ffff; ///< the difference is in the column of long ones

template <std::size_t... Kind>
constexpr std::array<std::size_t, kKinds> packedSizes(std::index_sequence<Kind...>)
{
    return {packedSize<std::variant_alternative_t<Kind, Input>>()...};
}
constexpr auto kPackedSizes = packedSizes(std::make_index_sequence<kKinds>());

template <typename T> std::byte* put(std::byte* at, T value)
{
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

template <typename T> T take(const std::byte*& at)
{
    T value;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
}

std::byte* pack(std::byte* at, const Input& input)
{
    std::visit([&](const auto& in) { forEachScalar(in, [&](auto f) { at = put(at, toBits(f)); }); },
               input);
    return at;
}

template <std::size_t Kind> Input unpack(const std::byte*& at)
{
    std::variant_alternative_t<Kind, Input> in{};
    forEachScalar(in, [&]<typename F>(F& field) { field = fromBits<F>(take<Bits<F>>(at)); });
    return in;
}

template <std::size_t... Kind> constexpr auto unpackers(std::index_sequence<Kind...>)
{
    return std::array<Input (*)(const std::byte*&), kKinds>{&unpack<Kind>...};
}
constexpr auto kUnpackers = unpackers(std::make_index_sequence<kKinds>());

} // namespace

void encodeInputs(std::span<const RecordedInput> rows, std::vector<std::byte>& out)
{
    // First pass: how long each column is; second pass: every value to its place.
    std::array<std::size_t, kKinds> counts{};
    std::size_t longDeltas = 0;
    TimePoint before = rows.empty() ? TimePoint{} : rows.front().at;
    const auto isLong = [](Duration d) { return d.count() < 0 || d.count() >= kLongDelta; };
    for (const RecordedInput& row : rows) {
        ++counts[row.input.index()];
        longDeltas += isLong(row.at - before) ? 1 : 0;
        before = row.at;
    }
    std::size_t size = sizeof(std::int64_t) + sizeof(std::uint32_t) + rows.size()
        + rows.size() * sizeof(std::uint32_t) + longDeltas * sizeof(std::int64_t);
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        size += counts[kind] * kPackedSizes[kind];

    const std::size_t start = out.size();
    out.resize(start + size);
    std::byte* at = out.data() + start;
    before = rows.empty() ? TimePoint{} : rows.front().at;
    at = put(at, before.time_since_epoch().count());
    at = put(at, static_cast<std::uint32_t>(longDeltas));
    std::byte* kinds = at;
    std::byte* deltas = kinds + rows.size();
    std::byte* longer = deltas + rows.size() * sizeof(std::uint32_t);
    std::array<std::byte*, kKinds> payload{};
    at = longer + longDeltas * sizeof(std::int64_t);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        payload[kind] = at;
        at += counts[kind] * kPackedSizes[kind];
    }
    for (const RecordedInput& row : rows) {
        const std::size_t kind = row.input.index();
        const Duration delta = row.at - before;
        before = row.at;
        kinds = put(kinds, static_cast<std::uint8_t>(kind));
        deltas
            = put(deltas, isLong(delta) ? kLongDelta : static_cast<std::uint32_t>(delta.count()));
        if (isLong(delta))
            longer = put(longer, static_cast<std::int64_t>(delta.count()));
        payload[kind] = pack(payload[kind], row.input);
    }
}

std::optional<InputDecoder> InputDecoder::open(std::span<const std::byte> bytes, std::size_t rows)
{
    constexpr std::size_t kHead = sizeof(std::int64_t) + sizeof(std::uint32_t);
    if (bytes.size() < kHead || (bytes.size() - kHead) / (1 + sizeof(std::uint32_t)) < rows)
        return {};
    InputDecoder decoder;
    const std::byte* at = bytes.data();
    decoder.m_rows = rows;
    decoder.m_time = TimePoint(Duration(take<std::int64_t>(at)));
    const std::size_t longDeltas = take<std::uint32_t>(at);
    decoder.m_kinds = at;
    decoder.m_deltas = at + rows;
    decoder.m_longDeltas = decoder.m_deltas + rows * sizeof(std::uint32_t);

    std::array<std::size_t, kKinds> counts{};
    std::size_t marked = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto kind = static_cast<std::size_t>(decoder.m_kinds[row]);
        if (kind >= kKinds)
            return {};
        ++counts[kind];
        const std::byte* delta = decoder.m_deltas + row * sizeof(std::uint32_t);
        marked += take<std::uint32_t>(delta) == kLongDelta ? 1 : 0;
    }
    std::size_t size = kHead + rows * (1 + sizeof(std::uint32_t));
    size += longDeltas * sizeof(std::int64_t);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        if (size <= bytes.size())
            decoder.m_payload[kind] = bytes.data() + size;
        size += counts[kind] * kPackedSizes[kind];
    }
    if (size != bytes.size() || marked != longDeltas)
        return {};
    return decoder;
}

RecordedInput InputDecoder::next()
{
    const auto kind = static_cast<std::size_t>(m_kinds[m_row]);
    const auto delta = take<std::uint32_t>(m_deltas);
    m_time += Duration(delta == kLongDelta ? take<std::int64_t>(m_longDeltas)
                                           : static_cast<std::int64_t>(delta));
    ++m_row;
    return {m_time, kUnpackers[kind](m_payload[kind])};
}

} // namespace coldframe::history
