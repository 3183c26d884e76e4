#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"

// `${env:NAME}` in the environment values of a function stands for a variable of the user's shell
// or of `secrets.env`, so that no secret is written into the workspace file. `$${env:` is a plain
// `${env:`.
namespace coldframe {

/// What a name stands for, or nothing when it is not set.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// Names that `value` refers to, in order; each once.
std::vector<std::string> referencesIn(std::string_view value);

/// What is wrong with the way references are written in `value`: not closed, or no name.
std::optional<std::string> problemInReferences(std::string_view value);

/// `value` with every reference replaced, or the first name that `lookup` does not know.
/// Replacements are not looked at again: a secret may hold "${".
tl::expected<std::string, std::string> expandReferences(std::string_view value,
                                                        const VariableLookup& lookup);

/// Bytes of the variables as the platform measures them: written as one JSON object.
std::size_t environmentBytes(const std::map<std::string, std::string>& variables);

/// Reads `secrets.env`: NAME=VALUE lines, `#` comments and blank lines. A value may stand in
/// single or double quotes, which are removed; nothing in it is expanded. A leading `export ` is
/// allowed. The error names the line, never the value.
Result<std::map<std::string, std::string>> parseSecrets(std::string_view text,
                                                        const std::string& fileName);

} // namespace coldframe
