#include <utility>

#include <fmt/format.h>

#include "live/api_host.h"

// Holding an attempt for a debugger. The shipped runtimes do it themselves, told by a header; for
// compiled programs gdbserver does, before they get their event.
namespace coldframe::live {

namespace {
/// What a compiled handler is told of its time: its own clock cannot be made to stand still.
constexpr std::int64_t kFarAwayMs = 24 * 3600 * 1000;
} // namespace

/// Once the process waits for its event and its pid is known: whatever came last calls.
void ApiHost::holdForGdb()
{
    if (!m_held || m_gdbserver || !m_process || m_process->pid() == 0 || !m_api->waits())
        return;
    if (const std::string why = notForGdb(m_process->pid()); !why.empty())
        return gdbFailed(why);
    auto server = Gdbserver::attach(
        m_context.io,
        {m_process->pid(), m_held->debugPort, fmt::format("{}-{}-gdbserver", m_token, m_launches)},
        {.listening =
             [this] {
                 if (!m_held)
                     return; // released before gdbserver was there
                 m_context.owner.debugging(*this, DebugPhase::Waiting, {});
                 m_held->deadlineMs += kFarAwayMs;
                 handOver(); // it lies in the program's socket while that stands still
             },
         .connected = [this] { m_context.owner.debugging(*this, DebugPhase::Attached, {}); },
         .failed =
             [this](std::string why) {
                 if (m_held)
                     gdbFailed(std::move(why));
             }});
    if (server)
        m_gdbserver = std::move(*server);
    else
        gdbFailed(describe(server.error()));
}

void ApiHost::gdbFailed(std::string why)
{
    m_context.owner.debugging(*this, DebugPhase::Failed, {std::move(why), 0});
}

void ApiHost::handOver()
{
    Delivery delivery = std::move(*m_held);
    m_held.reset();
    delivery.debugPort = 0; // nothing the program knows of
    m_api->deliver(std::move(delivery));
}

void ApiHost::releaseDebugger()
{
    m_gdbserver.reset(); // the program goes on
    if (m_held)
        handOver();
    m_api->releaseDebugger();
}

void ApiHost::runtimeDebugs(std::string_view state, std::string why, std::uint16_t port)
{
    if (!m_debugging || !m_working)
        return;
    const DebugPhase phase = state == "listening" ? DebugPhase::Waiting
        : state == "attached"                     ? DebugPhase::Attached
                                                  : DebugPhase::Failed;
    m_context.owner.debugging(*this, phase, {std::move(why), port});
}

} // namespace coldframe::live
