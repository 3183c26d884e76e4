#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "sim/calendar.h"
#include "sim/engine_run.h"
#include "sim/figure_book.h"
#include "sim/queue_book.h"

// The insides of simulateEngine(). What happens next lies in a calendar; the engine's own deadlines
// lie in the engine.
namespace coldframe::sim {

/// Something that will happen to the engine.
struct Happening {
    enum class What : std::uint8_t {
        InitStarted,
        Ready,
        Finished,
        Arrival,
        Call,
        Visit, ///< an attempt comes to a backend
        Worked, ///< an attempt that visits backends has done all it had to do
        Answers, ///< a backend has done with a visit
        Batches, ///< a shard is asked for batches
    };
    std::int64_t key = 0; ///< twice the time, plus one for what arrives
    std::uint32_t order = 0; ///< of putting it in
    What what = What::Arrival;
    FunctionId function = 0; ///< Arrival, Call, Ready, Finished, Batches
    InstanceId instance; ///< InitStarted, Ready, Finished
    /// Arrival, Call: into EngineRun::m_calls. Visit, Worked: into m_journeys. Answers: into
    /// m_backends. Finished: the slot of the engine's InvocationId. Batches: the shard.
    std::uint32_t index = 0;
    /// Finished: of the InvocationId; Visit, Worked: of the journey; Batches: of Feed::Asking.
    std::uint32_t serial = 0;

    bool operator<(const Happening& b) const
    {
        return key != b.key ? key < b.key : static_cast<std::int32_t>(order - b.order) < 0;
    }
};

inline constexpr std::uint32_t kNoJourney = 0xffff'ffff, kNoShard = 0xffff'ffff;

/// An event on its way from its sender through the engine, refusals and retries included; or a
/// batch of messages, or one try of a batch of records.
struct Call {
    FunctionId function = 0;
    std::uint32_t tries = 0; ///< of the client
    std::uint32_t client = 0; ///< of a closed loop, plus one
    std::uint64_t index = 0; ///< among the function's, from 0: names its luck
    std::int64_t arrivedAt = 0, service = 0;
    bool started = false; ///< has had an instance
    bool bound = false; ///< has one
    std::int64_t wall = 0; ///< of the attempt under way
    std::uint32_t attempt = 1; ///< likewise: which one
    std::uint32_t journey = kNoJourney; ///< of an attempt that visits backends, while it runs
    std::int64_t ofMessages = 0; ///< of a batch: what its messages or records add to the service
    std::uint32_t shard = kNoShard, lane = 0; ///< of a batch of records
};

/// A message on its way from its sender to where it ends; the engine has it, this is what it tells.
struct SimulatedMessage {
    std::uint32_t serial = 0; ///< the engine's; 0: there is none
    FunctionId sender = 0;
    std::uint64_t index = 0; ///< among the sender's, from 0: names its luck
    std::int64_t sentAt = 0; ///< its age counts from
    std::int64_t cameAt = 0; ///< into the queue it is in
    bool begun = false; ///< has been in a batch of this queue
};

/// A message in a batch.
struct BatchMessage {
    MessageId message;
    FunctionId sender = 0;
    std::uint64_t luck = 0; ///< of this receive
};

/// An attempt on its way through its visits.
struct Journey {
    std::uint32_t serial = 0; ///< of this use of its place; 0: none
    std::uint32_t call = 0;
    InstanceId instance;
    InvocationId invocation;
    std::int64_t beganAt = 0, own = 0; ///< its own time
    std::uint32_t done = 0, all = 0; ///< visits
    std::uint32_t list = 0, inList = 0; ///< the next one: of FunctionModel::visits, and within
    std::optional<std::uint32_t> visit; ///< it is at the backend
};

/// One function's source of arrivals and luck.
struct Source {
    /// `timed`: a timer decides how many instances there are.
    Source(const FunctionModel& function, std::uint64_t seed, const Window& window, bool timed);
    /// The next arrival's time; nothing when there are no more.
    std::optional<std::int64_t> next(std::int64_t& service);

    const FunctionModel* function;
    std::unique_ptr<ArrivalTimes> arrivals;
    Draws services, cold, think;
    Stream failures, backoff;
    bool replaced = false;
    std::uint64_t entity = 0; ///< the function's
    std::uint64_t indices = 0; ///< given out
    std::uint64_t messages = 0; ///< sent, where it reads a queue
    std::uint64_t idleStarts = 0; ///< of instances for no call: provisioned, or by a timer
    std::vector<std::uint64_t> thoughts; ///< by client of a closed loop: calls so far
    FigureBook book;
    std::optional<Occupancy> idle; ///< where it does not follow from the other two

private:
    static constexpr std::size_t kBlock = 256;
    std::vector<std::int64_t> m_times, m_services;
    std::size_t m_at = 0, m_count = 0;
    bool m_more = true;
};

class EngineRun {
public:
    EngineRun(const Model& model, std::uint64_t seed, const EngineRunOptions& options);
    SystemFigures run();

private:
    // engine_run.cpp
    void begin();
    void nextArrival(FunctionId function);
    void happen(const Happening& next);
    bool runDeadline(std::int64_t before);
    template <typename In> void step(const In& input)
    {
        const std::size_t before = m_actions.size();
        m_engine.step(TimePoint(Duration(m_now)), input, m_actions);
        if (m_watched)
            m_options.onStep(TimePoint(Duration(m_now)), input,
                             std::span(m_actions).subspan(before));
        if (before == 0)
            carryOutAll();
    }
    void carryOutAll();
    void push(std::int64_t at, Happening happening);
    SystemFigures close();

