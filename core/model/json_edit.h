#pragma once

#include <string>
#include <string_view>

#include "model/error.h"

// Changes of a JSON text that a person wrote: what is not asked for stays as it stands, byte for
// byte. Places are JSON Pointers; the result is again a JSON text.
namespace coldframe {

/// Gives the place this value, a JSON text. A place that is not there is added behind the others
/// of its object, and so are objects missing on the way; lists are not made longer. A value that
/// says the same already stays as it is written. New values are laid out as the file is.
Result<std::string> setJson(const std::string& text, const std::string& pointer,
                            const std::string& value);

/// Takes a member of an object or an element of a list away. Missing when it is not there.
Result<std::string> removeJson(const std::string& text, const std::string& pointer);

/// Gives a member another key; it keeps its place. Duplicate when the object has that key.
Result<std::string> renameJson(const std::string& text, const std::string& pointer,
                               std::string_view key);

/// A text as a JSON string, in double quotes.
std::string quotedJson(std::string_view text);

} // namespace coldframe
