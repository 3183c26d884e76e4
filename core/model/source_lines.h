#pragma once

#include <algorithm>
#include <regex>
#include <string_view>

namespace coldframe {

/// Calls `use(match, rest)` with the first match of every line, where `rest` is the source from
/// that line on. Line by line and of each 400 bytes at most: std::regex recurses over its input.
template <typename Use> void eachMatch(std::string_view source, const std::regex& pattern, Use use)
{
    constexpr std::size_t kLongest = 400;
    while (!source.empty()) {
        const std::size_t newline = std::min(source.find('\n'), source.size());
        const std::string_view line = source.substr(0, std::min(newline, kLongest));
        std::cmatch match;
        if (std::regex_search(line.data(), line.data() + line.size(), match, pattern))
            use(match, source);
        source.remove_prefix(std::min(newline + 1, source.size()));
    }
}

/// The same with every match of every line.
template <typename Use> void everyMatch(std::string_view source, const std::regex& pattern, Use use)
{
    eachMatch(source, pattern, [&](const std::cmatch& first, std::string_view rest) {
        const std::size_t newline = std::min(rest.find('\n'), rest.size());
        const char* end = rest.data() + std::min<std::size_t>(newline, 400);
        std::cmatch match = first;
        const char* at = rest.data();
        do {
            use(match);
            at = match[0].second;
        } while (match.length(0) > 0 && std::regex_search(at, end, match, pattern));
    });
}

inline bool contains(std::string_view source, const std::regex& pattern)
{
    bool found = false;
    eachMatch(source, pattern, [&](const std::cmatch&, std::string_view) { found = true; });
    return found;
}

} // namespace coldframe
