#include "patterns/address_block.h"

#include <arpa/inet.h>

#include <charconv>

namespace coldframe::patterns {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF:";

/// Four decimal numbers; whether each is small enough is another question.
bool looksLikeFour(std::string_view text)
{
    int dots = 0;
    bool digit = false;
    for (const char c : text) {
        if (c == '.' && digit)
            ++dots;
        else if (kDigits.find(c) == kDigits.npos)
            return false;
        digit = c != '.';
    }
    return dots == 3 && digit;
}

bool looksLikeSix(std::string_view text)
{
    return text.find(':') != text.npos && text.find_first_not_of(kHexadecimal) == text.npos;
}

std::optional<Address> readFour(std::string_view text)
{
    Address address;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::string_view part = text.substr(0, text.find('.'));
        const auto [end, problem]
            = std::from_chars(part.data(), part.data() + part.size(), address.bytes[i]);
        if (problem != std::errc())
            return std::nullopt;
        text.remove_prefix(i < 3 ? part.size() + 1 : part.size());
    }
    return address;
}

std::optional<Address> readSix(std::string_view text)
{
    Address address{.six = true};
    const std::string terminated(text);
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) != 1)
        return std::nullopt;
    return address;
}

tl::expected<int, std::string> readBits(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    int bits = 0;
    const char* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, bits);
    if (problem != std::errc() || at != end)
        return tl::unexpected(std::string("Malformed CIDR, mask bits must be an integer"));
    if (bits < 0)
        return tl::unexpected(std::string("Malformed CIDR, mask bits must not be negative"));
    return bits;
}

} // namespace

std::optional<Address> readAddress(std::string_view text)
{
    if (looksLikeFour(text))
        return readFour(text);
    return looksLikeSix(text) ? readSix(text) : std::nullopt;
}

// Wording: EventBridge's, recorded in localstack/localstack 02df38cc (2024-12-05), read 2026-11.
tl::expected<AddressBlock, std::string> AddressBlock::read(const std::string& text)
{
    const std::size_t slash = text.find('/');
    if (slash == text.npos || slash + 1 == text.size() || text.find('/', slash + 1) != text.npos)
        return tl::unexpected(std::string("Malformed CIDR, one '/' required"));
    const std::string_view whole = text;
    const auto bits = readBits(whole.substr(slash + 1));
    if (!bits)
        return tl::unexpected(bits.error());
    const std::string_view first = whole.substr(0, slash);
    if (!looksLikeFour(first) && !looksLikeSix(first))
        return tl::unexpected("Nonstandard IP address: " + std::string(first));
    const auto address = readAddress(first);
    if (!address)
        return tl::unexpected("Invalid IP address: " + std::string(first));
    if (!address->six && *bits > 31)
        return tl::unexpected(std::string("IPv4 mask bits must be < 32"));
    if (*bits > 127)
        return tl::unexpected(std::string("IPv6 mask bits must be < 128"));
    return AddressBlock{*address, *bits, text};
}

bool AddressBlock::contains(const Address& address) const
{
    if (address.six != first.six)
        return false;
    for (int bit = 0; bit < bits; bit += 8) {
        const auto at = static_cast<std::size_t>(bit / 8);
        const int left = bits - bit;
        const unsigned mask = left >= 8 ? 0xffU : 0xffU << (8 - left) & 0xffU;
        if (((address.bytes[at] ^ first.bytes[at]) & mask) != 0)
            return false;
    }
    return true;
}

} // namespace coldframe::patterns
