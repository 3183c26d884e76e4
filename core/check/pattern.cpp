#include "check/pattern.h"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "check/pattern_size.h"
#include "model/utf8.h"

namespace coldframe::check {

namespace {

/// States of the automaton; also bounds how deep the library recurses.
constexpr std::size_t kMaxStates = 5'000;

constexpr std::regex_constants::syntax_option_type kOptions = std::regex::ECMAScript
    | std::regex::nosubs
#ifdef __GLIBCXX__
    // Breadth first: the usual search recurses once a character and can take exponential time.
    | std::regex_constants::__polynomial
#endif
    ;

/// One wide character for each character; U+FFFD for what is no UTF-8.
std::wstring characters(std::string_view text)
{
    std::wstring wide;
    wide.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8Length(text, at);
        const auto first = static_cast<unsigned char>(text[at]);
        if (length <= 1) {
            wide += length == 0 ? L'\xfffd' : static_cast<wchar_t>(first);
            ++at;
            continue;
        }
        unsigned value = first & (0xffu >> (length + 1));
        for (std::size_t i = 1; i < length; ++i)
            value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
        wide += static_cast<wchar_t>(value);
        at += length;
    }
    return wide;
}

std::string wordsFor(std::regex_constants::error_type code)
{
    namespace c = std::regex_constants;
    if (code == c::error_paren) // the library says so of a first * as well
        return "has a ( or ) without its other half, or a *, + or ? with nothing to repeat";
    if (code == c::error_brack)
        return "has a [ that is not closed";
    if (code == c::error_brace || code == c::error_badbrace)
        return "has a { } that is no count such as {2} or {2,5}";
    if (code == c::error_range)
        return "has a range in [ ] whose end comes before its beginning";
    if (code == c::error_badrepeat)
        return "has a *, +, ? or { with nothing to repeat";
    if (code == c::error_escape)
        return "has a \\ that escapes nothing";
    if (code == c::error_backref || code == c::error_complexity)
        return "has a back-reference, which is not supported";
    if (code == c::error_ctype)
        return "has a [: :] that names no kind of character";
    if (code == c::error_space || code == c::error_stack)
        return "is too large";
    return "is no regular expression";
}

} // namespace

struct Pattern::Compiled {
    std::wregex regex;
};

tl::expected<Pattern, std::string> Pattern::compile(const std::string& text)
{
    if (text.size() > kMaxPatternBytes)
        return tl::unexpected(fmt::format("has more than {} bytes", kMaxPatternBytes));
    if (detail::patternSize(text) > kMaxStates)
        return tl::unexpected(std::string("repeats too much in its { }"));
    const std::wstring wide = characters(text);
    auto compiled = std::make_shared<Compiled>();
    compiled->regex.imbue(std::locale::classic());
    try {
        std::wregex alone(wide, kOptions); // its mistakes are not to be hidden by what follows
        // A match of the whole text is found in one pass; a search begins anew at each character.
        compiled->regex.assign(L"[\\s\\S]*(?:" + wide + L")[\\s\\S]*", kOptions);
    } catch (const std::regex_error& error) {
        return tl::unexpected(wordsFor(error.code()));
    }
    return Pattern(text, std::move(compiled));
}

bool Pattern::foundIn(std::string_view text) const
{
    return std::regex_match(characters(text.substr(0, kMaxSearchedBytes)), m_compiled->regex);
}

std::string escapedForPattern(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("\\^$.|?*+()[]{}/").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

} // namespace coldframe::check
