#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe {

/// RFC 4648 section 4, with padding and without line breaks.
std::string toBase64(std::string_view bytes);
/// Whether a text that is read must end in the `=` that make it a multiple of four.
enum class Padding { Required, Optional };
/// Nothing when `text` is not exactly what toBase64() would write, but for padding that is missing
/// where it is optional.
std::optional<std::string> fromBase64(std::string_view text, Padding padding = Padding::Required);

} // namespace coldframe
