#pragma once

#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

#include "s3/s3_error.h"

namespace coldframe::s3 {

/// Which bytes of an object are wanted.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool partial = false; ///< answered with 206 and Content-Range
};

/// Reads a Range header for an object of `size` bytes. One range is understood; what is none, or
/// several, is passed over as S3 does, and all is sent. Error: InvalidRange (416).
tl::expected<ByteRange, S3Error> readRange(std::string_view header, std::uint64_t size);

/// "bytes 0-99/1000".
std::string contentRange(const ByteRange& range, std::uint64_t size);

} // namespace coldframe::s3
