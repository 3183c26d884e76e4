#pragma once

#include <filesystem>
#include <optional>

#include "s3/object_facts.h"
#include "stores/object.h"

namespace coldframe::s3 {

/// Keeps the facts of one object in a small file of the state folder. What is lost or damaged is
/// as if it had never been kept.
void writeFacts(const std::filesystem::path& file, const stores::ObjectStamp& stamp,
                const ObjectFacts& facts);
/// Nothing unless they were kept of exactly this content.
std::optional<ObjectFacts> readFacts(const std::filesystem::path& file,
                                     const stores::ObjectStamp& stamp);

} // namespace coldframe::s3
