#include "session/debugging.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::session {

namespace {

using live::Debugger;
constexpr const char* kHost = "127.0.0.1";

DebugView::Phase phaseOf(live::DebugPhase phase)
{
    switch (phase) {
    case live::DebugPhase::Starting:
        return DebugView::Phase::Starting;
    case live::DebugPhase::Waiting:
        return DebugView::Phase::Waiting;
    case live::DebugPhase::Attached:
        return DebugView::Phase::Attached;
    case live::DebugPhase::Failed:
        return DebugView::Phase::Failed;
    case live::DebugPhase::Released:
        break;
    }
    return DebugView::Phase::Released;
}

std::string programOf(const Function& function)
{
    return (function.code / "bootstrap").string();
}

std::string advice(const Function& function, Debugger debugger, std::uint16_t port)
{
    switch (debugger) {
    case Debugger::Debugpy:
        return "Set a breakpoint, then start the launch configuration in VS Code or another client "
               "of the Debug Adapter Protocol.";
    case Debugger::Inspector:
        return fmt::format("Set a breakpoint, then start the launch configuration in VS Code, open "
                           "chrome://inspect, or run `node inspect {}:{}`.",
                           kHost, port);
    case Debugger::Gdbserver:
        return fmt::format("Run `gdb -ex 'target remote {}:{}' {}`, set a breakpoint, `continue`.",
                           kHost, port, programOf(function));
    case Debugger::None:
        break;
    }
    return {};
}

/// Sources: code.visualstudio.com/docs/python/debugging, /docs/nodejs/nodejs-debugging and
/// /docs/cpp/launch-json-reference, read 2026-11.
nlohmann::ordered_json configuration(const Function& function, Debugger debugger,
                                     std::uint16_t port)
{
    nlohmann::ordered_json made{{"name", fmt::format("Coldframe: {}", function.name)}};
    switch (debugger) {
    case Debugger::Debugpy:
        made["type"] = "debugpy";
        made["request"] = "attach";
        made["connect"] = {{"host", kHost}, {"port", port}};
        break;
    case Debugger::Inspector:
        made["type"] = "node";
        made["request"] = "attach";
        made["address"] = kHost;
        made["port"] = port;
        made["skipFiles"] = {"<node_internals>/**", "**/coldframe_*.cjs"};
        break;
    case Debugger::Gdbserver:
        made["type"] = "cppdbg";
        made["request"] = "launch"; // its way of saying: connect to a server
        made["program"] = programOf(function);
        made["cwd"] = function.code.string();
        made["MIMode"] = "gdb";
        made["miDebuggerServerAddress"] = fmt::format("{}:{}", kHost, port);
        break;
    case Debugger::None:
        break;
    }
    return made;
}

} // namespace

Debugger debuggerOf(Runtime runtime)
{
    switch (runtime) {
    case Runtime::Python:
        return Debugger::Debugpy;
    case Runtime::Node:
        return Debugger::Inspector;
    case Runtime::Lambda:
        return Debugger::Gdbserver;
    case Runtime::Command:
        break;
    }
    return Debugger::None;
}

std::optional<Error> notDebuggable(const Function& function)
{
    if (debuggerOf(function.runtime) != Debugger::None)
        return std::nullopt;
    return Error{
        .code = Error::Code::OutOfRange,
        .message = fmt::format("events of {} cannot be held for a debugger: its runtime is "
                               "`command`, a new program for each event",
                               function.name),
        .hint = "start that program under a debugger of yours with the event as its input, "
                "or give the function the runtime python, node or lambda"};
}

std::vector<DebugView> debugViews(const std::vector<live::DebuggedAttempt>& attempts,
                                  const Workspace& workspace)
{
    std::vector<DebugView> views;
    for (const live::DebuggedAttempt& attempt : attempts) {
        const Function& function = workspace.functions[attempt.function];
        const std::uint16_t port = attempt.status.port;
        views.push_back(
            {.function = attempt.function,
             .invocation = attempt.invocation,
             .instance = attempt.instance,
             .requestId = attempt.requestId,
             .phase = phaseOf(attempt.status.phase),
             .address = fmt::format("{}:{}", kHost, port),
             .message = attempt.status.message,
             .advice = advice(function, attempt.debugger, port),
             .launchConfiguration = configuration(function, attempt.debugger, port).dump(4),
             .since = attempt.since});
    }
    return views;
}

} // namespace coldframe::session
