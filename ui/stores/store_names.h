#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "stores/object.h"

namespace coldframe::ui {

/// The first objects of a folder store whose keys begin with `prefix`, by their keys. Changes
/// nothing, leaves hidden files out, and blocks on the disk: not for the window's own thread.
/// Empty when the folder cannot be read.
///
/// @param limit Most that are looked at.
std::vector<stores::Object> firstObjects(const std::filesystem::path& folder,
                                         std::string_view prefix, std::size_t limit);

} // namespace coldframe::ui
