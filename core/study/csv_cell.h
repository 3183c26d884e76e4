#pragma once

#include <string>
#include <string_view>

namespace coldframe::study {

/// A text as one cell of CSV (RFC 4180): in quotes where it needs them.
inline std::string quotedCsv(std::string_view text)
{
    if (text.find_first_of(",\"\n\r") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

} // namespace coldframe::study
