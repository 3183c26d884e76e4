#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldframe::s3 {

/// Digits and nothing else, as headers state sizes and offsets. Nothing otherwise.
inline std::optional<std::uint64_t> wholeNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace coldframe::s3
