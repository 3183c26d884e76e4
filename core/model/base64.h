#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe {

/// RFC 4648 section 4, with padding and without line breaks.
std::string toBase64(std::string_view bytes);
/// Nothing when `text` is not exactly what toBase64() would write.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace coldframe
