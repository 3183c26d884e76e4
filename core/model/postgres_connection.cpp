#include "model/postgres_connection.h"

#include <cctype>

#include "model/variable_references.h"

namespace coldframe {

namespace {

bool isVariable(std::string_view value)
{
    return value.empty() || value.find("${env:") != value.npos;
}

/// `//user:PASSWORD@host` and `?password=PASSWORD`.
bool uriHoldsPassword(std::string_view text)
{
    text.remove_prefix(text.find("//") + 2);
    const std::string_view authority = text.substr(0, text.find('/'));
    const std::size_t at = authority.rfind('@'), colon = authority.find(':');
    if (at != authority.npos && colon < at
        && !isVariable(authority.substr(colon + 1, at - colon - 1)))
        return true;
    for (std::size_t i = text.find("password="); i != text.npos; i = text.find("password=", i + 1))
        if ((text[i - 1] == '?' || text[i - 1] == '&')
            && !isVariable(text.substr(i + 9, text.find('&', i) - (i + 9))))
            return true;
    return false;
}

/// `password = 'PASSWORD'`
bool pairsHoldPassword(std::string_view text)
{
    constexpr std::string_view kKey = "password";
    for (std::size_t i = text.find(kKey); i != text.npos; i = text.find(kKey, i + 1)) {
        if (i > 0 && !std::isspace(static_cast<unsigned char>(text[i - 1])))
            continue;
        std::size_t at = text.find_first_not_of(" \t", i + kKey.size());
        if (at == text.npos || text[at] != '=')
            continue;
        at = text.find_first_not_of(" \t", at + 1);
        if (at == text.npos)
            continue;
        const bool quoted = text[at] == '\'';
        const std::string_view value = text.substr(at + quoted);
        if (!isVariable(value.substr(0, value.find(quoted ? '\'' : ' '))))
            return true;
    }
    return false;
}

} // namespace

std::optional<Error> problemInConnection(const std::string& text)
{
    if (const auto problem = problemInReferences(text))
        return Error{.code = Error::Code::Malformed,
                     .message = *problem,
                     .hint = "write ${env:NAME}; a plain ${env: is written $${env:"};
    const bool uri = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if (uri ? uriHoldsPassword(text) : pairsHoldPassword(text))
        return Error{.code = Error::Code::Conflict,
                     .message = "the password stands in this file itself",
                     .hint = "keep it in your shell or in secrets.env and write ${env:NAME}, or "
                             "keep it in ~/.pgpass"};
    return std::nullopt;
}

} // namespace coldframe
