#include "live/api_host.h"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace coldframe::live {

namespace {

Death deathOf(const process::ExitReport& report)
{
    using Kind = process::ExitReport::Kind;
    switch (report.kind) {
    case Kind::Exited:
        return {.code = report.code};
    case Kind::Signalled:
        return {.signal = report.signal};
    case Kind::NotStarted:
        return {.notStarted = describe(report.error)};
    case Kind::ReaperLost:
        return {.signal = 9};
    }
    return {};
}

} // namespace

RuntimeApiCallbacks ApiHost::callbacks()
{
    RuntimeApiCallbacks c;
    c.next = [this] { asked(); };
    c.taken = [this] { return taken(); };
    c.answered = [this] { answered(); };
    c.response = [this](std::string body, bool, Duration) {
        finish(engine::WorkStatus::Succeeded, std::move(body), {});
    };
    c.error = [this](std::string body, std::string type) {
        if (type.empty())
            type = errorTypeOf(body);
        finish(engine::WorkStatus::FunctionError, std::move(body), std::move(type));
    };
    c.initError = [this](std::string body, std::string type) {
        if (type.empty())
            type = errorTypeOf(body);
        failInit(engine::InitFailure::Reported, {}, {std::move(type), std::move(body)});
    };
    c.tooLarge = [this] { finish(engine::WorkStatus::ResponseTooLarge, {}, {}); };
    c.truncated
        = [this] { finish(engine::WorkStatus::FunctionError, {}, "Runtime.TruncatedResponse"); };
    c.debugging = [this](std::string_view state, std::string why, std::uint16_t port) {
        runtimeDebugs(state, std::move(why), port);
    };
    // Whoever writes a client of their own sees why the attempt never gets its answer.
    c.refused = [this](int status, std::string_view why) {
        log().append(fmt::format("Runtime API: a request was refused with {}: {}\n", status, why));
    };
    return c;
}

void ApiHost::start()
{
    if (!m_settings->notStartable.empty()) {
        failInit(engine::InitFailure::NotStartable, {.notStarted = m_settings->notStartable}, {});
        return;
    }
    auto api = RuntimeApi::open(m_context.io, m_settings->limits, callbacks());
    if (!api) {
        failInit(engine::InitFailure::NotStartable, {.notStarted = describe(api.error())}, {});
        return;
    }
    m_api = std::move(*api);
    afterSandbox([this] { wantSlot(); });
}

void ApiHost::wantSlot()
{
    m_waitsSince = now();
    m_deskWait = {};
    if (m_context.desk.request(*this))
        spawn();
    else
        m_context.owner.deskWaits(*this, true);
}

void ApiHost::slotGranted()
{
    m_deskWait = now() - m_waitsSince;
    if (!m_parked) // of a parked one the wait ends when it has its event
        m_context.owner.deskWaits(*this, false);
    spawn();
}

void ApiHost::spawn()
{
    m_launchedAt = now();
    m_initAnnounced = m_initFailed = m_outOfMemory = false;
    process::ProcessCallbacks on;
    on.onStarted = [this](pid_t pid) { started(pid); };
    on.onOutput = [this](process::Stream, std::string_view text) { m_log.append(text); };
    on.onExit = [this](const process::ExitReport& report) { exited(report); };
    auto launched = process::launch(
        m_context.io, launchSpec(fmt::format("127.0.0.1:{}", m_api->port())), std::move(on));
    if (launched) {
        m_process = std::move(*launched);
        return;
    }
    m_context.desk.release(*this);
    const Death death{.notStarted = describe(launched.error())};
    if (m_phase == Phase::Init)
        failInit(engine::InitFailure::NotStartable, death, {});
    else
        m_context.owner.died(*this, death, false, {});
}

void ApiHost::started(pid_t pid)
{
    m_spawn = now() - m_launchedAt;
    m_meter.emplace(pid, m_process->reaperPid());
    if (m_phase == Phase::Init)
        m_meter->begin();
    announceInit();
    holdForGdb();
}

/// Once, by whichever comes first: word from the reaper or the runtime's own first request.
void ApiHost::announceInit()
{
    if (m_phase == Phase::Init && !std::exchange(m_initAnnounced, true))
        m_context.owner.initStarted(*this);
}

/// The runtime wants work.
void ApiHost::asked()
{
    if (m_stopping || m_restarting || !m_process)
        return;
    if (!m_meter && m_process->pid() != 0)
        started(m_process->pid());
    if (m_phase != Phase::Init)
        return holdForGdb(); // the process of a parked instance, made anew
    announceInit();
    m_phase = Phase::Idle;
    m_context.owner.ready(*this, m_meter ? m_meter->end().runQueueWait : Duration::zero());
    if (m_phase == Phase::Idle)
        m_context.desk.setIdle(*this, true);
}

