#include "model/base64.h"

#include <array>
#include <cstdint>

namespace coldframe {

namespace {

constexpr std::string_view kAlphabet
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> base64Digits()
{
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return digits;
}
constexpr std::array<std::uint8_t, 256> kDigits = base64Digits();

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U
                | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k <= bytes.size() ? kAlphabet[group >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text, Padding padding)
{
    if (text.size() % 4 != 0) {
        if (padding == Padding::Required || text.size() % 4 == 1 || text.ends_with('='))
            return std::nullopt;
        return fromBase64(std::string(text).append(4 - text.size() % 4, '='));
    }
    const std::size_t signs = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pads = i + signs >= text.size();
        const std::uint8_t digit = pads ? 0 : kDigits[static_cast<unsigned char>(text[i])];
        if (digit == kNoDigit)
            return std::nullopt;
        group = group << 6U | digit;
        if (i % 4 != 3)
            continue;
        for (int shift = 16; shift >= 0; shift -= 8)
            bytes += static_cast<char>(group >> shift & 0xffU);
        group = 0;
    }
    // Bits that padding leaves over must be zero, else two texts would mean the same bytes.
    for (std::size_t i = 0; i < signs; ++i, bytes.pop_back())
        if (bytes.back() != 0)
            return std::nullopt;
    return bytes;
}

} // namespace coldframe
