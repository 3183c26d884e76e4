#pragma once

#include "engine/platform_keys.h"
#include "model/json_text.h"

// Inside of platform_file: one figure's value. Not for other rooms.
namespace coldframe::engine::detail {

/// Reads a figure's value in its unit. Errors carry a pointer but no place in the file.
Result<Value> readFigureValue(const Key& key, const JsonValue& value, const std::string& unit);

/// "must be X, got Y".
Error wrongValue(const std::string& pointer, std::string_view wanted, const JsonValue& got);

/// Whether `names`, "a|b|c", holds the name.
bool isOneOf(std::string_view name, std::string_view names);
/// "a|b|c" as "a, b, c".
std::string joinNames(std::string_view names);

} // namespace coldframe::engine::detail
