#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/action.h"
#include "engine/engine.h"
#include "history/attempt_log.h"
#include "model/error.h"
#include "model/money.h"
#include "model/workspace.h"
#include "session/debug_view.h"
#include "session/obstacle.h"
#include "session/queue_view.h"

// What a window or a command line shows: one immutable picture of a run, made on the live thread
// 5–10 times a second and shared by pointer.
namespace coldframe::session {

/// One function's pool and tallies.
struct FunctionView {
    engine::PoolCounts pool;
    std::uint64_t invocations = 0, succeeded = 0, failed = 0, throttled = 0, coldStarts = 0;
    std::uint64_t recentThrottles = 0; ///< in the last 10 s
    /// "throttled" in the last 10 s; "failing" from an invocation that failed to the next that does
    /// not; else "running" or "idle".
    std::string state;
    bool debugNext = false; ///< its next attempt will be held for a debugger
};

struct TriggerView {
    bool enabled = true; ///< takes part when triggers run
    bool running = false, paused = false;
    double perSecond = 0; ///< events in the last 10 s
    std::uint64_t events = 0;
    std::uint64_t waiting = 0; ///< accepted events that have not ended
    std::uint64_t filteredOut = 0; ///< events that its filter left out; not among `events`
    /// Of a schedule: the next five; unless `running`, those that would come if it started now.
    std::vector<TimePoint> nextFires;
    std::uint64_t alreadyThere = 0; ///< of a folder: files present at start, not processed
    std::string url; ///< of an HTTP trigger that listens
    std::string message; ///< why it is paused or in trouble, and what to do
    std::optional<Obstacle> obstacle; ///< of a queue or a stream: what it does not get past
};

struct StoreView {
    std::uint64_t objects = 0;
    std::string message;
    std::optional<QueueView> queue; ///< of a store that is one
};

/// What happened in one slice of time. All durations are platform time unless the name says desk.
struct Bucket {
    /// At the slice's fullest moment: most instances, of those most at work, of those most
    /// initialising.
    float busy = 0, idle = 0, initialising = 0;
    float limit = 0; ///< sum of the limits in force
    std::uint32_t arrived = 0, ended = 0, failed = 0, throttled = 0, cold = 0;
    float p50Ms = 0, p95Ms = 0, p99Ms = 0; ///< NaN when nothing ended
    double requestsUsd = 0, computeUsd = 0, provisionedUsd = 0; ///< cumulative since the run began
};
inline constexpr Duration kBucketLength = std::chrono::milliseconds(500);
inline constexpr int kBuckets = 240; ///< the last 120 s

struct Span {
    enum class Kind : std::uint8_t {
        Starting,
        Initialising,
        Work,
        Error,
        Idle,
        DeskWait,
        Debugged
    };
    Kind kind = Kind::Idle;
    TimePoint from{}, to{}; ///< `to` is the snapshot's time while it lasts
    std::uint32_t invocation = 0; ///< serial, of work
};
/// One instance's life within the last 120 s.
struct Lane {
    std::uint32_t serial = 0;
    FunctionId function = 0;
    std::vector<Span> spans; ///< ascending
    engine::Reason started; ///< why there is this instance
    engine::Reason initAgain; ///< why its init was run once more; None: it was not
    std::optional<TimePoint> retiredAt;
    engine::Reason stopped; ///< why it was retired
};
inline constexpr std::size_t kMaxLanes = 200;

struct Totals {
    std::uint64_t events = 0, invocations = 0, succeeded = 0, failed = 0, throttled = 0;
    std::uint64_t coldStarts = 0, retries = 0;
    /// Of the failed: batches, whose events come again by themselves.
    std::uint64_t comingAgain = 0;
    /// Batches of streams and messages of queues that were given up after that.
    std::uint64_t givenUp = 0;
    std::uint64_t failedForGood() const { return failed - comingAgain + givenUp; }
    std::uint64_t filteredOut = 0; ///< events that filters of triggers left out
    Money cost;
};

/// The machine, apart from the pool it plays.
struct DeskView {
    std::uint32_t processes = 0, slots = 0, waiting = 0, parked = 0;
    std::uint64_t memoryKb = 0;
    double cpuShare = 0; ///< of all cores, 0 … 1
    std::optional<TimePoint> behindSince; ///< timing after this is not the platform's
};

struct Notice {
    enum class Severity : std::uint8_t { Info, Warning, Error };
    TimePoint at{};
    Severity severity = Severity::Info;
    std::string text; ///< what happened
    std::string hint; ///< what to do
};

/// Something that explains a change in the charts: code or settings that took effect.
struct Mark {
    TimePoint at{};
    std::string text;
};
inline constexpr std::size_t kMaxMarks = 50;

/// What an attempt has printed while it runs.
struct RunningLog {
    std::uint32_t invocation = 0; ///< serial
    std::string text; ///< the first megabyte
    std::uint64_t dropped = 0; ///< bytes after it
};

/// Of a run that skips idle time.
struct SkippedTime {
    Duration skipped{}; ///< in jumps of its clock
    Duration took{}; ///< on the wall since it was opened
    Duration worked{}; ///< during which at least one function ran or initialised
};

struct Snapshot {
    TimePoint now{}, startedAt{};
    std::optional<SkippedTime> skipping;
    std::shared_ptr<const Workspace> workspace;
    std::vector<Error> workspaceErrors; ///< of the file on disk, when the last good one is kept
    std::vector<Error> workspaceWarnings;
    std::string platformTitle, platformRegion, platformAsOf;
    Fidelity fidelity = Fidelity::Desk;
    bool trusted = true;
    bool triggersRunning = false;
    bool sending = false; ///< events sent by hand, many or at a rate, are still going out
    bool recording = true;
    std::string recordingFolder;
    std::optional<std::uint16_t> invokePort;
    std::uint16_t s3Port = 0; ///< where the stores answer as S3
    std::uint16_t sqsPort = 0; ///< where the queues answer as SQS

    std::vector<FunctionView> functions; ///< by FunctionId
    std::vector<TriggerView> triggers; ///< in workspace order
    std::vector<StoreView> stores;
    std::vector<Bucket> buckets; ///< oldest first, the last one still filling; at most kBuckets
    TimePoint firstBucketAt{};
    std::vector<Lane> lanes; ///< oldest instance first
    std::uint32_t lanesHidden = 0;
    history::AttemptLog::View attempts;
    Totals totals;
    double p95Ms = 0; ///< platform time over the last 120 s
    Duration sandbox{}; ///< modelled: what making one takes at each cold start
    DeskView desk;
    std::vector<DebugView> debugged; ///< attempts under way that were held, oldest first
    std::shared_ptr<const RunningLog> runningLog; ///< of the one that is followed; else null
    std::vector<Mark> marks; ///< of the last 120 s, oldest first; at most kMaxMarks
    std::vector<Notice> notices; ///< newest last, at most 100
    std::uint64_t noticesDropped = 0;
};

} // namespace coldframe::session
