#pragma once

#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "live/clock.h"
#include "live/debug.h"
#include "live/desk.h"
#include "live/event.h"
#include "live/host.h"
#include "live/turns.h"

namespace coldframe::live {

/// Who keeps and shows what the driver does: the session. Everything on the live thread.
class Observer {
public:
    virtual ~Observer() = default;
    /// The engine has been told and has decided; nothing of it is carried out yet. In order.
    virtual void stepped(TimePoint now, const engine::Input& input,
                         std::span<const engine::Action> actions)
        = 0;
    virtual void configured(const engine::Configuration& configuration) = 0;

    /// Journal the event, then call Driver::persisted().
    virtual void persist(Event& event) = 0;
    virtual void attempt(const engine::Meter& meter, Event& event, AttemptReport& report) = 0;
    virtual void rejected(const engine::Reject& reject, Event& event) = 0;
    virtual void released(const engine::Release& release, Event& event) = 0;
    virtual void delivered(const engine::Deliver& deliver, Event& event) = 0;
    virtual void deadLettered(const engine::DeadLetter& letter, Event& event) = 0;
    /// The asynchronous event has ended, well or not: it may leave the journal.
    virtual void ended(Event& event, bool succeeded) = 0;
};

/// Who keeps the messages of queues, with their bodies: the session. Everything on the live thread,
/// in the order the engine decides it.
class MessageKeeper {
public:
    virtual ~MessageKeeper() = default;
    /// Fill in what the handler gets of the messages in `batch.items`, and their ids; where that
    /// cannot be all, `batch.batchProblem` says why.
    virtual void makeBatch(Event& batch) = 0;
    /// The batch is over. What became of its messages was told before, but after its attempt.
    virtual void ended(const engine::BatchEnded& end, Event& batch) = 0;
    /// A batch received it, or somebody else did who asked.
    virtual void received(const engine::Receive& receive) = 0;
    virtual void enqueued(const engine::Enqueue& enqueue) = 0;
    virtual void returned(const engine::Return& back) = 0;
    virtual void dropped(const engine::Drop& drop) = 0;
    virtual void moved(const engine::Move& move) = 0;
    virtual void refused(const engine::Refuse& refuse) = 0;
};

/// What a keeper of messages may tell the engine.
template <typename T>
concept MessageInput
    = std::same_as<T, engine::MessageSent> || std::same_as<T, engine::MessageRestored> || std::
        same_as<T, engine::MessagesWanted> || std::same_as<T, engine::VisibilityChanged> || std::
            same_as<T, engine::MessageDeleted> || std::same_as<T, engine::Redriven> || std::same_as<
                T, engine::Purged> || std::same_as<T, engine::MessageJudged>;

/// What the desk is doing, for the screen.
struct DeskUse {
    std::uint32_t processes = 0, slots = 0, waiting = 0, parked = 0;
    std::uint64_t memoryKb = 0;
};

/// Feeds the engine from the wall clock and carries out what it asks for: processes, deliveries,
/// timers. Decides nothing. Belongs to the thread that runs the io_context.
class Driver final : private HostOwner {
public:
    Driver(boost::asio::io_context& io, Clock clock, std::uint32_t deskSlots, Observer& observer);
    ~Driver() override;

    /// Takes effect at once. `hosts` by FunctionId; entries of removed functions may be null.
    void configure(engine::Configuration configuration,
                   std::vector<std::shared_ptr<const HostSettings>> hosts);
    void codeChanged(FunctionId function);

    void send(FunctionId function, engine::Delivery delivery, Event event);
    /// An event the journal kept over a restart.
    void restore(FunctionId function, Event event, std::uint32_t attemptsDone, TimePoint notBefore);
    void persisted(InvocationId id);
    /// Before the first configuration with queues; outlives the driver.
    void keepMessages(MessageKeeper& keeper) { m_keeper = &keeper; }
    template <MessageInput Input> void tell(const Input& input) { feed(input); }
    void cancel(std::uint32_t invocationSerial);

    /// The function's next attempt waits for a debugger before its handler is called, its timeout
    /// standing still. False: not, after all.
    void debugNext(FunctionId function, bool on);
    /// An attempt that waits for a debugger goes on without, against its timeout.
    void releaseDebugger(std::uint32_t invocationSerial);
    bool debugsNext(FunctionId function) const { return m_debugNext.contains(function); }
    /// The attempts under way that were held for a debugger, oldest first.
    std::vector<DebuggedAttempt> debugged() const;

    /// What the running attempt of an invocation has printed so far; null while none runs. Looks
    /// through all instances.
    const LogBuffer* runningLog(std::uint32_t invocationSerial) const;

    engine::Engine& engine() { return m_engine; }
    TimePoint now() const { return m_clock.now(); }

