#include "interop/function_name.h"

#include <algorithm>
#include <array>

namespace coldframe::interop {
namespace {

constexpr std::string_view kArnStart = "arn:aws:lambda:us-east-1:000000000000:function:";
constexpr std::size_t kMostParts = 8; ///< of an ARN with a qualifier

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool isAccount(std::string_view text)
{
    return text.size() == 12
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || c == '-' || c == '_' || c == '.';
    });
}

bool isQualifier(std::string_view text)
{
    return isName(text.substr(text.starts_with('$') ? 1 : 0));
}

} // namespace

std::optional<std::string> percentDecode(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return std::nullopt;
        out += c;
    }
    return out;
}

std::optional<FunctionName> parseFunctionName(std::string_view text)
{
    std::array<std::string_view, kMostParts> parts;
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        if (count == kMostParts)
            return std::nullopt;
        const std::size_t colon = text.find(':');
        parts[count] = text.substr(0, colon);
        more = colon != std::string_view::npos;
        text.remove_prefix(more ? colon + 1 : text.size());
    }
    std::size_t at = 0; // where the name stands
    if (count >= 7 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "lambda"
        && isAccount(parts[4]) && parts[5] == "function")
        at = 6;
    else if (count >= 3 && isAccount(parts[0]) && parts[1] == "function")
        at = 2;
    if (count > at + 2 || !isName(parts[at]))
        return std::nullopt;
    FunctionName function{parts[at], count == at + 2 ? parts[at + 1] : std::string_view()};
    if (count == at + 2 && !isQualifier(function.qualifier))
        return std::nullopt;
    return function;
}

std::string functionArn(const FunctionName& function)
{
    std::string arn(kArnStart);
    arn += function.name;
    if (!function.qualifier.empty()) {
        arn += ':';
        arn += function.qualifier;
    }
    return arn;
}

} // namespace coldframe::interop
