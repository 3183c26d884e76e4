#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "sources/row_change.h"

namespace coldframe::test {

using sources::Row;
using sources::RowChange;
using sources::RowValue;

inline std::string textOf(const RowValue& value)
{
    struct Words {
        std::string operator()(sources::Untold) const { return "?"; }
        std::string operator()(sources::Null) const { return "null"; }
        std::string operator()(bool yes) const { return yes ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return fmt::format("{}r", number); }
        std::string operator()(const sources::Decimal& number) const { return number.digits; }
        std::string operator()(const std::string& text) const { return "'" + text + "'"; }
        std::string operator()(const sources::Blob& blob) const { return "x" + blob.bytes; }
    };
    return std::visit(Words{}, value);
}

inline std::string textOf(const Row& row)
{
    std::string text;
    for (const RowValue& value : row)
        text += (text.empty() ? "" : ",") + textOf(value);
    return text;
}

/// "+ 1,'a'" inserted, "- 1,'a'" removed, "~ 1,'a' > 1,'b'" modified.
inline std::string textOf(const RowChange& change)
{
    switch (change.kind) {
    case RowChange::Kind::Insert:
        return "+ " + textOf(change.newRow);
    case RowChange::Kind::Remove:
        return "- " + textOf(change.oldRow);
    default:
        return "~ " + textOf(change.oldRow) + " > " + textOf(change.newRow);
    }
}

inline std::vector<std::string> textsOf(const std::vector<RowChange>& changes)
{
    std::vector<std::string> texts;
    for (const RowChange& change : changes)
        texts.push_back(textOf(change));
    return texts;
}

} // namespace coldframe::test
