#include <charconv>

#include <fmt/format.h>

#include "model/json_scanner.h"
#include "model/utf8.h"

// Texts, numbers and words.
namespace coldframe::detail {

bool Scanner::string()
{
    const std::size_t quote = m_at++;
    while (true) {
        const auto c = static_cast<unsigned char>(peek());
        if (atEnd() || c == '\n' || c == '\r')
            return fail(quote, "the text that begins here has no closing '\"' on its line",
                        "close it; a line break inside a text is written \\n");
        if (c == '"')
            break;
        if (c < 0x20)
            return fail(m_at, fmt::format("the control character 0x{:02x} stands in a text", c),
                        fmt::format("write it as \\u{:04x}", c));
        if (c == '\\') {
            if (!escape())
                return false;
        } else if (c < 0x80) {
            ++m_at;
        } else if (const std::size_t length = utf8Length(m_text, m_at); length > 0) {
            m_at += length;
        } else {
            return fail(m_at, fmt::format("the byte 0x{:02x} is not valid UTF-8", c),
                        "save the file in the encoding UTF-8");
        }
    }
    ++m_at;
    return true;
}

bool Scanner::escape()
{
    const char c = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
    if (c == 'u')
        return surrogatePair();
    if (c == '\0' || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
        const bool printable = c > ' ' && c < 0x7f;
        return fail(m_at,
                    printable ? fmt::format("JSON has no escape \\{}", c)
                              : std::string("nothing that can be escaped follows the '\\'"),
                    "a backslash itself is written \\\\");
    }
    m_at += 2;
    return true;
}

/// A \uXXXX escape, or the two that stand for one character outside the first plane.
bool Scanner::surrogatePair()
{
    const auto four = [&](std::size_t at, unsigned& code) {
        const std::string_view hex = m_text.substr(std::min(at + 2, m_text.size()), 4);
        const auto [end, problem] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
        return hex.size() == 4 && problem == std::errc() && end == hex.data() + 4;
    };
    unsigned high = 0, low = 0;
    if (!four(m_at, high))
        return fail(m_at, "\\u must be followed by four hexadecimal digits");
    if (high < 0xd800 || high > 0xdfff) {
        m_at += 6;
        return true;
    }
    const bool paired = high < 0xdc00 && m_text.substr(m_at + 6).starts_with("\\u")
        && four(m_at + 6, low) && low >= 0xdc00 && low <= 0xdfff;
    if (!paired)
        return fail(m_at, fmt::format("\\u{:04x} is half of a character", high),
                    "characters past \\uffff are written as two escapes, or as themselves");
    m_at += 12;
    return true;
}

bool Scanner::digits(std::size_t from, std::string_view where)
{
    if (!isDigit(peek()))
        return fail(from, fmt::format("a number needs a digit {}", where));
    while (isDigit(peek()))
        ++m_at;
    return true;
}

bool Scanner::number()
{
    const std::size_t from = m_at;
    if (peek() == '+')
        return fail(from, "a number cannot begin with '+'", "remove it");
    if (peek() == '.')
        return fail(from, "a number needs a digit before the '.'");
    if (peek() == '-')
        ++m_at;
    const bool zero = peek() == '0';
    const std::size_t whole = m_at;
    if (!digits(from, "after the '-'"))
        return false;
    if (zero && m_at - whole > 1)
        return fail(from, "a number cannot begin with 0", "remove the leading zero");
    if (peek() == '.') {
        ++m_at;
        if (!digits(from, "after the '.'"))
            return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        if (!digits(from, "after the 'e'"))
            return false;
    }
    double value = 0;
    const std::string_view raw = m_text.substr(from, m_at - from);
    const auto parsed = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    const bool tiny = raw.find("e-") != raw.npos || raw.find("E-") != raw.npos
        || raw.starts_with("0.") || raw.starts_with("-0.");
    if (parsed.ec == std::errc::result_out_of_range && !tiny)
        return fail(from, "the number is too large", "numbers reach to about 1.8e308");
    return true;
}

bool Scanner::word(JsonNode& node)
{
    const std::string_view rest = m_text.substr(m_at);
    if (peek() == '\'')
        return fail(m_at, "text stands in double quotes, not single ones");
    if (static_cast<unsigned char>(peek()) >= 0x80 && utf8Length(m_text, m_at) == 0)
        return fail(
            m_at,
            fmt::format("the byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(peek())),
            "save the file in the encoding UTF-8");
    std::size_t length = 0;
    while (length < rest.size() && (isWordStart(rest[length]) || isDigit(rest[length])))
        ++length;
    const std::string_view found = rest.substr(0, length);
    if (found == "true" || found == "false" || found == "null") {
        node.kind = found == "null" ? JsonValue::Kind::Null : JsonValue::Kind::Boolean;
        m_at += length;
        return true;
    }
    if (found == "True" || found == "False" || found == "None" || found == "NULL" || found == "TRUE"
        || found == "FALSE")
        return fail(m_at, fmt::format("JSON does not know {}", found),
                    "write true, false or null in small letters");
    if (found == "NaN" || found == "Infinity")
        return fail(m_at, fmt::format("JSON does not know {}", found), "write a number or null");
    if (!found.empty())
        return fail(m_at, fmt::format("expected a value, found {}", found.substr(0, 40)),
                    "text stands in double quotes");
    return fail(m_at,
                "expected a value: a text in double quotes, a number, true, false, null, "
                "an object or a list");
}

} // namespace coldframe::detail
