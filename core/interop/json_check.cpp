#include "interop/json_check.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "model/utf8.h"

namespace coldframe::interop {
namespace {

static_assert(std::endian::native == std::endian::little, "Checker::skipPlain() counts from there");

constexpr std::string_view kUnexpected = "Unexpected character";
constexpr std::string_view kEnd = "Unexpected end-of-input";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// One pass without recursion. A function that finds a fault notes it and returns false.
class Checker {
public:
    explicit Checker(std::string_view text)
        : m_text(text), m_at(text.data()), m_end(text.data() + text.size())
    { }

    std::optional<JsonFault> run()
    {
        while (value() && after()) {
            if (m_depth == 0) // after() has seen the end of the text
                return std::nullopt;
        }
        return m_fault;
    }

private:
    bool fail(std::string_view what)
    {
        m_fault = {static_cast<std::size_t>(m_at - m_text.data()), what};
        return false;
    }
    bool unexpected() { return fail(m_at == m_end ? kEnd : kUnexpected); }
    char peek() const { return m_at == m_end ? '\0' : *m_at; }
    bool inObject() const { return m_objects[m_depth - 1]; }

    void skipSpace()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }

    /// A value up to its first end: a scalar, an empty container, or the way down to one.
    bool value()
    {
        for (;;) {
            skipSpace();
            switch (peek()) {
            case '{':
            case '[': {
                const bool object = *m_at == '{';
                if (m_depth == kMaxPayloadDepth)
                    return fail("Nested too deeply");
                m_objects[m_depth++] = object;
                ++m_at;
                skipSpace();
                if (peek() == (object ? '}' : ']'))
                    return true; // after() takes it
                if (object && !key())
                    return false;
                continue;
            }
            case '"':
                return string();
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number();
            }
        }
    }

    /// What may follow a value: the ends of containers, then a comma or the end of the text.
    bool after()
    {
        for (;;) {
            skipSpace();
            if (m_depth == 0)
                return m_at == m_end || unexpected();
            const char c = peek();
            if (c == (inObject() ? '}' : ']')) {
                ++m_at;
                --m_depth;
            } else if (c == ',') {
                ++m_at;
                return !inObject() || key();
            } else {
                return unexpected();
            }
        }
    }

    bool key()
    {
        skipSpace();
        if (peek() != '"')
            return unexpected();
        if (!string())
            return false;
        skipSpace();
        if (peek() != ':')
            return unexpected();
        ++m_at;
        return true;
    }

    bool word(std::string_view expected)
    {
        for (const char c : expected) {
            if (peek() != c)
                return unexpected();
            ++m_at;
        }
        return true;
    }

    bool number()
    {
        if (peek() == '-')
            ++m_at;
        if (peek() == '0')
            ++m_at;
        else if (!digits())
            return false;
        if (peek() == '.') {
            ++m_at;
            if (!digits())
                return false;
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            return digits();
        }
        return true;
    }

    bool digits()
    {
        if (!isDigit(peek()))
            return unexpected();
        while (isDigit(peek()))
            ++m_at;
        return true;
    }

    /// Moves to the first byte that is a quote, a backslash, a control character or not ASCII, or
    /// near to the end of the text; eight bytes at a time.
    void skipPlain()
    {
        constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U, kHigh = kOnes * 0x80;
        const auto zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kHigh; };
        for (; m_end - m_at >= 8; m_at += 8) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, m_at, sizeof bytes);
            // The lowest byte that is marked is marked rightly; higher ones may not be.
            const std::uint64_t special = zero(bytes ^ (kOnes * '"')) | zero(bytes ^ (kOnes * '\\'))
                | ((bytes - kOnes * 0x20) & ~bytes & kHigh) | (bytes & kHigh);
            if (special != 0) {
                m_at += std::countr_zero(special) / 8;
                return;
            }
        }
    }

    bool string()
    {
        ++m_at;
        for (;;) {
            skipPlain();
            const char c = peek();
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c == '\\') {
                if (!escape())
                    return false;
            } else if (static_cast<unsigned char>(c) < 0x20) { // also at the end
                return unexpected();
            } else if (static_cast<unsigned char>(c) < 0x80) {
                ++m_at;
            } else {
                const auto at = static_cast<std::size_t>(m_at - m_text.data());
                const std::size_t length = utf8Length(m_text, at);
                if (length == 0)
                    return fail("Invalid UTF-8");
                m_at += length;
            }
        }
    }

    bool escape()
    {
        ++m_at;
        const char c = peek();
        if (c == '\0' || std::string_view("\"\\/bfnrtu").find(c) == std::string_view::npos)
            return unexpected();
        ++m_at;
        for (int i = 0; c == 'u' && i < 4; ++i, ++m_at) {
            const char lower = static_cast<char>(peek() | 0x20);
            if (!isDigit(peek()) && !(lower >= 'a' && lower <= 'f'))
                return unexpected();
        }
        return true;
    }

    std::string_view m_text;
    const char* m_at;
    const char* m_end;
    std::size_t m_depth = 0;
    std::bitset<kMaxPayloadDepth> m_objects; ///< by depth: an object, else an array
    JsonFault m_fault;
};

} // namespace

std::optional<JsonFault> findJsonFault(std::string_view text)
{
    return Checker(text).run();
}

std::string describeFault(std::string_view text, const JsonFault& fault)
{
    const std::string_view before = text.substr(0, fault.at);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::size_t start = before.rfind('\n') + 1; // npos + 1 is 0
    std::string what(fault.what);
    if (fault.what == kUnexpected) {
        const auto byte = static_cast<unsigned char>(text[fault.at]);
        what += byte >= 0x20 && byte < 0x7f ? fmt::format(" '{}'", static_cast<char>(byte))
                                            : fmt::format(" (code {})", byte);
    }
    return fmt::format("{} at line {}, column {}", what, line, fault.at - start + 1);
}

} // namespace coldframe::interop
