#pragma once

#include <filesystem>

#include "model/error.h"

namespace coldframe::session {

/// Folders whose code the user has allowed to run, remembered in the user's own configuration
/// (XDG_CONFIG_HOME/coldframe/trusted), never in the workspace: that could come from anyone.
bool isTrusted(const std::filesystem::path& workspaceFolder);
void rememberTrust(const std::filesystem::path& workspaceFolder);

/// What is said to whoever asks for work in a folder that is not trusted.
Error notTrusted();

} // namespace coldframe::session
