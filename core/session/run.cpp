#include "session/run.h"

#include <fmt/format.h>

#include "model/environment.h"
#include "model/workspace_file.h"
#include "model/workspace_limits.h"
#include "process/host.h"
#include "session/api_server.h"
#include "session/bucket_server.h"
#include "session/destinations.h"
#include "session/idle_skipper.h"
#include "session/queue_server.h"
#include "session/queues.h"
#include "session/reloader.h"
#include "session/resender.h"
#include "session/resources.h"
#include "session/sender.h"
#include "session/settings_changes.h"
#include "session/skip_rules.h"
#include "session/trigger_set.h"
#include "session/trust.h"
#include "session/workspace_check.h"
#include "stores/folder_tree.h"

namespace coldframe::session {

namespace {

constexpr auto kBeat = std::chrono::milliseconds(100);

Error oneError(const std::vector<Error>& errors)
{
    if (errors.size() == 1)
        return errors.front();
    Error all = errors.front();
    for (std::size_t i = 1; i < errors.size(); ++i)
        all.hint += '\n' + describe(errors[i]);
    return all;
}

Duration cpuOfThisThread()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

} // namespace

Run::Run() = default;

Run::~Run()
{
    if (m_thread.joinable())
        close();
}

Result<void> Run::open(Options options)
{
    m_options = std::move(options);
    WorkspaceReading reading = readWorkspaceToRun(
        m_options.workspace, {.resources = m_options.resources, .variables = false});
    if (!reading.workspace)
        return tl::unexpected(oneError(reading.errors));
    if (!m_options.stores.empty())
        for (Store& store : reading.workspace->stores)
            setPath(store, m_options.stores / store.name);
    if (m_options.skipIdle) {
        m_options.reload = false;
        if (const auto refused = whyNotSkipped(*reading.workspace, m_options.backfill))
            return tl::unexpected(*refused);
    }
    auto resources = findResources(m_options.resources);
    if (!resources)
        return tl::unexpected(resources.error());
    m_resources = *resources;
    const std::filesystem::path stateFolder
        = m_options.state.empty() ? reading.workspace->folder / ".coldframe" : m_options.state;
    if (m_options.powerDurability && !m_options.privateState)
        stores::makeFolders(stateFolder, true); // what fails is said of the state folder
    auto state
        = m_options.privateState ? StateFolder::makePrivate() : StateFolder::own(stateFolder);
    if (!state)
        return tl::unexpected(state.error());
    m_state = std::move(*state);
    if (auto opened = openEndpoints(); !opened) // functions are told of them
        return opened;
    m_trusted = m_options.trusted || isTrusted(reading.workspace->folder);
    auto plan = makePlan(*reading.workspace, planContext());
    if (!plan)
        return tl::unexpected(plan.error());
    m_workspace = std::make_shared<const Workspace>(std::move(*reading.workspace));
    m_workspaceWarnings = std::move(reading.warnings);
    m_plan = std::move(*plan);
    if (auto opened = openJournal(); !opened)
        return opened;

    const std::uint32_t slots = m_options.deskSlots > 0
        ? static_cast<std::uint32_t>(m_options.deskSlots)
        : live::Desk::slotsForThisMachine();
    live::Clock clock(m_journal->lastEngineTime());
    const TimePoint begun
        = m_options.skipIdle && m_options.skipIdle->from ? *m_options.skipIdle->from : clock.now();
    if (m_options.skipIdle)
        clock.startAt(begun);
    m_driver
        = std::make_unique<live::Driver>(m_io, clock, slots, static_cast<live::Observer&>(*this));
    m_board.begin(begun);
    if (m_options.skipIdle)
        m_skipper = std::make_unique<IdleSkipper>(*this, *m_options.skipIdle, begun);
    m_queues = std::make_unique<Queues>(*this);
    m_driver->keepMessages(*m_queues);
    m_queueServer->adopt();
    if (auto opened = m_queues->open(); !opened)
        return opened;
    m_destinations = std::make_unique<Destinations>(*this);
    m_triggers = std::make_unique<TriggerSet>(*this);
    m_sender = std::make_unique<Sender>(*this);
    m_resender = std::make_unique<Resender>(*this);
    m_reloader = std::make_unique<Reloader>(*this);
    openRecording();
    begin();
    publish();
    m_thread = std::thread([this] { live(); });
    return {};
}

/// The live thread.
void Run::live()
{
    if (m_skipper)
        return liveSkipping();
    if (!m_options.watchdog) {
        m_io.run();
        return;
    }
    Duration before = cpuOfThisThread();
    while (m_io.run_one() > 0) { // one handler, and waiting for it, which takes no CPU time
        m_options.watchdog(cpuOfThisThread() - before);
        before = cpuOfThisThread();
    }
}

/// Whatever has come in is handled before the clock jumps.
void Run::liveSkipping()
{
    while (!m_io.stopped())
        if (m_io.poll_one() == 0 && !m_skipper->skip())
            m_io.run_one();
}

/// The engine's first inputs, before the live thread runs.
void Run::begin()
{
    m_board.setPrices(m_plan.prices, m_plan.architecture);
    m_board.setPlatform(m_plan.configuration.platform);
    m_board.setFunctions(m_workspace->functions.size());
    m_board.setTriggers(m_workspace->triggers.size());
    for (const Error& problem : m_plan.problems)
        notice(problem, Notice::Severity::Error);
    reconfigure();
    m_queues->restore();
    m_triggers->adopt(*m_workspace);
    m_destinations->adopt(*m_workspace);
    m_buckets->adopt();
    if (m_options.reload)
        m_reloader->watch(*m_workspace);
    if (m_trusted)
        restorePending(); // the journal may have come with the folder
    if (m_options.startTriggers && m_trusted)
        m_triggers->start();
    for (const std::string& name : m_options.backfill)
        m_triggers->backfill(name);
    beat();
}

void Run::close()
{
    std::atomic<bool> gone{false};
    post([this, &gone] {
        m_triggers->stop();
        m_sender->stop();
        m_resender->stop();
        m_reloader->stop();
        m_api->close();
        m_buckets->close();
        m_queueServer->close();
        m_beat.cancel();
        m_driver->close([this, &gone] {
            m_recorder.close(m_driver->engine().now());
            gone = true;
            m_io.stop();
        });
    });
    m_thread.join();
    m_destinations->close();
    m_workers.join();
    m_buckets->join();
    m_api.reset();
    m_triggers.reset();
    m_journal->noteEngineTime(m_driver->now());
    m_driver.reset();
    m_journal.reset();
    removeSkippedJournal();
}

void Run::inBackground(std::function<void()> work)
{
    ++m_backgroundJobs;
    boost::asio::post(m_workers, [this, work = std::move(work)] {
        work();
        --m_backgroundJobs;
        if (m_skipper)
            post([] {}); // it looks whether all is at rest now
    });
}

void Run::aside(std::function<void()> work)
{
    boost::asio::post(m_workers, std::move(work));
}

std::shared_ptr<const Workspace> Run::workspace() const
{
    const std::lock_guard lock(m_mutex);
    return m_workspace;
}

std::shared_ptr<const Snapshot> Run::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    return m_snapshot;
}

