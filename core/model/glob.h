#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe {

/// Whether a path matches a pattern: `*` and `?` stand for characters of one part, `[a-z]` and
/// `[!a-z]` for one of a set, `**` as a part of its own for any number of parts, also none. Every
/// character counts, a dot at the beginning, too. Compares bytes. Takes at most pattern × path
/// steps, whatever the pattern.
bool matchesGlob(std::string_view pattern, std::string_view path);

/// What is wrong with a pattern; none when nothing is.
std::optional<std::string> globProblem(std::string_view pattern);

} // namespace coldframe
