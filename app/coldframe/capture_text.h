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
};

/// "to install, with --install:" and the SQL, indented, or nothing when there is none.
std::string stepsText(const session::CaptureSteps& steps, const std::string& heading);
/// The state, and what would be run to make it Ready, or to remove it.
std::string captureText(const CaptureFinding& finding, bool removal);
/// One line of all of them.
std::string captureJson(const std::vector<CaptureFinding>& findings);

} // namespace coldframe::commands
