#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/action.h"
#include "model/error.h"
#include "model/money.h"
#include "model/store_work.h"
#include "model/workspace.h"
#include "session/capture.h"
#include "session/queue_desk.h"
#include "session/snapshot.h"

namespace coldframe::session {

/// When a run's recording ends and the next one begins. Sizes count what is in the files.
struct RecordingLimits {
    std::uint64_t maxBytes = std::uint64_t{512} << 20; ///< so that pruning takes a part, not all
    Duration maxAge = std::chrono::hours(24);
    Duration retryAfterStop = std::chrono::seconds(30); ///< after a full disk, say
};

/// The clock jumps over the time in which nothing is executing.
struct SkipIdle {
    std::optional<Duration> length; ///< of the run; none: until no event waits or runs
    std::optional<TimePoint> from; ///< what its clock shows at first; none: what the wall's does
};

struct Options {
    std::filesystem::path workspace; ///< folder or file
    std::filesystem::path state; ///< empty: `.coldframe` in the workspace
    bool privateState = false; ///< a temporary state folder, removed at the end
    std::optional<Fidelity> fidelity; ///< instead of the workspace's
    bool record = true;
    RecordingLimits recordingLimits{};
    bool powerDurability = false; ///< the journal survives power loss too, more slowly
    bool trusted = true; ///< false: nothing runs until trust()
    bool startTriggers = false;
    std::vector<std::string> backfill; ///< triggers whose present files are processed
    std::optional<std::uint16_t> servePort; ///< Invoke API; 0 takes any free port
    std::uint16_t s3Port = 0; ///< where the stores answer as S3; 0 takes any free port
    std::uint16_t sqsPort = 0; ///< where the queues answer as SQS; 0 takes any free port
    int deskSlots = 0; ///< cap on real processes; 0: as memory allows
    std::filesystem::path resources; ///< empty: found beside the program
    /// Where folder stores lie instead, each in a folder of its name; empty: as the workspace says.
    std::filesystem::path stores;
    /// What schedules go by, called on the live thread; empty: this machine's clock. For tests.
    std::function<TimePoint()> civilClock;
    bool reload = true; ///< saved code and settings take effect while it runs
    /// Takes no triggers and ports whose events come from outside, and does not reload. Events that
    /// have not ended go with the run; those of earlier runs wait for one that does not skip.
    std::optional<SkipIdle> skipIdle;
    /// Told on the live thread, after each of its handlers, how much CPU time that took. For tests:
    /// it costs two system calls a handler.
    std::function<void(Duration cpu)> watchdog;
};

/// What became of one invocation, or of one attempt at it.
struct Answer {
    std::string requestId;
    std::string source; ///< the trigger's name, "send" or "api"; empty: by hand or by a caller
    TimePoint acceptedAt{};
    TimePoint startedAt{}; ///< handed to the instance; zero when it never was
    bool accepted = false; ///< asynchronous: journaled, will be delivered
    bool throttled = false;
    engine::Outcome outcome = engine::Outcome::Succeeded;
    std::string payload; ///< what the caller gets: the result, or the error document
    std::string log; ///< START … REPORT, as the platform prints it
    std::uint32_t instance = 0; ///< serial
    std::uint32_t attempt = 1;
    std::uint32_t attemptsAllowed = 0; ///< what the platform gives it at most; 0: not known
    std::uint32_t retryAfterS = 0; ///< of a later attempt: the platform's delay before it
    bool cold = false;
    bool provisioned = false;
    bool deskWaited = false;
    bool debugged = false; ///< a debugger had hold of it: no part of bills and statistics
    engine::Reason reason;
    engine::Reason waited; ///< what it had to wait for in the queue; None: nothing
    std::string reasonText; ///< all of it in sentences, with the numbers of this start
    Duration queued{}; ///< measured: from due to an instance, without init and desk wait
    Duration deskWait{}; ///< measured: for room on this machine; not the platform's
    Duration spawn{}, init{}, sandbox{}; ///< measured, measured, modelled
    Duration desk{}, platform{}, billed{};
    std::uint32_t memoryMb = 0, peakMemoryKb = 0;
    Money cost;
    StoreWork stores; ///< what it read from and wrote into stores, by their S3 endpoint
    std::uint64_t logBytesDropped = 0;
    std::optional<Error> refused; ///< the event never reached the engine: bad JSON, too large, …
};

/// What Answer::reasonText says, from a row alone. `sandbox`: what the platform takes to make one.
std::string reasonText(const history::AttemptRow& row, Duration sandbox);

struct SendRequest {
    std::string function;
    std::string event; ///< JSON text
    engine::Delivery delivery = engine::Delivery::Sync;
    std::string trigger; ///< shown in tables; "send" when empty
};

/// How *Send at rate* spaces its events.
struct SendPlan {
    enum class Shape { Constant, Poisson, Ramp, Burst };
    Shape shape = Shape::Constant;
    double perSecond = 10; ///< constant, Poisson; where a ramp begins
    double toPerSecond = 10; ///< where a ramp ends
    int burstSize = 10; ///< burst: this many at once, `perSecond` bursts a second
    Duration length = std::chrono::seconds(10);
    std::uint64_t count = 0; ///< 0: until `length` is over
};

/// A workspace, opened and running. All calls may come from any thread and return at once;
/// callbacks run on the live thread and must not block it.
class Session {
public:
    static Result<std::unique_ptr<Session>> open(Options options);
    ~Session(); ///< stops everything, seals the recording, leaves no process

