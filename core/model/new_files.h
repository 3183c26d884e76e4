#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"

namespace coldframe {

/// A file that is to be made.
struct NewFile {
    std::filesystem::path path; ///< relative to the folder it is made in
    std::string bytes;
    bool executable = false;
};

/// Makes all of these files, in this order, and the folders they need; or none of them, and what
/// was made before something went wrong is removed again. A file that is there is never touched.
/// Errors: those of writeNewFile(), Io for a folder that cannot be made; the path is the whole one.
Result<void> writeNewFiles(const std::filesystem::path& folder, const std::vector<NewFile>& files);

} // namespace coldframe