    // engine_run_actions.cpp
    std::uint32_t newCall(FunctionId function, std::int64_t at, std::int64_t service);
    void send(std::uint32_t call);
    void endCall(InvocationId invocation);
    void thinkAndCall(const Call& ended);
    Call& callOf(InvocationId invocation);
    void take(Call& call, bool cold);
    std::int64_t initLimit(const Source& source, bool provisioned, bool again) const;
    void carryOut(const engine::Persist& action);
    void carryOut(const engine::Reject& action);
    void carryOut(const engine::Start& action);
    void carryOut(const engine::Join& action);
    void carryOut(const engine::Dispatch& action);
    void carryOut(const engine::Stop& action);
    void carryOut(const engine::Meter& action);
    void carryOut(const engine::DeadLetter& action);
    void carryOut(const engine::Ack& action);
    template <typename Other> void carryOut(const Other&) { }
    std::int64_t serviceOf(const Source& source, const Call& call,
                           const engine::Dispatch& action) const;

    // engine_run_visits.cpp
    void setOut(const engine::Dispatch& action, Call& call, std::int64_t own);
    void goOn(std::uint32_t journey);
    Journey* journeyOf(const Happening& next);
    void visit(const Happening& next);
    void worked(const Happening& next);
    void answer(std::uint32_t backend);
    void endJourney(Call& call);
    void finish(Journey& journey, engine::WorkStatus status);
    void lookAt(std::uint32_t backend);
    bool fails(const Source& source, const Call& call) const;

    // engine_run_queues.cpp
    void beginQueues(engine::Configuration& configuration);
    void sendMessage(FunctionId function);
    std::uint32_t batchOf(InvocationId invocation, FunctionId function);
    Stream luckOf(const Source& reader, FunctionId sender, Draw what) const;
    engine::WorkStatus statusOf(const Call& call, InvocationId invocation);
    SimulatedMessage& messageOf(MessageId id) { return m_messages[id.slot]; }
    void carryOut(const engine::Enqueue& action);
    void carryOut(const engine::Receive& action);
    void carryOut(const engine::Return& action);
    void carryOut(const engine::Drop& action);
    void carryOut(const engine::Move& action);
    void carryOut(const engine::BatchEnded& action);
    std::vector<QueueFigures> closeQueues();

    // engine_run_streams.cpp
    void beginStreams();
    void recordComes(FunctionId function);
    void askForBatches(FunctionId function, std::uint32_t shard, std::int64_t at);
    void handOver(const Happening& next);
    std::optional<std::size_t> failingRecord(const Call& call) const;
    void shardHears(const Call& call, std::optional<engine::Outcome> outcome);

    const Model& m_model;
    const EngineRunOptions& m_options;
    std::uint64_t m_seed;
    bool m_watched; ///< by onStep
    engine::Engine m_engine;
    engine::Actions m_actions;
    std::vector<Source> m_sources;
    Calendar<Happening> m_calendar;
    std::uint32_t m_order = 0;
    std::int64_t m_now = 0;

    struct Station {
        Backend backend;
        std::int64_t lookedFor = Backend::kNever; ///< its Answers lies in the calendar
    };
    std::vector<Station> m_backends;
    std::vector<Journey> m_journeys;
    std::vector<std::uint32_t> m_freeJourneys;
    std::uint32_t m_journeySerial = 0;
    std::vector<std::uint32_t> m_answered; ///< of answer(), kept for its memory

    std::vector<Call> m_calls;
    std::vector<std::uint32_t> m_freeCalls;
    void touch(FunctionId function)
    {
        if (m_sources[function].idle)
            m_touched.push_back(function);
    }
    std::vector<FunctionId> m_touched; ///< whose idle instances are to be counted anew
    std::vector<std::uint32_t> m_callOf; ///< by the engine's slot for the invocation

    SimulatedMessage m_sending; ///< while the engine is told
    std::vector<SimulatedMessage> m_messages; ///< by the engine's slot
    std::vector<QueueBook> m_queues;
    std::vector<std::uint32_t> m_batchSerials; ///< by the engine's slot: the batch in m_callOf
    std::vector<std::vector<BatchMessage>> m_batches; ///< by call

    /// A stream, and when its shards are to be asked.
    struct Feed {
        struct Asking {
            std::int64_t at = Backend::kNever; ///< lies in the calendar
            std::uint32_t serial = 0; ///< of the last one; those before do not count any more
        };
        StreamFeed feed;
        std::vector<Asking> askings; ///< by shard
    };
    Feed& feedOf(FunctionId function) { return m_feeds[*m_sources[function].function->stream]; }
    std::vector<Feed> m_feeds;
};

} // namespace coldframe::sim
