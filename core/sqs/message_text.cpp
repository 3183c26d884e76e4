#include "sqs/message_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/utf8.h"

namespace coldframe::sqs {

namespace {

constexpr std::size_t kMostFifoId = 128, kMostAttributeName = 256;
constexpr std::size_t kMostDecimal = 200; ///< SQS keeps 38 digits and exponents up to 128

constexpr bool isAsciiDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isAsciiDigit(c);
}

bool beginsWithAnyCase(std::string_view text, std::string_view lower)
{
    return text.size() >= lower.size()
        && std::ranges::equal(text.substr(0, lower.size()), lower, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

bool isNameText(std::string_view text)
{
    return !text.empty() && text.size() <= kMostNameLength && std::ranges::all_of(text, [](char c) {
        return isAlphanumeric(c) || c == '-' || c == '_';
    });
}

/// Drops the digits that `text` begins with and tells how many they were.
std::size_t takeDigits(std::string_view& text)
{
    const auto end = std::ranges::find_if_not(text, isAsciiDigit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count;
}

void takeSign(std::string_view& text)
{
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
}

} // namespace

std::optional<std::string> forbiddenCharacter(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = utf8Length(text, i);
        if (length == 0)
            return fmt::format("Byte {} is no UTF-8: the set of allowed characters is that of XML "
                               "1.0, encoded in UTF-8; send other bytes in base64",
                               i);
        const std::string_view character = text.substr(i, length);
        const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
        if (control || character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf")
            return fmt::format("Invalid binary character '#x{:X}' was found at byte {}, the set of "
                               "allowed characters is #x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 "
                               "to #xFFFD] | [#x10000 to #x10FFFF]",
                               control                           ? byte
                                   : character == "\xef\xbf\xbe" ? 0xfffe
                                                                 : 0xffff,
                               i);
        i += length;
    }
    return std::nullopt;
}

bool isEntryId(std::string_view text)
{
    return isNameText(text);
}

bool isQueueName(std::string_view text)
{
    constexpr std::string_view kFifo = ".fifo";
    if (text.size() > kMostNameLength)
        return false;
    if (text.ends_with(kFifo))
        text.remove_suffix(kFifo.size());
    return isNameText(text);
}

bool isFifoId(std::string_view text)
{
    return !text.empty() && text.size() <= kMostFifoId
        && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool isAttributeName(std::string_view text)
{
    return !text.empty() && text.size() <= kMostAttributeName && !text.starts_with('.')
        && !text.ends_with('.') && text.find("..") == text.npos && !beginsWithAnyCase(text, "aws.")
        && !beginsWithAnyCase(text, "amazon.") && std::ranges::all_of(text, [](char c) {
               return isAlphanumeric(c) || c == '-' || c == '_' || c == '.';
           });
}

bool isDecimal(std::string_view text)
{
    if (text.size() > kMostDecimal)
        return false;
    takeSign(text);
    std::size_t digits = takeDigits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        digits += takeDigits(text);
    }
    if (digits == 0)
        return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        takeSign(text);
        const std::size_t exponent = takeDigits(text);
        if (exponent == 0 || exponent > 3)
            return false;
    }
    return text.empty();
}

} // namespace coldframe::sqs
