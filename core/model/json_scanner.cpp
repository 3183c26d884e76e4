#include <charconv>
#include <deque>
#include <unordered_map>

#include <fmt/format.h>

#include "model/json_tape.h"
#include "model/utf8.h"

namespace coldframe::detail {

namespace {

constexpr std::size_t kMaxTextBytes = std::size_t(1) << 30; ///< offsets are 32 bits

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// One pass over the text. The first thing that is wrong ends it: `false` all the way up.
class Scanner {
public:
    explicit Scanner(JsonTape& tape) : m_tape(tape), m_text(tape.text) { }
    Result<void> run();

private:
    bool fail(std::size_t at, std::string message, std::string hint = {});
    bool failAtEnd(std::string_view inside, std::size_t opened);
    std::string place(std::size_t at) const;

    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool atEnd() const { return m_at >= m_text.size(); }
    bool skipSpace();
    bool value(std::uint32_t key, int depth);
    bool container(std::uint32_t node, int depth);
    bool entries(std::uint32_t node, int depth, char closing);
    bool separator(std::size_t opened, char closing, bool& done);
    bool key(std::size_t opened, std::uint32_t& quote);
    bool string();
    bool escape();
    bool surrogatePair();
    bool number();
    bool digits(std::size_t from, std::string_view where);
    bool word(JsonNode& node);
    bool rejectDuplicates(std::uint32_t node);

