#pragma once

#include <charconv>
#include <string>

#include "s3/call.h"

namespace coldframe::s3 {

/// Which part of which upload a call is about.
struct PartPlace {
    std::string uploadId;
    int number = 0; ///< 1…10,000
};

inline tl::expected<PartPlace, S3Error> partPlace(const Call& call)
{
    PartPlace place{std::string(call.query("uploadId")), 0};
    const std::string_view text = call.query("partNumber");
    const auto [end, problem]
        = std::from_chars(text.data(), text.data() + text.size(), place.number);
    if (problem != std::errc() || end != text.data() + text.size() || place.number < 1
        || place.number > 10'000)
        return tl::unexpected(invalidArgument(
            "Part number must be an integer between 1 and 10000, inclusive", "partNumber", text));
    return place;
}

} // namespace coldframe::s3