    /// Nothing runs: no instance starts, works or ends, and each runtime asks for its next event.
    bool atRest() const;
    /// The clock shows `time` from now on, and what is due by then is done. Only at rest. Returns
    /// how much was skipped.
    Duration skipTo(TimePoint time);
    /// The clock stands still from then on: no deadline after it comes.
    void endAt(TimePoint end) { m_clock.endAt(end); }
    DeskUse desk() const;
    /// What the instance of this serial works on; null when it has no attempt.
    const Event* servedBy(std::uint32_t instanceSerial);
    /// Events that have not ended.
    std::uint64_t pending() const { return m_pending; }

    /// Ends every process; `done` once the last is gone. Nothing is fed any more.
    void close(std::function<void()> done);

private:
    /// What the driver keeps of one instance beside its host.
    struct Place {
        std::unique_ptr<Host> host;
        engine::Reason startReason, reason;
        std::uint32_t invocation = 0; ///< serial of the one it has been given; 0: none
        InvocationId serving; ///< of the attempt it works on, or worked on last
        TimePoint workStartedAt{};
        std::optional<DebuggedAttempt> debug;
        HostResult result;
        Death death;
        ErrorDocument initError;
    };
    struct Holding {
        std::uint32_t serial = 0;
        Event event;
    };

    struct Arriving {
        engine::Arrived input;
        Event event;
    };

    void feed(const engine::Input& input);
    void feed(TimePoint when, const engine::Input& input);
    void arrive(engine::Arrived input, Event&& event);
    void take(engine::Arrived input, Event&& event);
    void drain();
    void armTimer();
    Event& eventOf(InvocationId id) { return m_events[id.slot].event; }
    Event* findEvent(InvocationId id);
    void forget(InvocationId id);
    Place* findPlace(const Host& host);

    void carryOut(const engine::Persist& action);
    void carryOut(const engine::Accept& action);
    void carryOut(const engine::Reject& action);
    void carryOut(const engine::Wait& action);
    void carryOut(const engine::Start& action);
    void carryOut(const engine::Dispatch& action);
    void carryOut(const engine::Stop& action);
    void carryOut(const engine::Join&) { } // one instance, one attempt: see the platform's reader
    void carryOut(const engine::Meter& action);
    void carryOut(const engine::Ack& action);
    void carryOut(const engine::Release& action);
    void carryOut(const engine::DeadLetter& action);
    void carryOut(const engine::Deliver& action);
    // Of queues; driver_batches.cpp
    void carryOut(const engine::Receive& action);
    void carryOut(const engine::BatchEnded& action);
    void carryOut(const engine::Enqueue& action) { m_keeper->enqueued(action); }
    void carryOut(const engine::Return& action) { m_keeper->returned(action); }
    void carryOut(const engine::Drop& action) { m_keeper->dropped(action); }
    void carryOut(const engine::Move& action) { m_keeper->moved(action); }
    void carryOut(const engine::Refuse& action) { m_keeper->refused(action); }
    void fillBatch(Event& event);
    engine::WorkStatus tellFailedItems(InvocationId id, const HostResult& result);
    std::uint16_t holdForDebugger(Place& place, const engine::Dispatch& action);
    AttemptReport report(const engine::Meter& meter, const Event& event, Place& place);
    ErrorDocument errorOf(const engine::Meter& meter, const Event& event, Place& place);

    // HostOwner, in driver_hosts.cpp
    void deskWaits(Host& host, bool waits) override;
    void initStarted(Host& host) override;
    void ready(Host& host, Duration runQueueWait) override;
    void initFailed(Host& host, engine::InitFailure why, const Death& death,
                    ErrorDocument reported) override;
    void workStarted(Host& host) override;
    void debugging(Host& host, DebugPhase phase, DebugNews news) override; ///< driver_debug.cpp
    void finished(Host& host, HostResult result) override;
    void died(Host& host, const Death& death, bool outOfMemory, HostResult soFar) override;
    void gone(Host& host) override;
    void watchMemory();
    void closeIfDone();

    struct Timers;
    boost::asio::io_context& m_io;
    Clock m_clock;
    Desk m_desk;
    Turns m_turns; ///< outlives the hosts
    Observer& m_observer;
    MessageKeeper* m_keeper = nullptr;
    engine::Engine m_engine;
    engine::Actions m_actions;
    bool m_draining = false, m_closing = false;
    std::vector<std::shared_ptr<const HostSettings>> m_hostSettings;
    // Deques: carrying out one action may add to them while another is being looked at.
    std::deque<Place> m_places; ///< by instance slot
    std::list<std::unique_ptr<Host>> m_ending; ///< stopped for the engine, not gone yet
    std::deque<Holding> m_events; ///< by invocation slot
    std::set<FunctionId> m_debugNext;
    std::deque<Arriving> m_arriving; ///< sent while actions were carried out; empty otherwise
    std::uint64_t m_pending = 0;
    std::uint64_t m_memoryKb = 0;
    std::string m_tokenPrefix;
    std::function<void()> m_closed;
    std::shared_ptr<Timers> m_timers; ///< lives as long as this: what is posted looks first
};

} // namespace coldframe::live
