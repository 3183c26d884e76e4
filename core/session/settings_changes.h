#pragma once

#include <string>

#include "model/workspace.h"

namespace coldframe::session {

/// What a saved edit changed, in a few words for a mark on a chart: "slow: memory 128 → 256 MB,
/// reserved concurrency none → 5; new: added". "settings changed" when it is nothing of these.
std::string settingsChanges(const Workspace& before, const Workspace& after);

} // namespace coldframe::session
