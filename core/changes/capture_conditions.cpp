#include "changes/capture_conditions.h"

#include <set>

#include <fmt/format.h>

namespace coldframe::changes {

namespace {

std::string joined(const std::vector<std::string>& parts, const char* word)
{
    return fmt::format("{}", fmt::join(parts, word));
}

} // namespace

std::string ConditionWriter::column(const std::string& row, std::size_t index) const
{
    return row + '.' + quotedName(m_shape.columns[index].name);
}

std::string ConditionWriter::keptColumn(const std::string& row, std::size_t index)
{
    return fmt::format("{}{}o{}", row, row.empty() ? "" : ".", index + 1);
}

std::string ConditionWriter::logColumns(char side) const
{
    std::string list;
    for (std::size_t i = 1; i <= m_shape.columns.size(); ++i)
        list += fmt::format(", {}{}", side, i);
    return list;
}

std::string ConditionWriter::values(const std::string& row) const
{
    std::string list;
    for (std::size_t i = 0; i < m_shape.columns.size(); ++i)
        list += ", " + column(row, i);
    return list;
}

std::string ConditionWriter::keptValues(const std::string& row) const
{
    std::string list;
    for (std::size_t i = 0; i < m_shape.columns.size(); ++i)
        list += ", " + keptColumn(row, i);
    return list;
}

template <typename Column> std::string ConditionWriter::conflict(const Column& standing) const
{
    std::vector<std::string> keys;
    for (const UniqueKey& unique : m_shape.unique) {
        std::vector<std::string> parts;
        for (const UniqueKey::Part& part : unique.parts)
            parts.push_back(fmt::format("{} = {} COLLATE {}", standing(part.column),
                                        column("NEW", part.column), quotedName(part.collation)));
        keys.push_back(joined(parts, " AND "));
    }
    return joined(keys, " OR ");
}

std::string ConditionWriter::conflictOfTable() const
{
    return conflict([&](std::size_t i) { return column(quotedName(m_shape.name), i); });
}

std::string ConditionWriter::conflictOf(const std::string& kept) const
{
    return conflict([&](std::size_t i) { return keptColumn(kept, i); });
}

std::string ConditionWriter::conflictOfKept() const
{
    return conflictOf({});
}

std::string ConditionWriter::sameKey(const std::string& a, const std::string& b) const
{
    std::vector<std::string> parts;
    for (const std::size_t i : m_shape.keyColumns())
        parts.push_back(fmt::format("{} IS {} COLLATE BINARY", column(a, i), column(b, i)));
    return joined(parts, " AND ");
}

std::string ConditionWriter::keptHasKeyOf(const std::string& kept, const std::string& row) const
{
    std::vector<std::string> parts;
    for (const std::size_t i : m_shape.keyColumns())
        parts.push_back(
            fmt::format("{} IS {} COLLATE BINARY", keptColumn(kept, i), column(row, i)));
    return joined(parts, " AND ");
}

std::string ConditionWriter::tableHasKeyOfKept(const std::string& table,
                                               const std::string& kept) const
{
    // By the key's own collation, so that its index serves; a row under a key of other bytes that
    // collate alike is only ever the one that replaced it, and then it is gone.
    std::vector<std::string> parts;
    for (const std::size_t i : m_shape.keyColumns())
        parts.push_back(fmt::format("{0} IS {1} AND {0} IS {1} COLLATE BINARY", column(table, i),
                                    keptColumn(kept, i)));
    return joined(parts, " AND ");
}

std::string ConditionWriter::keyChanged() const
{
    return "NOT (" + sameKey("OLD", "NEW") + ")";
}

std::string ConditionWriter::uniqueChanged() const
{
    std::set<std::size_t> columns;
    for (const UniqueKey& unique : m_shape.unique)
        for (const UniqueKey::Part& part : unique.parts)
            columns.insert(part.column);
    std::vector<std::string> parts;
    for (const std::size_t i : columns)
        parts.push_back(
            fmt::format("{} IS NOT {} COLLATE BINARY", column("OLD", i), column("NEW", i)));
    return joined(parts, " OR ");
}

} // namespace coldframe::changes
