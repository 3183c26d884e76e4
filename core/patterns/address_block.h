#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace coldframe::patterns {

/// An IPv4 or IPv6 address. Of IPv4 the first four bytes count.
struct Address {
    bool six = false;
    std::array<std::uint8_t, 16> bytes{};
};
/// Dotted decimal, leading zeros allowed, or IPv6 in hexadecimal groups; no zone, no IPv4 tail.
std::optional<Address> readAddress(std::string_view text);

/// Addresses that share their first bits: "10.0.0.0/24".
struct AddressBlock {
    Address first;
    int bits = 0; ///< 0 … 31 of IPv4, 0 … 127 of IPv6
    std::string text; ///< as it is written in the pattern

    /// The error is the platform's wording of what is wrong.
    static tl::expected<AddressBlock, std::string> read(const std::string& text);
    bool contains(const Address& address) const;
};

} // namespace coldframe::patterns
