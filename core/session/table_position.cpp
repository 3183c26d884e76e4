#include "session/table_position.h"

#include <charconv>

#include <fmt/format.h>

namespace coldframe::session {

std::string textOf(const TablePosition& position)
{
    return fmt::format("{} {} {} {}", position.after, position.sequence, position.part,
                       position.rewinds);
}

std::optional<TablePosition> parseTablePosition(std::string_view text)
{
    TablePosition position;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::int64_t* number :
         {&position.after, &position.sequence, &position.part, &position.rewinds}) {
        if (number != &position.after && (at == end || *at++ != ' '))
            return std::nullopt;
        const auto [next, problem] = std::from_chars(at, end, *number);
        if (problem != std::errc())
            return std::nullopt;
        at = next;
    }
    return at == end ? std::optional(position) : std::nullopt;
}

} // namespace coldframe::session
