#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "journal/journal.h"
#include "live/driver.h"
#include "session/board.h"
#include "session/failure_notices.h"
#include "session/plan.h"
#include "session/recorder.h"
#include "session/request_ids.h"
#include "session/session.h"
#include "session/state_folder.h"

namespace coldframe::session {

class Destinations;
class TriggerSet;
class Sender;
class Resender;
class Queues;
class Reloader;
class ApiServer;
class BucketServer;
class QueueServer;
class IdleSkipper;

/// A workspace under way: the insides of Session. Everything runs on the live thread unless it
/// says otherwise; the parts named above are its hands.
class Run final : private live::Observer {
public:
    Run();
    ~Run() override;

    /// On the caller's thread; starts the live thread at its end.
    Result<void> open(Options options);
    /// From any other thread: ends everything and joins.
    void close();

    // From any thread
    template <typename Work> void post(Work&& work)
    {
        boost::asio::post(m_io, std::forward<Work>(work));
    }
    /// Blocking work, off the live thread. The run does not end before it has.
    void inBackground(std::function<void()> work);
    /// Likewise, for looks at things: the run counts as idle meanwhile.
    void aside(std::function<void()> work);
    /// Something that is shown has changed by itself.
    void changed() { ++m_steps; }
    std::shared_ptr<const Snapshot> snapshot() const;
    std::uint64_t snapshotNumber() const { return m_snapshotNumber.load(); }
    bool idle() const { return m_idle.load(); }
    IdleSkipper* skipper() const { return m_skipper.get(); } ///< null unless idle time is skipped
    std::shared_ptr<const Workspace> workspace() const;

    // On the live thread
    boost::asio::io_context& io() { return m_io; }
    live::Driver& driver() { return *m_driver; }
    journal::Journal& journal() { return *m_journal; } ///< itself from any thread
    Board& board() { return m_board; }
    Recorder& recorder() { return m_recorder; }
    const Options& options() const { return m_options; }
    const std::filesystem::path& resources() const { return m_resources; }
    const StateFolder& state() const { return *m_state; }
    PlanContext planContext() const;
    Destinations& destinations() { return *m_destinations; }
    BucketServer& buckets() { return *m_buckets; }
    Queues& queues() { return *m_queues; }
    TriggerSet& triggers() { return *m_triggers; }
    Sender& sender() { return *m_sender; }
    void setFidelity(Fidelity fidelity);
    Resender& resender() { return *m_resender; }
    void debugNext(const std::string& function, bool on);
    void follow(std::uint32_t invocation) { m_followed = invocation; }
    bool trusted() const { return m_trusted; }
    /// Nothing runs here, or is on its way to the engine, and nothing is being kept.
    bool atRest() const;
    /// A new picture, for who knows that nothing will follow.
    void publish();
    /// The time on the wall: it may be set. The engine's does not go by it.
    TimePoint civilNow() const;
    void trust();
    /// The source must hold its events back: the journal or the queue is full.
    bool congested() const;
    /// Sends an event; fills in its request id. Refuses what could never run.
    std::optional<Error> submit(FunctionId function, engine::Delivery delivery, live::Event event);
    /// An event did not match its trigger's filter and goes no further.
    void filteredOut(std::int32_t trigger) { m_board.filteredOut(trigger); }
    /// A batch of messages began, or ended: counted.
    void batchBegan(const live::Event& batch);
    void batchEnded(const engine::BatchEnded& end, const live::Event& batch);
    std::string newId() { return m_requestIds.next(); } ///< a random UUID
    /// A delivery wait as the workspace's timeScale has it.
    Duration scaled(Duration wait) const;
    /// Which triggers read queues has changed.
    void reconfigure();
    void notice(Notice::Severity severity, std::string text, std::string hint = {});
    void notice(const Error& error, Notice::Severity severity = Notice::Severity::Warning);
    /// kMaxHops functions have called one another; `function` would have been the next.
    void chainStopped(const std::string& function);
    /// A line across the charts: what took effect now.
    void mark(std::string text) { m_board.mark(m_driver->now(), std::move(text)); }
    void adopt(Workspace workspace, Plan plan);
    void setWorkspaceProblems(std::vector<Error> errors, std::vector<Error> warnings);
    /// The event's delivery goes on after the engine has done with it: keep it in the journal.
    void holdJournal(std::uint64_t key) { ++m_held[key]; }
    void releaseJournal(std::uint64_t key);

private:
    void stepped(TimePoint now, const engine::Input& input,
                 std::span<const engine::Action> actions) override;
    void configured(const engine::Configuration& configuration) override;
    void persist(live::Event& event) override;
    void attempt(const engine::Meter& meter, live::Event& event,
                 live::AttemptReport& report) override;
    void rejected(const engine::Reject& reject, live::Event& event) override;
    void released(const engine::Release& release, live::Event& event) override;
    void delivered(const engine::Deliver& deliver, live::Event& event) override;
    void deadLettered(const engine::DeadLetter& letter, live::Event& event) override;
    void ended(live::Event& event, bool succeeded) override;

