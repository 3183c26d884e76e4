#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/time.h"

namespace coldframe::sources {

/// Where events say they come from. Local stand-ins for a cloud account.
struct EventOrigin {
    std::string region = "us-east-1";
    std::string account = "000000000000";
};

/// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD, as JSON cannot hold them.
std::string jsonString(std::string_view text);

/// "2026-03-04T09:15:07.412Z"
std::string isoMilliseconds(TimePoint time);
/// "2026-03-04T09:15:07Z"
std::string isoSeconds(TimePoint time);

/// A scattered number that depends on `text` and `number` only; with these two an event keeps its
/// ids when it is built again.
std::uint64_t scatter(std::string_view text, std::uint64_t number);
/// An id in the form of a random UUID (RFC 9562, version 4), from the same two.
std::string eventId(std::string_view text, std::uint64_t number);

} // namespace coldframe::sources
