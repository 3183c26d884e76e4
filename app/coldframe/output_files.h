#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/error.h"

namespace coldframe::commands {

/// A file that a command reads, such as "the scenario", or one that it writes, by its option.
struct NamedFile {
    std::string name;
    std::filesystem::path path; ///< empty: there is none
};

/// Files that are written replace those that are there; but never one that the command reads, nor
/// each other: Conflict, to be told before anything is run.
std::optional<Error> clashOf(const std::vector<NamedFile>& read,
                             const std::vector<NamedFile>& written);

} // namespace coldframe::commands
