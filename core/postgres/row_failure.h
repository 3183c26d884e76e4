#pragma once

#include <string>
#include <string_view>

#include "tables/row_writer.h"

namespace coldframe::postgres {

/// "schema.table" names both.
std::string quotedTable(const std::string& table);
/// "a", "b"
std::string listedColumns(const std::vector<std::string>& names);

/// What the server refused, with what to do. `state`: the SQLSTATE, empty without an answer.
/// Failures of the server keep the error's code, those of one write alone are Conflict.
tables::Failure rowFailure(Error said, std::string_view state, const tables::Target& target);

/// The server does not work, so nothing of a transaction can be kept.
bool isOfServer(const tables::Failure& failure);

} // namespace coldframe::postgres
