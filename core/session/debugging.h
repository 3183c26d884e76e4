#pragma once

#include <vector>

#include "live/debug.h"
#include "model/workspace.h"
#include "session/debug_view.h"

namespace coldframe::session {

/// What attaches to functions of this runtime.
live::Debugger debuggerOf(Runtime runtime);

/// With address, advice and launch configuration, in the order given.
std::vector<DebugView> debugViews(const std::vector<live::DebuggedAttempt>& attempts,
                                  const Workspace& workspace);

} // namespace coldframe::session
