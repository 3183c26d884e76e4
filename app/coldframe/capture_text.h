#pragma once

#include <optional>
#include <string>

#include "model/error.h"
#include "model/workspace.h"
#include "session/capture.h"

namespace coldframe::commands {

/// What is known of one trigger's capture, and what was done about it.
struct CaptureFinding {
    const Trigger* trigger = nullptr;
    std::string place; ///< "orders in data/shop.db"
    std::optional<session::CaptureView> view; ///< none: `error` says why
    std::optional<Error> error;
    enum class Done { Nothing, Installed, Removed } done = Done::Nothing;
    session::CaptureSteps ran; ///< when something was done
    std::string takenFrom; ///< whose capture it was, when it was another reader's
};

/// The state in a line, or why it is not known.
std::string captureText(const CaptureFinding& finding);
/// What would be run, indented under a heading; nothing when nothing would.
std::string stepsText(const session::CaptureSteps& steps, const std::string& heading);
/// One line of all of them.
std::string captureJson(const std::vector<CaptureFinding>& findings);

} // namespace coldframe::commands
