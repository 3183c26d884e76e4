#pragma once

#include <optional>
#include <string>

#include "model/error.h"

namespace coldframe {

/// What is wrong with a connection to PostgreSQL as a workspace file has it: references that are
/// not closed, or a password that stands in the file itself. Whether libpq can read it is known
/// once the references are filled in.
std::optional<Error> problemInConnection(const std::string& text);

} // namespace coldframe
