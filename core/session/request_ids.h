#pragma once

#include <random>
#include <string>

#include "history/attempt_row.h"

namespace coldframe::session {

/// Random UUIDs (RFC 9562, version 4). Names, not secrets.
class RequestIds {
public:
    std::string next()
    {
        history::RequestId id;
        for (std::size_t i = 0; i < id.size(); i += 8) {
            const std::uint64_t bits = m_random();
            for (std::size_t b = 0; b < 8; ++b)
                id[i + b] = static_cast<std::uint8_t>(bits >> (8 * b));
        }
        id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);
        id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
        return history::toText(id);
    }

private:
    std::mt19937_64 m_random{(std::uint64_t{std::random_device{}()} << 32U)
                             ^ std::random_device{}()};
};

} // namespace coldframe::session
