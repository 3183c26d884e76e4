#pragma once

#include <string>

#include "model/workspace.h"

namespace coldframe::session {

/// A word as a shell takes it for one: in single quotes where it needs them.
std::string shellWord(const std::string& word);

/// A line for a shell that sends this event to the function once more, the event in a
/// here-document. Values of the function's secrets in the event are masked; for that it reads
/// `secrets.env` and the environment.
std::string invokeCommand(const Workspace& workspace, const Function& function,
                          const std::string& event);

} // namespace coldframe::session
