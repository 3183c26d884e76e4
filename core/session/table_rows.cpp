#include "session/table_rows.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/result_values.h"

namespace coldframe::session {

namespace {

using Cell = nlohmann::ordered_json;

tables::Value valueOf(const Cell& cell)
{
    switch (cell.type()) {
    case Cell::value_t::null:
        return {};
    case Cell::value_t::boolean:
        return std::int64_t{cell.get<bool>()};
    case Cell::value_t::number_integer:
        return cell.get<std::int64_t>();
    case Cell::value_t::number_unsigned:
        if (cell.get<std::uint64_t>()
            <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return cell.get<std::int64_t>();
        return cell.dump(); // a REAL would not keep its digits
    case Cell::value_t::number_float:
        return cell.get<double>();
    case Cell::value_t::string:
        return cell.get<std::string>();
    default:
        return cell.dump(-1, ' ', false, Cell::error_handler_t::replace);
    }
}

bool readsPayload(const TableDestination& destination)
{
    return std::ranges::any_of(destination.columns, [](const TableColumn& column) {
        return column.field.starts_with("payload") || column.field == "index";
    });
}

Error noKey(const TableDestination& destination, const TableColumn& column, std::size_t row)
{
    return {.code = Error::Code::Malformed,
            .message = fmt::format("table \"{}\": row {} has no {}, which the key column \"{}\" "
                                   "needs",
                                   destination.table, row + 1, column.field, column.name),
            .hint = "let the function return it, or choose another key"};
}

} // namespace

Result<std::vector<tables::Row>> rowsOf(const Outgoing& outgoing,
                                        const TableDestination& destination)
{
    ResultValues values(outgoing);
    const std::size_t count = readsPayload(destination) ? values.rows() : 1;
    std::vector<tables::Row> rows(count);
    for (std::size_t row = 0; row < count; ++row)
        for (const TableColumn& column : destination.columns) {
            rows[row].push_back(valueOf(values.value(column.field, row)));
            if (std::holds_alternative<std::monostate>(rows[row].back())
                && std::ranges::find(destination.key, column.name) != destination.key.end())
                return tl::unexpected(noKey(destination, column, row));
        }
    return rows;
}

} // namespace coldframe::session
