#pragma once

#include <filesystem>
#include <string_view>

#include "model/error.h"

namespace coldframe::stores {

/// What the system refused, in words, with what to do about it. `doing` completes "cannot …":
/// "write". `number` is an errno.
Error systemError(std::string_view doing, const std::filesystem::path& file, int number);

} // namespace coldframe::stores
