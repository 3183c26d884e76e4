#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"

namespace coldframe {

/// The folder with platforms/, prices/, runtimes/ …: as given, else the environment's
/// COLDFRAME_RESOURCES, else beside the program as installed (../share/coldframe) or as built.
Result<std::filesystem::path> findResources(const std::filesystem::path& given);

/// Where the platform of this id is described.
std::filesystem::path platformFile(const std::filesystem::path& resources, const std::string& id);
/// Ids of all platforms, sorted.
std::vector<std::string> platformIds(const std::filesystem::path& resources);

Result<std::string> readText(const std::filesystem::path& file);

} // namespace coldframe
