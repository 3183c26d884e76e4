#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/new_files.h"

// Workspaces made from nothing: from a template, or as a copy of an example.
namespace coldframe::session {

enum class StarterCode : std::uint8_t { Python, Node, Command, Bootstrap };
enum class StarterTrigger : std::uint8_t { Manual, Folder, Schedule };

/// A minimal workspace: one function that answers with its event, what triggers it, a test event
/// and what is expected of it. Errors: a file of `resources`/templates or events cannot be read.
Result<std::vector<NewFile>> starterFiles(const std::string& name, StarterCode code,
                                          StarterTrigger trigger,
                                          const std::filesystem::path& resources);

/// Whether a workspace can be made in this folder: it is not there or empty, and the one above it
/// is there. Errors say what is in the way.
Result<void> checkTarget(const std::filesystem::path& target);

/// Makes the folder with these files, or nothing: it appears at once, complete.
/// Errors: those of checkTarget(), what the system refuses.
Result<void> makeWorkspace(const std::filesystem::path& target, const std::vector<NewFile>& files);

/// Makes the folder as a copy of a workspace, or nothing, without what its runs left in .coldframe,
/// recordings and caches; its `$schema` is found from there, too. Errors as makeWorkspace().
Result<void> copyWorkspace(const std::filesystem::path& from, const std::filesystem::path& target,
                           const std::filesystem::path& resources);

} // namespace coldframe::session
