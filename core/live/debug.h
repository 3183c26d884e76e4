#pragma once

#include <cstdint>
#include <string>

#include "model/ids.h"
#include "model/time.h"

// Debugging one attempt: it stands still before the handler until a debugger has attached.
namespace coldframe::live {

/// What attaches to a function's runtime.
enum class Debugger : std::uint8_t {
    None, ///< `command`: each event is a program of its own
    Debugpy, ///< Python; Debug Adapter Protocol
    Inspector, ///< Node.js; Chrome DevTools Protocol
    Gdbserver, ///< compiled programs; GDB's remote protocol
};

/// The first port that is tried, as the debugger's own documentation has it: 5678, 9229, 2345.
std::uint16_t usualPort(Debugger debugger);
/// A port on 127.0.0.1 that nothing listens on now, from `first` on; `first` when all are taken.
std::uint16_t freePort(std::uint16_t first);

enum class DebugPhase : std::uint8_t {
    Starting, ///< the instance has been told
    Waiting, ///< a debugger may attach now
    Attached, ///< and has: the handler runs under it
    Failed, ///< nothing listens; `message` says why and what to do. The event still waits
    Released, ///< it goes on without a debugger, against its timeout
};
struct DebugStatus {
    DebugPhase phase = DebugPhase::Starting;
    std::uint16_t port = 0; ///< on 127.0.0.1
    std::string message;
};

/// An attempt under way that has been held for a debugger.
struct DebuggedAttempt {
    FunctionId function = 0;
    std::uint32_t invocation = 0, instance = 0; ///< serials
    std::string requestId;
    Debugger debugger = Debugger::None;
    DebugStatus status;
    TimePoint since{};
};

} // namespace coldframe::live
