#pragma once

#include <string>

#include "model/error.h"

namespace coldframe::commands {

/// Reads the event of a command line: a file, "-" for standard input, `{}` when empty. The text is
/// returned as it is written. Errors: not there, too large, not JSON (with line and column).
Result<std::string> readEvent(const std::string& source);

} // namespace coldframe::commands