    JsonTape& m_tape;
    std::string_view m_text;
    std::size_t m_at = 0;
    Error m_error;
};

Result<void> Scanner::run()
{
    if (m_text.size() > kMaxTextBytes) {
        m_error.code = Error::Code::LimitReached;
        fail(0, "the file is larger than 1 GB", "split it");
        return tl::unexpected(m_error);
    }
    if (m_text.starts_with("\xef\xbb\xbf"))
        m_at = 3;
    bool good = skipSpace();
    if (good && atEnd())
        good = fail(0, "the file is empty", "write a JSON value, such as {}");
    good = good && value(kNoKey, 0) && skipSpace();
    if (good && !atEnd())
        good = fail(m_at, "there is more text after the end of the JSON value",
                    "remove it, or check for a '}' or ']' too many");
    if (!good)
        return tl::unexpected(m_error);
    return {};
}

bool Scanner::fail(std::size_t at, std::string message, std::string hint)
{
    const TextPlace place = placeOf(m_text, at);
    m_error.message = std::move(message);
    m_error.hint = std::move(hint);
    m_error.file = m_tape.fileName;
    m_error.line = place.line;
    m_error.column = place.column;
    return false;
}

std::string Scanner::place(std::size_t at) const
{
    const TextPlace place = placeOf(m_text, at);
    return fmt::format("line {}, column {}", place.line, place.column);
}

bool Scanner::failAtEnd(std::string_view inside, std::size_t opened)
{
    const char closing = m_text[opened] == '{' ? '}' : ']';
    return fail(m_text.size(),
                fmt::format("the file ends inside the {} that begins at {}", inside, place(opened)),
                fmt::format("add the missing '{}'", closing));
}

bool Scanner::skipSpace()
{
    while (!atEnd() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'))
        ++m_at;
    const std::string_view rest = m_text.substr(m_at);
    if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with("#"))
        return fail(m_at, "found a comment, which JSON does not have", "remove it");
    return true;
}

bool Scanner::value(std::uint32_t key, int depth)
{
    const auto index = static_cast<std::uint32_t>(m_tape.nodes.size());
    m_tape.nodes.push_back({JsonValue::Kind::Null, static_cast<std::uint32_t>(m_at), 0, key, 0});
    JsonNode node = m_tape.nodes.back();
    bool good = false;
    if (peek() == '{' || peek() == '[') {
        node.kind = peek() == '{' ? JsonValue::Kind::Object : JsonValue::Kind::Array;
        good = container(index, depth + 1);
    } else if (peek() == '"') {
        node.kind = JsonValue::Kind::String;
        good = string();
    } else if (isDigit(peek()) || peek() == '-' || peek() == '+' || peek() == '.') {
        node.kind = JsonValue::Kind::Number;
        good = number();
    } else {
        good = word(node);
    }
    if (!good)
        return false;
    node.end = static_cast<std::uint32_t>(m_at);
    node.next = static_cast<std::uint32_t>(m_tape.nodes.size());
    m_tape.nodes[index] = node;
    return node.kind != JsonValue::Kind::Object || rejectDuplicates(index);
}

bool Scanner::container(std::uint32_t node, int depth)
{
    if (depth > kMaxJsonDepth) {
        m_error.code = Error::Code::LimitReached;
        return fail(m_at, fmt::format("lists and objects are nested deeper than {}", kMaxJsonDepth),
                    "make the structure flatter");
    }
    const char closing = peek() == '{' ? '}' : ']';
    ++m_at;
    return entries(node, depth, closing);
}

bool Scanner::entries(std::uint32_t node, int depth, char closing)
{
    const std::size_t opened = m_tape.nodes[node].begin;
    if (!skipSpace())
        return false;
    bool done = peek() == closing;
    if (done)
        ++m_at;
    while (!done) {
        std::uint32_t quote = kNoKey;
        if (closing == '}' && !key(opened, quote))
            return false;
        if (atEnd())
            return failAtEnd(closing == '}' ? "object" : "list", opened);
        if (!value(quote, depth) || !separator(opened, closing, done))
            return false;
    }
    return true;
}

/// After an entry: a comma and something behind it, or the end of the container.
bool Scanner::separator(std::size_t opened, char closing, bool& done)
{
    if (!skipSpace())
        return false;
    if (atEnd())
        return failAtEnd(closing == '}' ? "object" : "list", opened);
    if (peek() == closing) {
        ++m_at;
        done = true;
        return true;
    }
    if (peek() != ',')
        return fail(m_at, fmt::format("expected a ',' or '{}' after the value", closing));
    const std::size_t comma = m_at++;
    if (!skipSpace())
        return false;
    if (peek() == closing)
        return fail(comma,
                    fmt::format("there is a ',' before the '{}' with nothing after it", closing),
                    "remove the comma");
    if (peek() == ',')
        return fail(m_at, "there are two ',' in a row", "remove one");
    if (atEnd())
        return failAtEnd(closing == '}' ? "object" : "list", opened);
    return true;
}

bool Scanner::key(std::size_t opened, std::uint32_t& quote)
{
    if (atEnd())
        return failAtEnd("object", opened);
    quote = static_cast<std::uint32_t>(m_at);
    if (peek() == '\'')
        return fail(m_at, "keys stand in double quotes, not single ones");
    if (isWordStart(peek()) || peek() == '$')
        return fail(m_at, "the key is not in double quotes", "write it as \"key\"");
    if (peek() != '"')
        return fail(m_at, "expected a key in double quotes, or '}'");
    if (!string() || !skipSpace())
        return false;
    if (atEnd())
        return failAtEnd("object", opened);
    if (peek() != ':')
        return fail(
            m_at, fmt::format("expected a ':' after the key \"{}\"", decodeString(m_text, quote)));
    ++m_at;
    return skipSpace();
}

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

bool Scanner::rejectDuplicates(std::uint32_t node)
{
    std::unordered_map<std::string_view, std::uint32_t> seen;
    std::deque<std::string> unescaped; // gives the few keys with escapes a place to live
    const std::uint32_t end = m_tape.nodes[node].next;
    for (std::uint32_t i = node + 1; i < end; i = m_tape.nodes[i].next) {
        std::string storage;
        std::string_view name = decodeString(m_text, m_tape.nodes[i].key, storage);
        if (!storage.empty())
            name = unescaped.emplace_back(std::move(storage));
        const auto [first, isNew] = seen.emplace(name, m_tape.nodes[i].key);
        if (!isNew) {
            m_error.code = Error::Code::Duplicate;
            return fail(m_tape.nodes[i].key,
                        fmt::format("the key \"{}\" is used twice in this object, first at {}",
                                    name, place(first->second)),
                        "remove or rename one of them");
        }
    }
    return true;
}

} // namespace

Result<void> scanJson(JsonTape& tape)
{
    tape.nodes.reserve(tape.text.size() / 16);
    return Scanner(tape).run();
}

} // namespace coldframe::detail
