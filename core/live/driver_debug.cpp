#include <algorithm>

#include "live/driver.h"

// Attempts that are held for a debugger.
namespace coldframe::live {

void Driver::debugNext(FunctionId function, bool on)
{
    if (on)
        m_debugNext.insert(function);
    else
        m_debugNext.erase(function);
}

/// The port on which a debugger is waited for; 0 when this attempt is not the one to be held.
std::uint16_t Driver::holdForDebugger(Place& place, const engine::Dispatch& action)
{
    const Debugger debugger = place.host->settings().debugger;
    if (debugger == Debugger::None || m_debugNext.erase(action.function) == 0)
        return 0;
    const auto reserved = [this](std::uint16_t port) {
        return std::ranges::any_of(m_places, [port](const Place& other) {
            return other.debug && other.debug->status.port == port;
        });
    };
    std::uint16_t port = freePort(usualPort(debugger));
    while (reserved(port)) // promised to another, which does not listen yet
        port = freePort(static_cast<std::uint16_t>(port + 1));
    DebuggedAttempt& held = place.debug.emplace();
    held.function = action.function;
    held.invocation = action.invocation.serial;
    held.instance = action.instance.serial;
    held.requestId = eventOf(action.invocation).requestId;
    held.debugger = debugger;
    held.status.port = port;
    held.since = now();
    return port;
}

void Driver::debugging(Host& host, DebugPhase phase, DebugNews news)
{
    Place* place = findPlace(host);
    if (!place || !place->debug || place->debug->status.phase == DebugPhase::Released)
        return;
    place->debug->status.phase = phase;
    place->debug->status.message = std::move(news.why);
    if (news.port != 0)
        place->debug->status.port = news.port;
}

void Driver::releaseDebugger(std::uint32_t invocationSerial)
{
    for (Place& place : m_places) {
        if (!place.debug || place.debug->invocation != invocationSerial
            || place.debug->status.phase == DebugPhase::Attached)
            continue;
        place.debug->status.phase = DebugPhase::Released;
        place.host->releaseDebugger();
        feed(engine::DebugResumed{place.host->id()});
        return;
    }
}

std::vector<DebuggedAttempt> Driver::debugged() const
{
    std::vector<DebuggedAttempt> all;
    for (const Place& place : m_places)
        if (place.debug)
            all.push_back(*place.debug);
    std::ranges::sort(all, {}, &DebuggedAttempt::since);
    return all;
}

} // namespace coldframe::live
