#include "model/json_scanner.h"

#include <deque>
#include <unordered_map>

#include <fmt/format.h>

// Objects, lists and what stands between their entries; json_tokens.cpp has the rest.
namespace coldframe::detail {

namespace {
constexpr std::size_t kMaxTextBytes = std::size_t(1) << 30; ///< offsets are 32 bits
}

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

Result<void> scanJson(JsonTape& tape)
{
    tape.nodes.reserve(tape.text.size() / 16);
    return Scanner(tape).run();
}

} // namespace coldframe::detail
