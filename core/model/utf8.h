#pragma once

#include <cstddef>
#include <string_view>

namespace coldframe {

/// Bytes of the UTF-8 character that begins at `at`, 1 to 4, or 0 when it is not valid there
/// (stray or missing continuation bytes, overlong forms, surrogates, past U+10FFFF).
/// Source: RFC 3629, section 4 (2003-11).
std::size_t utf8Length(std::string_view text, std::size_t at);
/// All of it.
bool isUtf8(std::string_view text);

} // namespace coldframe
