#pragma once

#include <string>

#include "model/error.h"

namespace coldframe::commands {

/// Reads the event of a command line: a file, "-" for standard input, `{}` when empty. The text is
/// returned as it is written. Errors: not there, too large, not JSON (with line and column).
Result<std::string> readEvent(const std::string& source);

/// All of a file, or of standard input where the name is "-". Errors: not there, too large.
Result<std::string> readSource(const std::string& source);

/// The text of an event, once it is known to be JSON. Errors: it is not, with line and column.
Result<std::string> checkedEvent(std::string text, const std::string& fileName);

} // namespace coldframe::commands
