#pragma once

#include <filesystem>
#include <string>

#include "model/error.h"

namespace coldframe::session {

/// The folder with platforms/, prices/, runtimes/ …: as given, else the environment's
/// COLDFRAME_RESOURCES, else beside the program as installed (../share/coldframe) or as built.
Result<std::filesystem::path> findResources(const std::filesystem::path& given);

Result<std::string> readText(const std::filesystem::path& file);

} // namespace coldframe::session