    void live();
    void liveSkipping();
    std::filesystem::path journalFile() const;
    void removeSkippedJournal();
    bool handsFull() const;
    void adopt(Plan plan);
    Result<void> openJournal();
    Result<void> openEndpoints();
    history::RecordingHeader recordingHeader() const;
    void openRecording();
    void restorePending();
    void durable(std::span<const std::uint64_t> keys);
    void acceptSome();
    void appendToJournal(const live::Event& event);
    void retryJournal();
    void beat();
    void fillDesk(Snapshot& snapshot);
    void fillRunningLog(Snapshot& snapshot);
    void fillDebugging(Snapshot& snapshot);
    void begin();

    Options m_options;
    std::filesystem::path m_resources;
    std::unique_ptr<StateFolder> m_state;
    std::shared_ptr<const Workspace> m_workspace; ///< guarded by m_mutex for other threads
    std::vector<Error> m_workspaceErrors, m_workspaceWarnings;
    Plan m_plan;
    bool m_trusted = true;

    boost::asio::io_context m_io{1};
    boost::asio::thread_pool m_workers{2};
    std::atomic<int> m_backgroundJobs{0};
    std::unique_ptr<live::Driver> m_driver;
    std::unique_ptr<journal::Journal> m_journal;
    std::vector<journal::JournalEntry> m_restored; ///< from the last run, until begin()
    struct Journaled {
        std::uint64_t key;
        InvocationId id;
    };
    std::deque<Journaled> m_journaling; ///< in order of key
    std::deque<std::uint64_t> m_durable; ///< keys whose turn comes
    std::deque<journal::JournalEntry> m_refused; ///< the journal was full; offered again
    std::map<std::uint64_t, int> m_held; ///< by key: deliveries under way
    std::set<std::uint64_t> m_endedHeld; ///< to be removed once they are no longer held
    Board m_board;
    Recorder m_recorder;
    RequestIds m_requestIds;
    FailureNotices m_failures{*this};
    std::unique_ptr<Queues> m_queues;
    std::unique_ptr<Destinations> m_destinations;
    std::unique_ptr<TriggerSet> m_triggers;
    std::unique_ptr<Sender> m_sender;
    std::unique_ptr<Resender> m_resender;
    std::unique_ptr<Reloader> m_reloader;
    std::unique_ptr<ApiServer> m_api;
    std::unique_ptr<BucketServer> m_buckets;
    std::unique_ptr<QueueServer> m_queueServer;
    std::unique_ptr<IdleSkipper> m_skipper;

    std::uint32_t m_followed = 0; ///< serial of the invocation whose log is shown
    std::shared_ptr<const RunningLog> m_runningLog; ///< as it was told last
    std::optional<std::uint16_t> m_invokePort; ///< asked for; functions have a port in any case
    std::uint16_t m_apiPort = 0, m_s3Port = 0, m_sqsPort = 0;
    boost::asio::steady_timer m_beat{m_io};
    std::uint64_t m_steps = 0, m_publishedSteps = 0;
    int m_quietBeats = 0, m_beats = 0;
    std::int64_t m_lastCpu = 0;
    std::chrono::steady_clock::time_point m_lastCpuAt{};
    double m_cpuShare = 0;
    std::optional<TimePoint> m_behindSince;
    TimePoint m_behindAt{}; ///< the last sign of it
    mutable std::mutex m_mutex; ///< of m_snapshot and m_workspace
    std::shared_ptr<const Snapshot> m_snapshot;
    std::atomic<std::uint64_t> m_snapshotNumber{0};
    std::atomic<bool> m_idle{false};
    std::thread m_thread;
};

} // namespace coldframe::session