    /// The latest picture; never null.
    std::shared_ptr<const Snapshot> snapshot() const;
    std::uint64_t snapshotNumber() const; ///< rises with each new one

    /// From now on, instead of what the workspace says: instances of before retire.
    void setFidelity(Fidelity fidelity);
    /// Lets the workspace's code run, and remembers that for this folder.
    void trust();
    void startTriggers();
    void stopTriggers();
    void setTriggerEnabled(const std::string& trigger, bool enabled);
    /// A paused trigger (16 hops in a chain) goes on.
    void resumeTrigger(const std::string& trigger);
    void fireNow(const std::string& trigger);
    /// Makes events of the files that lay in the folder before the trigger started.
    void backfill(const std::string& trigger);

    /// Looks at what is installed in a database for a trigger of the kind `changes`, or installs or
    /// removes it; nothing but the steps that were agreed to.
    void capture(CaptureRequest request, CaptureDone done);

    using Done = std::function<void(const Answer&)>;
    /// Told before `done`: the serial of the invocation, for cancel().
    using Started = std::function<void(std::uint32_t invocation)>;
    /// One event. `done` runs once, when the invocation ended, was refused, or (async) accepted.
    void send(SendRequest request, Done done = {}, Started started = {});
    /// `count` copies at once.
    void sendMany(SendRequest request, std::uint64_t count, Done each = {});
    /// Starts a stream of events; a later call or stopSending() replaces it.
    Result<void> sendAtRate(SendRequest request, SendPlan plan, Done each = {});
    using AgainDone = std::function<void(const std::string& function, const Answer&)>;
    /// Sends the recorded events of these attempts again, in this order and the way they came: one
    /// whose caller waited when those before it were answered, the others as fast as they can be
    /// accepted. `each` as with send().
    void sendAgain(std::vector<history::AttemptRow> attempts, AgainDone each = {});
    /// Nothing more is sent at a rate or again; what was sent ends.
    void stopSending();
    /// Ends an invocation that waits or runs; a running one's process is killed.
    void cancel(std::uint32_t invocation);

    /// The function's next attempt is held for a debugger before its handler is called, its timeout
    /// standing still; it is no part of bills and statistics. Says in a notice why it cannot be.
    void debugNext(const std::string& function, bool on);
    /// An attempt that waits for a debugger goes on without, against its timeout.
    void releaseDebugger(std::uint32_t invocation);

    /// Snapshots tell what this invocation prints while it runs; of one at a time, 0 of none.
    void followLog(std::uint32_t invocation);

    /// Everything of one ended attempt, read from the recording. Runs `done` on the live thread.
    void loadAttempt(const history::AttemptRow& row,
                     std::function<void(Answer answer, std::string event)> done);

    /// The messages of the workspace's queues.
    QueueDesk& queueDesk();

    /// True once no event waits, runs or is due to be retried, and no trigger has work in hand.
    bool idle() const;

    /// Of a run that skips idle time: ends it now, as when its length is over.
    void endSkipping();
    /// Its time is over: no more passes, and the snapshot is its last moment.
    bool timeIsOver() const;

private:
    class Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace coldframe::session