void ApiHost::deliver(Delivery delivery)
{
    m_phase = Phase::Busy;
    m_debugging = delivery.debugPort != 0;
    m_context.desk.setIdle(*this, false);
    if (m_parked) {
        m_context.owner.deskWaits(*this, true);
        if (!m_process) // else it is still ending, and exited() goes on
            wantSlotAgain();
    } else if (m_served++ > 0) {
        m_deskWait = {}; // only the first attempt waited with the instance
    }
    if (m_debugging && m_settings->debugger == Debugger::Gdbserver) {
        m_held = std::move(delivery);
        return holdForGdb();
    }
    m_api->deliver(std::move(delivery));
}

/// What a runtime still does after its answer is not over before it asks again.
bool ApiHost::atRest() const
{
    return m_phase == Phase::Idle && (m_process ? !m_parking && m_api->waits() : m_parked);
}

Duration ApiHost::taken()
{
    Duration late{};
    if (std::exchange(m_parked, false)) {
        late = m_deskWait = now() - m_waitsSince;
        m_context.owner.deskWaits(*this, false);
    }
    m_working = true;
    if (m_meter)
        m_meter->begin();
    m_workStartedAt = now();
    if (m_process && !m_debugging)
        m_process->workBegins();
    m_context.owner.workStarted(*this);
    return late;
}

void ApiHost::answered()
{
    m_measured = {};
    m_measured.wall = now() - m_workStartedAt;
    if (m_process)
        m_process->workEnds();
    if (!m_meter)
        return;
    const process::Usage usage = m_meter->end();
    m_measured.cpu = usage.cpu;
    m_measured.runQueueWait = usage.runQueueWait;
    m_measured.peakMemoryKb = usage.peakKb;
    m_measured.overMemory = usage.peakKb / 1024 > m_settings->memoryMb;
}

void ApiHost::finish(engine::WorkStatus status, std::string payload, std::string errorType)
{
    if (!std::exchange(m_working, false) || m_stopping)
        return;
    if (m_process)
        m_process->drainOutput();
    m_measured.status = status;
    m_measured.payload = std::move(payload);
    m_measured.errorType = std::move(errorType);
    m_phase = Phase::Idle;
    m_context.owner.finished(*this, std::move(m_measured)); // may deliver the next event
    if (m_phase == Phase::Idle && m_process && !m_stopping)
        m_context.desk.setIdle(*this, true);
}

void ApiHost::failInit(engine::InitFailure why, const Death& death, ErrorDocument reported)
{
    if (m_phase != Phase::Init || std::exchange(m_initFailed, true))
        return;
    if (m_process)
        m_process->drainOutput();
    if (why != engine::InitFailure::NotStartable)
        announceInit();
    m_context.owner.initFailed(*this, why, death, std::move(reported));
}

void ApiHost::restart()
{
    m_phase = Phase::Init;
    m_api->reset();
    if (m_process) {
        m_restarting = true;
        m_process->kill();
    } else {
        wantSlot();
    }
}

void ApiHost::park()
{
    m_parked = m_parking = true;
    m_api->reset();
    m_process->kill();
}

void ApiHost::abandon()
{
    m_held.reset();
    m_gdbserver.reset();
    if (m_api)
        m_api->abandon();
}

void ApiHost::exited(const process::ExitReport& report)
{
    m_meter.reset();
    m_process.reset();
    m_gdbserver.reset();
    if (m_stopping) {
        m_context.desk.release(*this);
        m_context.owner.gone(*this);
        return;
    }
    if (std::exchange(m_restarting, false)) {
        spawn(); // in the slot it still holds
        return;
    }
    m_context.desk.release(*this);
    // The process that was made in its place has no such excuse: it would be made for ever.
    if (std::exchange(m_parking, false)) {
        if (m_phase == Phase::Busy)
            wantSlotAgain();
        return;
    }
    const Death death = deathOf(report);
    if (m_phase == Phase::Init) {
        failInit(death.notStarted.empty() ? engine::InitFailure::Exited
                                          : engine::InitFailure::NotStartable,
                 death, {});
        return;
    }
    HostResult soFar;
    if (m_phase == Phase::Busy) {
        soFar.wall = m_working ? now() - m_workStartedAt : Duration::zero();
        // The report is of the whole life, init and earlier attempts too; this one cannot have used
        // more than it lasted, but for threads.
        soFar.cpu = std::min(report.cpu, soFar.wall);
        soFar.peakMemoryKb = m_outOfMemory ? m_settings->memoryMb * 1024 : report.peakKb;
    }
    m_working = false;
    m_context.owner.died(*this, death, m_outOfMemory, std::move(soFar));
}

/// A parked instance has work again: its process is made anew, on the desk's account.
void ApiHost::wantSlotAgain()
{
    m_waitsSince = now();
    if (m_context.desk.request(*this))
        m_context.turns.add(*this, [this] { spawn(); });
}

} // namespace coldframe::live
