#include "patterns/fold_case.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "model/utf8.h"

namespace coldframe::patterns {

namespace {

/// Capitals from `first` to `last`, every one or every second one, and how far their partners are.
struct CapitalRange {
    std::uint32_t first, last;
    int distance;
    int step; ///< 2: capital and small letter take turns
};

constexpr std::array kCapitals{
    CapitalRange{0x00c0, 0x00d6, 32, 1},   CapitalRange{0x00d8, 0x00de, 32, 1},
    CapitalRange{0x0100, 0x012e, 1, 2},    CapitalRange{0x0132, 0x0136, 1, 2},
    CapitalRange{0x0139, 0x0147, 1, 2},    CapitalRange{0x014a, 0x0176, 1, 2},
    CapitalRange{0x0178, 0x0178, -121, 1}, CapitalRange{0x0179, 0x017d, 1, 2},
    CapitalRange{0x01cd, 0x01db, 1, 2},    CapitalRange{0x01de, 0x01ee, 1, 2},
    CapitalRange{0x01f8, 0x021e, 1, 2},    CapitalRange{0x0222, 0x0232, 1, 2},
    CapitalRange{0x0386, 0x0386, 38, 1},   CapitalRange{0x0388, 0x038a, 37, 1},
    CapitalRange{0x038c, 0x038c, 64, 1},   CapitalRange{0x038e, 0x038f, 63, 1},
    CapitalRange{0x0391, 0x03a1, 32, 1},   CapitalRange{0x03a3, 0x03ab, 32, 1},
    CapitalRange{0x0400, 0x040f, 80, 1},   CapitalRange{0x0410, 0x042f, 32, 1},
    CapitalRange{0x0460, 0x0480, 1, 2},    CapitalRange{0x048a, 0x04be, 1, 2},
    CapitalRange{0x04c1, 0x04cd, 1, 2},    CapitalRange{0x04d0, 0x052e, 1, 2},
    CapitalRange{0x0531, 0x0556, 48, 1},   CapitalRange{0x1e00, 0x1e94, 1, 2},
    CapitalRange{0x1ea0, 0x1efe, 1, 2},    CapitalRange{0xff21, 0xff3a, 32, 1},
};

std::uint32_t smallLetter(std::uint32_t letter)
{
    const auto after = std::ranges::upper_bound(kCapitals, letter, {}, &CapitalRange::first);
    if (after == kCapitals.begin())
        return letter;
    const CapitalRange& range = *std::prev(after);
    const bool capital
        = letter <= range.last && (letter - range.first) % static_cast<unsigned>(range.step) == 0;
    return capital ? static_cast<std::uint32_t>(static_cast<int>(letter) + range.distance) : letter;
}

/// Of a letter of two or three bytes: the others have no case here.
std::uint32_t decoded(std::string_view bytes)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() == 2)
        return (byte(0) & 0x1fU) << 6 | (byte(1) & 0x3fU);
    return (byte(0) & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
}

void append(std::string& text, std::uint32_t letter)
{
    if (letter < 0x800) {
        text += static_cast<char>(0xc0U | letter >> 6);
    } else {
        text += static_cast<char>(0xe0U | letter >> 12);
        text += static_cast<char>(0x80U | (letter >> 6 & 0x3fU));
    }
    text += static_cast<char>(0x80U | (letter & 0x3fU));
}

} // namespace

std::string foldCase(std::string_view text)
{
    std::string folded;
    folded.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const std::size_t length = utf8Length(text, at);
        if (length == 2 || length == 3) {
            append(folded, smallLetter(decoded(text.substr(at, length))));
        } else if (length == 4) {
            folded += text.substr(at, length);
        } else {
            folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        at += std::max<std::size_t>(length, 1);
    }
    return folded;
}

} // namespace coldframe::patterns
