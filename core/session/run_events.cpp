#include <algorithm>
#include <cstdio>

#include <unistd.h>

#include <fmt/format.h>

#include "session/bucket_server.h"
#include "session/debugging.h"
#include "session/destinations.h"
#include "session/idle_skipper.h"
#include "session/queues.h"
#include "session/resender.h"
#include "session/run.h"
#include "session/sender.h"
#include "session/trigger_set.h"
#include "session/trust.h"
#include "session/turn.h"

// What the driver tells: counted, recorded, journaled, delivered.
namespace coldframe::session {

std::optional<Error> Run::submit(FunctionId function, engine::Delivery delivery, live::Event event)
{
    if (!m_trusted)
        return notTrusted();
    const engine::Platform& platform = m_plan.configuration.platform;
    const std::uint32_t limit
        = delivery == engine::Delivery::Async ? platform.maxAsyncBytes : platform.maxSyncBytes;
    if (event.body->size() > limit)
        return Error{.code = Error::Code::LimitReached,
                     .message = fmt::format("the event has {} bytes, the platform takes {} of {} "
                                            "events",
                                            event.body->size(), limit,
                                            delivery == engine::Delivery::Async ? "asynchronous"
                                                                                : "synchronous"),
                     .hint = "store the data as a file and send its key: shape s3"};
    if (event.requestId.empty())
        event.requestId = m_requestIds.next();
    m_board.event(m_driver->now(), event.trigger);
    m_driver->send(function, delivery, std::move(event));
    return std::nullopt;
}

namespace {

constexpr Duration kNoticed = std::chrono::milliseconds(100);

/// What the desk did to a process for want of room or of a core.
bool fallsBehind(const engine::Input& input)
{
    const auto waited = [](Duration wait, Duration of) { return wait > kNoticed && wait * 4 > of; };
    if (const auto* ready = std::get_if<engine::Ready>(&input))
        return ready->runQueueWait > 2 * kNoticed;
    if (const auto* work = std::get_if<engine::WorkFinished>(&input))
        return waited(work->runQueueWait, work->wall);
    return std::holds_alternative<engine::DeskWaitBegan>(input);
}

} // namespace

void Run::stepped(TimePoint now, const engine::Input& input,
                  std::span<const engine::Action> actions)
{
    ++m_steps;
    m_recorder.stepped(now, input, actions);
    m_board.stepped(now, m_driver->engine(), input, actions);
    for (const engine::Action& action : actions)
        if (const auto* stop = std::get_if<engine::Stop>(&action)) // after its last attempt is told
            post([this, serial = stop->instance.serial] { m_buckets->forget(serial); });
    if (fallsBehind(input)) {
        if (!m_behindSince) {
            m_behindSince = now;
            notice(
                Notice::Severity::Warning,
                "This machine cannot keep up: processes wait for a core or for room",
                "Times from now on are not the platform's. Send fewer events at once, or let the "
                "other programs end first.");
        }
        m_behindAt = now;
    }
}

void Run::configured(const engine::Configuration& configuration)
{
    m_recorder.mask(m_plan.secrets);
    m_recorder.configured(configuration);
    m_recorder.rest(m_driver->now(), m_driver->engine()); // the first of a recording
}

void Run::persist(live::Event& event)
{
    event.journalKey = m_journal->nextKey();
    m_journaling.push_back({event.journalKey, event.id});
    appendToJournal(event);
}

void Run::appendToJournal(const live::Event& event)
{
    journal::JournalEntry entry;
    entry.key = event.journalKey;
    entry.function = m_workspace->functions[event.function].name;
    entry.trigger = event.source;
    entry.sourceKey = event.sourceKey;
    entry.requestId = event.requestId;
    entry.acceptedAt = event.acceptedAt;
    entry.hops = event.hops;
    entry.body = *event.body;
    entry.marks = event.marks;
    // Order of keys is order of appending, so nothing overtakes what was refused.
    if (!m_refused.empty() || !m_journal->append(entry))
        m_refused.push_back(std::move(entry));
}

void Run::retryJournal()
{
    while (!m_refused.empty() && m_journal->append(m_refused.front()))
        m_refused.pop_front();
}

void Run::durable(std::span<const std::uint64_t> keys)
{
    const bool underWay = !m_durable.empty();
    m_durable.insert(m_durable.end(), keys.begin(), keys.end());
    if (!underWay)
        acceptSome();
}

void Run::acceptSome()
{
    for (const Turn turn; !m_durable.empty() && !turn.over(); m_durable.pop_front()) {
        if (m_journaling.empty() || m_journaling.front().key != m_durable.front())
            continue;
        const InvocationId id = m_journaling.front().id;
        m_journaling.pop_front();
        m_driver->persisted(id);
    }
    if (!m_durable.empty())
        post([this] { acceptSome(); });
}

void Run::attempt(const engine::Meter& meter, live::Event& event, live::AttemptReport& report)
{
    const auto ephemeral
        = static_cast<std::uint32_t>(m_workspace->functions[meter.function].ephemeralStorageMb);
    if (m_skipper)
        m_skipper->worked(meter.init + meter.desk);
    report.cost = m_board.attempt(m_driver->engine().now(), meter, ephemeral);
    report.stores = m_buckets->take(meter.instance.serial);
    m_recorder.attempt(meter, event, report, report.cost);
    if (!event.items.empty())
        m_queues->attempted(event);
    if (event.async || !event.items.empty())
        return; // ended() tells, or batchEnded()
    m_board.triggerEnded(event.trigger);
    if (!meter.debugged)
        m_board.ended(meter.function, meter.outcome == engine::Outcome::Succeeded,
                      event.comesAgain);
}

void Run::batchBegan(const live::Event& batch)
{
    m_board.event(m_driver->now(), batch.trigger);
}

void Run::batchEnded(const engine::BatchEnded& end, const live::Event& batch)
{
    if (!batch.body)
        return; // it never began
    m_board.triggerEnded(batch.trigger);
    if (!batch.debugged)
        m_board.ended(batch.function,
                      end.returned == 0 && end.reason.why != engine::Why::CancelledByUser, true);
}

void Run::rejected(const engine::Reject& reject, live::Event& event)
{
    const TimePoint now = m_driver->engine().now();
    if (reject.reason.why != engine::Why::CancelledByUser)
        m_board.throttled(now, reject.function);
    m_board.triggerEnded(event.trigger); // only synchronous ones are rejected
    m_recorder.unserved(now, reject.invocation, reject.function, reject.reason, event);
}

void Run::released(const engine::Release& release, live::Event& event)
{
    m_board.retried();
    const Duration wait = release.notBefore - m_driver->engine().now();
    m_failures.failed(event,
                      fmt::format("it is tried again in {} s",
                                  std::chrono::ceil<std::chrono::seconds>(wait).count()));
    m_journal->release(event.journalKey, release.attemptsDone, release.notBefore);
}

void Run::delivered(const engine::Deliver&, live::Event& event)
{
    m_destinations->succeeded(event);
}

void Run::deadLettered(const engine::DeadLetter& letter, live::Event& event)
{
    if (!event.result)
        m_recorder.unserved(m_driver->engine().now(), letter.invocation, letter.function,
                            letter.reason, event);
    if (m_workspace->functions[event.function].onFailure) // else each is told
        m_failures.failed(event, "its record goes where onFailure says");
    m_destinations->failed(event, letter);
}

void Run::ended(live::Event& event, bool succeeded)
{
    if (!event.debugged)
        m_board.ended(event.function, succeeded);
    if (succeeded)
        m_failures.succeeded(event);
    m_board.triggerEnded(event.trigger);
    m_triggers->ended(event);
    if (m_held.contains(event.journalKey))
        m_endedHeld.insert(event.journalKey);
    else
        m_journal->remove(event.journalKey);
}

void Run::releaseJournal(std::uint64_t key)
{
    const auto it = m_held.find(key);
    if (it == m_held.end() || --it->second > 0)
        return;
    m_held.erase(it);
    if (m_endedHeld.erase(key) > 0)
        m_journal->remove(key);
}

void Run::fillDesk(Snapshot& snapshot)
{
    const live::DeskUse use = m_driver->desk();
    DeskView& desk = snapshot.desk;
    desk.processes = use.processes;
    desk.slots = use.slots;
    desk.waiting = use.waiting;
    desk.parked = use.parked;
    desk.memoryKb = use.memoryKb;
    if (use.waiting == 0 && m_behindSince
        && m_driver->now() - m_behindAt > std::chrono::seconds(10))
        m_behindSince.reset();
    desk.behindSince = m_behindSince;
    // Of the whole machine, from the kernel's counters.
    const auto now = std::chrono::steady_clock::now();
    if (now - m_lastCpuAt > std::chrono::milliseconds(800)) {
        static const long ticks = sysconf(_SC_CLK_TCK);
        static const long cores = sysconf(_SC_NPROCESSORS_ONLN);
        std::int64_t busy = 0;
        if (FILE* file = std::fopen("/proc/stat", "re")) {
            long long user = 0, nice = 0, system = 0;
            if (std::fscanf(file, "cpu %lld %lld %lld", &user, &nice, &system) == 3)
                busy = user + nice + system;
            std::fclose(file);
        }
        const double seconds = std::chrono::duration<double>(now - m_lastCpuAt).count();
        if (m_lastCpu > 0)
            m_cpuShare = std::clamp(static_cast<double>(busy - m_lastCpu)
                                        / (seconds * static_cast<double>(ticks * cores)),
                                    0.0, 1.0);
        m_lastCpu = busy;
        m_lastCpuAt = now;
    }
    desk.cpuShare = m_cpuShare;
}

void Run::debugNext(const std::string& name, bool on)
{
    const FunctionId id = m_workspace->functionId(name);
    if (id == kNoFunction)
        return;
    if (!on)
        m_driver->debugNext(id, false);
    else if (!m_trusted)
        notice(notTrusted());
    else if (const auto problem = notDebuggable(m_workspace->functions[id]))
        notice(*problem);
    else
        m_driver->debugNext(id, true);
    ++m_steps;
}

void Run::fillDebugging(Snapshot& snapshot)
{
    for (FunctionId id = 0; id < snapshot.functions.size(); ++id)
        snapshot.functions[id].debugNext = m_driver->debugsNext(id);
    snapshot.debugged = debugViews(m_driver->debugged(), *m_workspace);
}

/// Copied only when more was printed.
void Run::fillRunningLog(Snapshot& snapshot)
{
    const live::LogBuffer* log = m_driver->runningLog(m_followed);
    if (!log)
        m_runningLog.reset();
    else if (!m_runningLog || m_runningLog->invocation != m_followed
             || m_runningLog->text.size() != log->text().size()
             || m_runningLog->dropped != log->dropped())
        m_runningLog = std::make_shared<const RunningLog>(
            RunningLog{m_followed, log->text(), log->dropped()});
    snapshot.runningLog = m_runningLog;
}

void Run::publish()
{
    auto picture = std::make_shared<Snapshot>();
    Snapshot& s = *picture;
    s.now = m_driver->now();
    s.workspace = m_workspace;
    s.workspaceErrors = m_workspaceErrors;
    s.workspaceWarnings = m_workspaceWarnings;
    const engine::Platform& platform = m_plan.configuration.platform;
    s.platformTitle = platform.title;
    s.platformRegion = platform.region;
    s.platformAsOf = platform.asOf;
    s.fidelity = m_plan.configuration.fidelity;
    s.trusted = m_trusted;
    s.recording = m_recorder.recording();
    s.recordingFolder = m_recorder.folder().string();
    m_board.fill(s, s.now);
    m_triggers->fill(s);
    s.sending = m_sender->busy() || m_resender->busy();
    m_destinations->fill(s);
    fillDesk(s);
    fillRunningLog(s);
    fillDebugging(s);
    if (m_skipper)
        s.skipping = m_skipper->time();
    s.invokePort = m_invokePort;
    s.s3Port = m_s3Port;
    s.sqsPort = m_sqsPort;
    s.attempts = m_recorder.view();
    m_publishedSteps = m_steps;
    {
        const std::lock_guard lock(m_mutex);
        m_snapshot = std::move(picture);
    }
    ++m_snapshotNumber;
}

} // namespace coldframe::session
