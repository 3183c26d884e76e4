#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldframe::patterns {

/// What a text must be like. Texts are compared byte by byte, unless case does not count.
struct TextRule {
    enum class Kind { Equals, Begins, Ends, Wildcard };

    Kind kind = Kind::Equals;
    bool ignoreCase = false;
    std::string text; ///< as it is written in the pattern
    std::string compared; ///< the text that is compared; without capitals when case is ignored
    std::vector<std::string> pieces; ///< of a wildcard: what stands between its stars
};

TextRule textRule(TextRule::Kind kind, std::string text, bool ignoreCase = false);
/// `*` stands for any characters, `\*` and `\\` for themselves. The text has been checked.
TextRule wildcardRule(std::string text);

bool holds(const TextRule& rule, std::string_view value);

} // namespace coldframe::patterns
