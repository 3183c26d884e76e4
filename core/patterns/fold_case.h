#pragma once

#include <string>
#include <string_view>

namespace coldframe::patterns {

/// The text with every capital replaced by its small letter, character by character: texts that
/// differ in case only become equal. Knows the letters of Latin, Greek, Cyrillic, Armenian and the
/// full-width forms that have one partner each; all else, bytes that are no UTF-8 too, stays.
/// Source: Unicode 15.0, UnicodeData.txt, simple lower-case mappings (2022-09).
std::string foldCase(std::string_view text);

} // namespace coldframe::patterns
