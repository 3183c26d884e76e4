#include "s3/byte_range.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "s3/whole_number.h"

namespace coldframe::s3 {

tl::expected<ByteRange, S3Error> readRange(std::string_view header, std::uint64_t size)
{
    const ByteRange all{0, size, false};
    constexpr std::string_view kUnit = "bytes=";
    if (!header.starts_with(kUnit))
        return all;
    const std::string_view text = header.substr(kUnit.size());
    const std::size_t dash = text.find('-');
    if (dash == text.npos)
        return all;
    const auto first = wholeNumber(text.substr(0, dash)), last = wholeNumber(text.substr(dash + 1));
    const bool open = dash + 1 == text.size();
    if ((!first && (dash > 0 || !last)) || (!last && !open))
        return all;
    const tl::unexpected<S3Error> unsatisfiable(S3Error{
        416,
        "InvalidRange",
        "The requested range is not satisfiable",
        {{"RangeRequested", std::string(header)}, {"ActualObjectSize", std::to_string(size)}}});
    if (!first) { // the last bytes
        if (*last == 0 || size == 0)
            return unsatisfiable;
        const std::uint64_t length = std::min(*last, size);
        return ByteRange{size - length, length, true};
    }
    if (last && *last < *first)
        return all;
    if (*first >= size)
        return unsatisfiable;
    const std::uint64_t end = std::min(last.value_or(size - 1), size - 1);
    return ByteRange{*first, end - *first + 1, true};
}

std::string contentRange(const ByteRange& range, std::uint64_t size)
{
    return fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, size);
}

} // namespace coldframe::s3
