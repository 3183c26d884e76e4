#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldframe::interop {

/// RFC 4648 section 4, with padding and without line breaks.
std::string encodeBase64(std::string_view bytes);
/// Nothing when `text` is not exactly what encodeBase64() would write, but for missing padding.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace coldframe::interop
