#pragma once

#include <filesystem>

#include "model/error.h"

namespace coldframe::study {

/// The recording a person means by a path: the folder itself when it is one; else the newest below
/// it, which may be a workspace, its file, or a state folder. Errors: there is none.
Result<std::filesystem::path> findRecording(const std::filesystem::path& given);

} // namespace coldframe::study
