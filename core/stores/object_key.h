#pragma once

#include <string>
#include <string_view>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::stores {

/// Longest key, in bytes. Source: Amazon S3 user guide, "Naming Amazon S3 objects", read 2026-11.
inline constexpr std::size_t kMaxKeyBytes = 1024;
/// Longest part of a key between two slashes: a file name of Linux file systems.
inline constexpr std::size_t kMaxNameBytes = 255;
/// Begins the names of files that are still being written; no key may look like one.
inline constexpr std::string_view kTemporaryPrefix = ".coldframe-put-";

/// Whether a key can name a file inside a folder: parts joined by '/', none of them empty, "." or
/// "..", no NUL, within the limits above.
Result<void> checkKey(std::string_view key);

/// The key under which the result of an invocation is stored: that of the file that triggered it,
/// with ".json" appended unless it ends so; without such a file (an empty key), or when that would
/// be too long, "20260304T091507.412Z-<request id>.json".
std::string resultKey(const std::string& sourceKey, const std::string& requestId, TimePoint time);

} // namespace coldframe::stores
