#include "http/access_key.h"

namespace coldframe::http {

std::string_view accessKeyOf(std::string_view authorization)
{
    constexpr std::string_view kSigned = "Credential=", kOlder = "AWS ";
    if (const std::size_t at = authorization.find(kSigned); at != authorization.npos)
        authorization.remove_prefix(at + kSigned.size());
    else if (authorization.starts_with(kOlder))
        authorization.remove_prefix(kOlder.size());
    else
        return {};
    return authorization.substr(0, authorization.find_first_of("/:, "));
}

} // namespace coldframe::http
