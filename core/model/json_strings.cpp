#include <algorithm>

#include "model/json_tape.h"

// String tokens and places in the text.
namespace coldframe::detail {

namespace {
unsigned hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    return static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

unsigned hexFour(std::string_view digits)
{
    unsigned value = 0;
    for (const char c : digits.substr(0, 4))
        value = value * 16 + hexValue(c);
    return value;
}

void appendUtf8(std::string& out, unsigned codePoint)
{
    const auto add = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (codePoint < 0x80) {
        add(codePoint);
    } else if (codePoint < 0x800) {
        add(0xc0 | codePoint >> 6);
        add(0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x1'0000) {
        add(0xe0 | codePoint >> 12);
        add(0x80 | (codePoint >> 6 & 0x3f));
        add(0x80 | (codePoint & 0x3f));
    } else {
        add(0xf0 | codePoint >> 18);
        add(0x80 | (codePoint >> 12 & 0x3f));
        add(0x80 | (codePoint >> 6 & 0x3f));
        add(0x80 | (codePoint & 0x3f));
    }
}

/// Resolves the escape whose backslash stands at `at`; returns the offset after it.
std::size_t decodeEscape(std::string_view text, std::size_t at, std::string& out)
{
    constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
    const char c = text[at + 1];
    if (c != 'u') {
        const std::size_t letter = letters.find(c);
        out += letter == std::string_view::npos ? c : meanings[letter];
        return at + 2;
    }
    unsigned codePoint = hexFour(text.substr(at + 2));
    if (codePoint < 0xd800 || codePoint > 0xdbff) {
        appendUtf8(out, codePoint);
        return at + 6;
    }
    const unsigned low = hexFour(text.substr(at + 8)); // the scanner saw that it is there
    appendUtf8(out, 0x1'0000 + ((codePoint - 0xd800) << 10) + (low - 0xdc00));
    return at + 12;
}
} // namespace

TextPlace placeOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const std::size_t newline = before.rfind('\n');
    std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
    if (newline == std::string_view::npos && line.starts_with("\xef\xbb\xbf"))
        line.remove_prefix(3);
    TextPlace place;
    place.line += static_cast<int>(std::ranges::count(before, '\n'));
    place.column
        += static_cast<int>(std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; }));
    return place;
}

std::string_view decodeString(std::string_view text, std::size_t quote, std::string& storage)
{
    std::size_t at = quote + 1;
    const std::size_t end = text.find_first_of("\"\\", at);
    if (text[end] == '"')
        return text.substr(at, end - at);
    storage.clear();
    while (text[at] != '"') {
        if (text[at] == '\\')
            at = decodeEscape(text, at, storage);
        else
            storage += text[at++];
    }
    return storage;
}

std::string decodeString(std::string_view text, std::size_t quote)
{
    std::string storage;
    return std::string(decodeString(text, quote, storage));
}

} // namespace coldframe::detail
