#pragma once

#include <string_view>

namespace coldframe::http {

/// The access key that an AWS client signs with, from its Authorization header: either
/// "AWS4-HMAC-SHA256 Credential=KEY/20260304/…" or the older "AWS KEY:signature". Empty when the
/// header names none. The signature is not looked at: the key says who calls, it proves nothing.
std::string_view accessKeyOf(std::string_view authorization);

} // namespace coldframe::http
