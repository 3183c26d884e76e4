#pragma once

#include <string_view>

#include "model/error.h"

// Standard output and standard error, byte for byte: results go to the one, all else to the other.
namespace coldframe::commands {

/// Writes all of it. A reader that has gone away is no error. Errors: Io, a full disk.
Result<void> writeOut(std::string_view text);

/// Writes one line to standard error, in one piece, so that lines of several writers do not mix.
void say(std::string_view line);
void say(const Error& error);

/// Writes text to standard error as it is.
void sayRaw(std::string_view text);

/// Somebody is looking at standard error, so a line may be rewritten in place.
bool errorIsTerminal();

} // namespace coldframe::commands
