#include "tables/table_sql.h"

#include <algorithm>

#include <fmt/format.h>

namespace coldframe::tables {

namespace {

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + quotedName(name);
    return text;
}

const char* typeOf(std::size_t column, std::span<const Row> rows)
{
    for (const Row& row : rows) {
        if (std::holds_alternative<std::int64_t>(row[column]))
            return " INTEGER";
        if (std::holds_alternative<double>(row[column]))
            return " REAL";
        if (std::holds_alternative<std::string>(row[column]))
            return " TEXT";
    }
    return "";
}

} // namespace

std::string quotedName(std::string_view name)
{
    std::string text = "\"";
    for (const char c : name)
        text.append(c == '"' ? 2 : 1, c);
    return text + '"';
}

std::string createStatement(const Target& target, std::span<const Row> rows)
{
    std::string columns;
    for (std::size_t i = 0; i < target.columns.size(); ++i) {
        columns += (i == 0 ? "" : ", ") + quotedName(target.columns[i]) + typeOf(i, rows);
        if (std::ranges::find(target.key, target.columns[i]) != target.key.end())
            columns += " NOT NULL";
    }
    if (!target.key.empty())
        columns += fmt::format(", PRIMARY KEY ({})", listed(target.key));
    return fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", quotedName(target.table), columns);
}

std::string insertStatement(const Target& target)
{
    std::string places, updates;
    for (const std::string& column : target.columns) {
        places += places.empty() ? "?" : ", ?";
        if (std::ranges::find(target.key, column) == target.key.end())
            updates += fmt::format("{0}{1} = excluded.{1}", updates.empty() ? "" : ", ",
                                   quotedName(column));
    }
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", quotedName(target.table),
                                  listed(target.columns), places);
    if (!target.key.empty())
        sql += fmt::format(" ON CONFLICT ({}) DO {}", listed(target.key),
                           updates.empty() ? "NOTHING" : "UPDATE SET " + updates);
    return sql;
}

} // namespace coldframe::tables
