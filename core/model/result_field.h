#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"

// Values of an invocation that ended, by name: for the keys and columns of its destination.
//
//   date year month day hour minute time   when the event was accepted, UTC; an event that is
//                                          delivered again has the same
//   function requestId trigger condition
//   sourceKey source.name                  what the trigger saw, and the part after its last slash
//   payload  payload.customer.id  payload.lines.0.sku
//   record   record.requestContext.approximateInvokeCount
//   index                                  of a row in a list of rows, from 0
namespace coldframe {

/// Where a field stands. A file has no rows, so its key has no `index`.
enum class FieldUse { Key, Column };

/// Why there is no such field, with what was probably meant; nothing when there is one.
std::optional<Error> problemInField(std::string_view field, FieldUse use);

/// "payload.customer.id" in its parts, the first one apart: none of "payload" itself.
std::vector<std::string> stepsOf(std::string_view field);

} // namespace coldframe
