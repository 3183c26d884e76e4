#include "interop/base64.h"

// The coder of Beast's WebSockets: header-only, and part of what is used here anyway.
#include <boost/beast/core/detail/base64.hpp>

namespace coldframe::interop {

namespace codec = boost::beast::detail::base64;

std::string encodeBase64(std::string_view bytes)
{
    std::string out(codec::encoded_size(bytes.size()), '\0');
    out.resize(codec::encode(out.data(), bytes.data(), bytes.size()));
    return out;
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % 4 == 0) {
        if (text.ends_with('='))
            text.remove_suffix(1);
        if (text.ends_with('='))
            text.remove_suffix(1);
    }
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string out(codec::decoded_size(text.size() + 3), '\0');
    const auto [written, read] = codec::decode(out.data(), text.data(), text.size());
    if (read != text.size())
        return std::nullopt; // it stopped at a character that is not of the alphabet
    out.resize(written);
    return out;
}

} // namespace coldframe::interop
