#include "traces/csv_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace coldframe::traces {

Error errorAt(const CsvText& csv, const char* at, Error::Code code, std::string message,
              std::string hint)
{
    const char* const begin = csv.text.data();
    const std::string_view before(begin, static_cast<std::size_t>(at - begin));
    const std::size_t lineStart = before.rfind('\n') + 1; // 0 when there is none
    return {.code = code,
            .message = std::move(message),
            .hint = std::move(hint),
            .file = csv.file,
            .line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
            .column = static_cast<int>(before.size() - lineStart) + 1};
}

std::string quotedField(const CsvText& csv, const char* at)
{
    constexpr std::size_t kMost = 40;
    const char* const end = csv.text.data() + csv.text.size();
    const char* last = at;
    while (last != end && *last != ',' && !atLineEnd(last, end))
        ++last;
    const auto length = static_cast<std::size_t>(last - at);
    return '"' + std::string(at, std::min(length, kMost)) + (length > kMost ? "…\"" : "\"");
}

const char* nextLine(const CsvText& csv, const char* at)
{
    const char* const end = csv.text.data() + csv.text.size();
    if (at == end)
        return end;
    const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    return newline ? static_cast<const char*>(newline) + 1 : end;
}

} // namespace coldframe::traces