void Run::setFidelity(Fidelity fidelity)
{
    if (m_plan.configuration.fidelity == fidelity)
        return;
    m_options.fidelity = fidelity;
    m_reloader->readAgain();
}

/// Plans here and now, so that what is asked for next finds functions that can start: nothing that
/// could be held up runs yet.
void Run::trust()
{
    if (std::exchange(m_trusted, true))
        return;
    rememberTrust(m_workspace->folder);
    m_reloader->outdated();
    if (auto plan = makePlan(*m_workspace, planContext()))
        adopt(std::move(*plan));
    else
        notice(plan.error(), Notice::Severity::Error);
    restorePending();
}

TimePoint Run::civilNow() const
{
    if (m_skipper)
        return m_skipper->civilNow();
    if (m_options.civilClock)
        return m_options.civilClock();
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool Run::congested() const
{
    return m_journal->full() || !m_refused.empty() || m_driver->pending() > 200'000;
}

void Run::notice(Notice::Severity severity, std::string text, std::string hint)
{
    const TimePoint now = m_driver ? m_driver->now() : live::Clock().now();
    m_board.notice(now, severity, std::move(text), std::move(hint));
    ++m_steps;
}

void Run::notice(const Error& error, Notice::Severity severity)
{
    Error plain = error;
    plain.hint.clear();
    notice(severity, describe(plain), error.hint);
}

void Run::chainStopped(const std::string& function)
{
    notice(Notice::Severity::Error,
           fmt::format("A chain of {} functions was stopped before {}", kMaxHops, function),
           "look for functions that call each other in a circle");
}

/// The workspace file has changed for the better.
void Run::adopt(Workspace workspace, Plan plan)
{
    const Fidelity fidelity = m_plan.configuration.fidelity;
    const std::string changes = settingsChanges(*m_workspace, workspace);
    {
        const std::lock_guard lock(m_mutex);
        m_workspace = std::make_shared<const Workspace>(std::move(workspace));
    }
    adopt(std::move(plan));
    if (m_plan.configuration.fidelity == fidelity) {
        mark(changes);
        notice(Notice::Severity::Info,
               fileOf(*m_workspace).filename().string() + " was read again");
    } else {
        mark(fmt::format("fidelity: {}", nameOf(m_plan.configuration.fidelity)));
        notice(Notice::Severity::Info,
               fmt::format("Fidelity is {} now; instances start anew",
                           nameOf(m_plan.configuration.fidelity)));
    }
}

void Run::adopt(Plan plan)
{
    m_plan = std::move(plan);
    for (const Error& problem : m_plan.problems)
        notice(problem, Notice::Severity::Error);
    m_board.setPrices(m_plan.prices, m_plan.architecture);
    m_board.setPlatform(m_plan.configuration.platform);
    m_board.setFunctions(m_workspace->functions.size());
    reconfigure();
    m_queues->restore(); // of queues that were added
    m_destinations->adopt(*m_workspace);
    m_buckets->adopt();
    m_triggers->adopt(*m_workspace);
    m_board.setTriggers(m_workspace->triggers.size());
    if (m_options.reload)
        m_reloader->watch(*m_workspace);
}

void Run::reconfigure()
{
    m_queues->plan(*m_workspace, m_plan.configuration);
    m_driver->configure(m_plan.configuration, m_plan.hosts);
}

Duration Run::scaled(Duration wait) const
{
    return Duration(static_cast<std::int64_t>(static_cast<double>(wait.count())
                                              / m_plan.configuration.timeScale));
}

void Run::setWorkspaceProblems(std::vector<Error> errors, std::vector<Error> warnings)
{
    m_workspaceErrors = std::move(errors);
    m_workspaceWarnings = std::move(warnings);
    ++m_steps;
}

/// With something that is no event of the engine's yet, or no longer.
bool Run::handsFull() const
{
    return m_backgroundJobs > 0 || !m_refused.empty() || m_sender->busy() || m_resender->busy()
        || m_triggers->busy() || m_destinations->busy() || m_queues->busy();
}

bool Run::atRest() const
{
    return m_journaling.empty() && m_durable.empty() && !handsFull() && m_driver->atRest();
}

/// Ten times a second: what depends on time alone, and a new picture when anything changed.
void Run::beat()
{
    if (m_skipper)
        m_skipper->beat();
    m_triggers->beat();
    m_destinations->beat();
    m_queues->beat();
    m_queueServer->beat();
    retryJournal();
    m_journal->noteEngineTime(m_driver->now());
    m_recorder.rest(m_driver->engine().now(), m_driver->engine());
    const bool busy = m_driver->pending() > 0 || handsFull();
    m_quietBeats = busy ? 0 : m_quietBeats + 1;
    m_idle = m_quietBeats >= 3;
    // Charts move while the last two minutes hold anything; a server at rest makes no pictures.
    const bool over = m_skipper && m_skipper->over();
    if (++m_beats % 2 == 0 && !over && (m_steps != m_publishedSteps || m_quietBeats < 1'300))
        publish();
    m_beat.expires_after(kBeat);
    m_beat.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            beat();
    });
}

} // namespace coldframe::session
