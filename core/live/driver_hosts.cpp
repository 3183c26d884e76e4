#include <algorithm>

#include "live/driver.h"
#include "live/driver_timers.h"

// What instances tell the driver, turned into the engine's inputs.
namespace coldframe::live {

namespace {
constexpr auto kMemoryWatch = std::chrono::milliseconds(50);
}

Driver::Place* Driver::findPlace(const Host& host)
{
    const std::uint32_t slot = host.id().slot;
    const bool there = slot < m_places.size() && m_places[slot].host.get() == &host;
    return there ? &m_places[slot] : nullptr;
}

void Driver::deskWaits(Host& host, bool waits)
{
    if (waits)
        feed(engine::DeskWaitBegan{host.id()});
    else
        feed(engine::DeskWaitEnded{host.id()});
}

void Driver::initStarted(Host& host)
{
    feed(engine::InitStarted{host.id()});
}

void Driver::ready(Host& host, Duration runQueueWait)
{
    feed(engine::Ready{host.id(), runQueueWait});
}

void Driver::initFailed(Host& host, engine::InitFailure why, const Death& death,
                        ErrorDocument reported)
{
    if (Place* place = findPlace(host)) {
        place->death = death;
        place->initError = std::move(reported);
    }
    feed(engine::InitFailed{host.id(), why});
}

void Driver::workStarted(Host& host)
{
    Place* place = findPlace(host);
    if (place)
        place->workStartedAt = now();
    feed(engine::WorkStarted{host.id()});
    if (!place || !place->debug)
        return;
    feed(engine::DebugPaused{host.id()});
    if (place->debug->status.phase == DebugPhase::Released)
        feed(engine::DebugResumed{host.id()});
}

void Driver::finished(Host& host, HostResult result)
{
    Place* place = findPlace(host);
    if (!place)
        return;
    place->result = std::move(result);
    HostResult& r = place->result;
    if (r.overMemory && !place->debug) { // a debugger's own memory is in it
        // It passed its limit between two looks of the watch; the platform would have killed it.
        feed(engine::InstanceDied{.instance = host.id(),
                                  .outOfMemory = true,
                                  .wall = r.wall,
                                  .cpu = r.cpu,
                                  .peakMemoryKb = host.settings().memoryMb * 1024});
        return;
    }
    if (r.status == engine::WorkStatus::Succeeded)
        r.status = tellFailedItems(place->serving, r);
    feed(engine::WorkFinished{.instance = host.id(),
                              .status = r.status,
                              .responseBytes = static_cast<std::uint32_t>(r.payload.size()),
                              .peakMemoryKb = r.peakMemoryKb,
                              .wall = r.wall,
                              .cpu = r.cpu,
                              .runQueueWait = r.runQueueWait});
}

void Driver::died(Host& host, const Death& death, bool outOfMemory, HostResult soFar)
{
    Place* place = findPlace(host);
    if (!place)
        return;
    place->death = death;
    place->result = std::move(soFar);
    feed(engine::InstanceDied{.instance = host.id(),
                              .outOfMemory = outOfMemory,
                              .wall = place->result.wall,
                              .cpu = place->result.cpu,
                              .peakMemoryKb = place->result.peakMemoryKb});
}

/// The host may be in the middle of a call, so it is let go on the next turn. Until then close()
/// is not done, and nobody destroys the driver under this.
void Driver::gone(Host& host)
{
    boost::asio::post(m_io, [this, alive = std::weak_ptr(m_timers), last = &host] {
        if (alive.expired())
            return;
        m_ending.remove_if([&](const auto& ending) { return ending.get() == last; });
        closeIfDone();
    });
}

void Driver::closeIfDone()
{
    if (m_closing && m_ending.empty() && m_closed) {
        const auto closed = std::exchange(m_closed, {});
        closed();
    }
}

/// Looks at the memory of every instance while there is one.
void Driver::watchMemory()
{
    if (std::exchange(m_timers->watching, true))
        return;
    m_timers->memory.expires_after(kMemoryWatch);
    m_timers->memory.async_wait(
        [this, alive = std::weak_ptr(m_timers)](const boost::system::error_code& error) {
            if (error || alive.expired() || m_closing)
                return;
            m_timers->watching = false;
            m_memoryKb = 0;
            bool any = false;
            for (Place& place : m_places) {
                if (!place.host)
                    continue;
                any = true;
                const std::uint32_t kb = place.host->residentKb();
                m_memoryKb += kb;
                if (kb / 1024 > place.host->settings().memoryMb && !place.debug)
                    place.host->killForMemory();
            }
            if (any)
                watchMemory();
        });
}

const LogBuffer* Driver::runningLog(std::uint32_t invocationSerial) const
{
    if (invocationSerial == 0)
        return nullptr;
    for (const Place& place : m_places)
        if (place.host && place.invocation == invocationSerial)
            return &place.host->log();
    return nullptr;
}

} // namespace coldframe::live
