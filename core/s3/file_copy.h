#pragma once

#include <functional>

#include "s3/byte_range.h"
#include "s3/digest.h"
#include "stores/object.h"
#include "stores/object_writer.h"

namespace coldframe::s3 {

/// Appends a part of an open object to one that is being written. `see` looks at the bytes.
Result<void> copyBytes(const stores::OpenObject& from, const ByteRange& range,
                       stores::ObjectWriter& to, const std::function<void(std::string_view)>& see);

/// Reads up to `most` bytes at `offset`; fewer only at the end of the file. Nothing sets errno.
std::optional<std::string> readBytes(const stores::OpenObject& from, std::uint64_t offset,
                                     std::size_t most);

} // namespace coldframe::s3
