#pragma once

#include <optional>
#include <string>

namespace coldframe::session {

/// Bytes of a small valid object with this ending, such as ".csv" in any letter case; "" is plain
/// text. Nothing for kinds that cannot be made from nothing: documents, archives, sound, video.
std::optional<std::string> sampleObject(const std::string& ending);

} // namespace coldframe::session
