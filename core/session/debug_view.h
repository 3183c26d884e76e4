#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/error.h"
#include "model/ids.h"
#include "model/time.h"
#include "model/workspace.h"

namespace coldframe::session {

/// An attempt under way that was held for a debugger: what a window shows and a command line says.
struct DebugView {
    enum class Phase : std::uint8_t {
        Starting, ///< the instance has been told
        Waiting, ///< a debugger may attach now
        Attached, ///< and has: the handler runs under it
        Failed, ///< nothing listens; `message` says why and what to do. The event still waits
        Released, ///< it goes on without a debugger, against its timeout
    };
    FunctionId function = 0;
    std::uint32_t invocation = 0, instance = 0; ///< serials
    std::string requestId;
    Phase phase = Phase::Starting;
    std::string address; ///< "127.0.0.1:5678"
    std::string message; ///< of a failure: why, and what to do
    std::string advice; ///< how to attach, in a sentence
    /// For .vscode/launch.json: one entry of its "configurations", as JSON text.
    std::string launchConfiguration;
    TimePoint since{};
};

/// Why this function's next event cannot be held for a debugger; nothing when it can.
std::optional<Error> notDebuggable(const Function& function);

} // namespace coldframe::session
