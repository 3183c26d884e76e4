#include "history/attempt_filter.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace coldframe::history {

namespace {

constexpr char kDigits[] = "0123456789abcdef";
constexpr std::size_t kTextLength = 36;

constexpr bool isDashBefore(std::size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void writeText(const RequestId& id, char* out)
{
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (isDashBefore(i))
            *out++ = '-';
        *out++ = kDigits[id[i] >> 4];
        *out++ = kDigits[id[i] & 15];
    }
}

/// The cheap fields; the text comes last.
bool matches(const AttemptRow& row, const AttemptFilter& filter)
{
    return (!filter.function || row.function == *filter.function)
        && (filter.endings == 0 || (filter.endings & AttemptFilter::bit(row.ending)) != 0)
        && (!filter.start || row.start == *filter.start) && row.desk >= filter.atLeast;
}

} // namespace

std::string toText(const RequestId& id)
{
    std::string text(kTextLength, '-');
    writeText(id, text.data());
    return text;
}

RequestId parseRequestId(const std::string& text)
{
    RequestId id{};
    if (text.size() != kTextLength)
        return id;
    const char* at = text.data();
    for (std::size_t i = 0; i < id.size(); ++i) {
        at += isDashBefore(i) ? 1 : 0;
        unsigned value = 0;
        for (int digit = 0; digit < 2; ++digit, ++at) {
            const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
            const std::size_t found = std::string_view(kDigits, 16).find(lower);
            if (found == std::string_view::npos)
                return {};
            value = value * 16 + static_cast<unsigned>(found);
        }
        id[i] = static_cast<std::uint8_t>(value);
    }
    return id;
}

std::vector<std::uint32_t> matchingRows(const AttemptLog::View& view, const AttemptFilter& filter,
                                        std::uint64_t from)
{
    std::string part = filter.requestId;
    std::ranges::transform(part, part.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    std::vector<std::uint32_t> rows;
    char text[kTextLength];
    for (std::uint64_t row = std::max(from, view.firstRow()); row < view.endRow(); ++row) {
        const AttemptRow& attempt = view[row];
        if (!matches(attempt, filter))
            continue;
        if (!part.empty()) {
            writeText(attempt.requestId, text);
            if (std::string_view(text, kTextLength).find(part) == std::string_view::npos)
                continue;
        }
        rows.push_back(static_cast<std::uint32_t>(row));
    }
    return rows;
}

} // namespace coldframe::history
