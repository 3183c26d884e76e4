#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/autoscaler.h"
#include "engine/deadlines.h"
#include "engine/engine.h"
#include "engine/entities.h"
#include "engine/slots.h"

namespace coldframe::engine {

/// In the order of a deadline: it runs after all others of its instant.
inline constexpr std::uint64_t kAfterAll = std::uint64_t{1} << 63;

/// The engine's insides. Its methods are spread over the files named beside them.
class Engine::State {
public:
    std::vector<Configuration> configurations;
    std::uint32_t revision = 0;
    const Configuration* rules = nullptr;

    TimePoint now{};
    std::uint64_t order = 0; ///< of arming deadlines, from 1
    Slots<Instance> instances;
    Slots<Invocation> invocations;
    std::vector<Pool> pools;
    std::uint32_t accountInUse = 0; ///< attempts outside reservations and provisioned instances
    std::uint32_t accountCapacity = 0; ///< what reservations and provisioned instances leave
    Deadlines instanceDeadlines, invocationDeadlines, accountWaiters;
    Deadlines poolDeadlines; ///< by poolId(), tickId(), queueDeadlineId(), mappingDeadlineId()
    bool timed = false; ///< a timer decides how many instances there are
    std::vector<Autoscaler> scalers; ///< by FunctionId, when timed

    Messages messages;
    std::vector<QueueState> queues;
    std::vector<Mapping> mappings;
    Slots<Batch> batches;
    Slots<BatchItem> batchItems;
    // These follow from the configuration.
    std::vector<QueueRules> queueRules;
    std::vector<MappingRules> mappingRules;
    std::vector<std::vector<MappingId>> readersOf; ///< by QueueId
    // These are empty between steps.
    std::vector<QueueId> touchedQueues; ///< to be read, and their deadlines to be set
    std::vector<Receipt> received;
    std::vector<MessageQueue::Left> deadMessages;
    std::vector<MessageId> goneMessages;

    static constexpr std::uint32_t poolId(FunctionId function) { return 4 * function; }
    static constexpr std::uint32_t tickId(FunctionId function) { return 4 * function + 1; }
    static constexpr std::uint32_t queueDeadlineId(QueueId queue) { return 4 * queue + 2; }
    static constexpr std::uint32_t mappingDeadlineId(MappingId id) { return 4 * id + 3; }

    // engine.cpp
    bool quietUntil(TimePoint last) const
    {
        return instanceDeadlines.quietUntil(last) && invocationDeadlines.quietUntil(last)
            && poolDeadlines.quietUntil(last);
    }
    void passTo(TimePoint to, Actions& out);
    void apply(const Input& input, Actions& out);
    void runDeadlines(TimePoint until, bool inclusive, Actions& out);
    std::optional<TimePoint> next();

    // admission.cpp
    void arrive(const Arrived& in, Actions& out);
    void persisted(const Persisted& in, Actions& out);
    void arriveSync(std::uint32_t slot, Actions& out);
    void reject(std::uint32_t slot, Reason reason, Actions& out);
    void cancel(const Cancelled& in, Actions& out);
    std::optional<Reason> blocked(FunctionId function) const;
    std::optional<Reason> serve(std::uint32_t slot, Actions& out);
    void leaveQueue(std::uint32_t slot, Reason& reason);
    std::uint32_t limitOf(FunctionId function) const;
    bool takeToken(FunctionId function, Reason& why);
    bool roomForInstance(FunctionId function) const;
    Duration patience(FunctionId function) const;

    // queue.cpp
    void enqueue(std::uint32_t slot);
    void unlink(std::uint32_t slot);
    void pump(FunctionId function, Actions& out);
    void pumpAccount(Actions& out);
    void poolDue(std::uint32_t id, Actions& out);
    void capacityFreed(FunctionId function, Actions& out);
    void instanceGone(FunctionId function, bool initFailed, Actions& out);
    void invocationDue(std::uint32_t slot, Actions& out);
    void retryOrGiveUp(std::uint32_t slot, Actions& out);
    void giveUpTooOld(std::uint32_t slot, Actions& out);
    bool pastHope(std::uint32_t slot, Actions& out);
    void giveUp(std::uint32_t slot, Reason reason, Actions& out);
    void forget(std::uint32_t slot);

    // instances.cpp
    void start(FunctionId function, std::uint32_t invocationSlot, Reason reason, Actions& out);
    void startIdle(FunctionId function, bool provisioned, Reason reason, Actions& out);
    std::uint32_t create(FunctionId function, bool provisioned);
    void startProvisioned(FunctionId function, Actions& out);
    void prime(const Primed& in, Actions& out);
    std::optional<TimePoint> idleEnd(const Instance& instance) const;
    void initStarted(const InitStarted& in);
    void ready(const Ready& in, Actions& out);
    void initFailed(InstanceId id, InitFailure why, Actions& out);
    void died(const InstanceDied& in, Actions& out);
    void guardInit(std::uint32_t slot);
    void initDue(std::uint32_t slot, Actions& out);
    void makeIdle(std::uint32_t slot);
    bool keepsIdle(const Instance& instance) const;
    void retire(std::uint32_t slot, Reason reason, Actions& out);
    void instanceDue(std::uint32_t slot, Actions& out);
    std::uint32_t takeIdle(FunctionId function, Reason& reason);
    void retireStale(FunctionId function, Why why, Actions& out);

    // attempts.cpp
    void dispatch(std::uint32_t instanceSlot, std::uint32_t invocationSlot, Reason reason,
                  Actions& out);
    void workStarted(const WorkStarted& in);
    void workFinished(const WorkFinished& in, Actions& out);
    struct Ending {
        Outcome outcome = Outcome::Succeeded;
        Duration desk{}, platform{};
        std::uint32_t peakMemoryKb = 0;
        WorkStatus status = WorkStatus::Succeeded; ///< as it was told, if it was
    };
    void conclude(std::uint32_t invocationSlot, const Ending& ending, Actions& out);
    void settle(std::uint32_t invocationSlot, const Ending& ending, Actions& out);
    void attemptDue(std::uint32_t invocationSlot, Actions& out);
    void stopAttempt(std::uint32_t instanceSlot, Reason reason, Actions& out);
    void takeUse(const Instance& instance);
    void releaseUse(const Instance& instance);
    void afterAttempt(std::uint32_t instanceSlot, Actions& out);
    void pause(InstanceId id);
    void resume(InstanceId id);
    void deskWaitBegan(InstanceId id);

    // sharing.cpp
    void bind(std::uint32_t instanceSlot, std::uint32_t invocationSlot);
    void unbind(std::uint32_t invocationSlot);
    void join(std::uint32_t invocationSlot, Actions& out);
    void startClockInInit(std::uint32_t invocationSlot);
    void armAttempt(std::uint32_t invocationSlot, TimePoint at);
    void disarmAttempt(std::uint32_t invocationSlot);
    std::uint32_t workOf(InstanceId instance, InvocationId invocation);
    std::uint32_t sharingInstance(const Pool& pool) const;
    void list(std::uint32_t instanceSlot);
    void unlist(std::uint32_t instanceSlot);
    void retireLater(std::uint32_t instanceSlot, Why why);
    template <typename F> void forEachWork(const Instance& instance, F&& f)
    {
        for (std::uint32_t slot = instance.firstWork, next = kNoSlot; slot != kNoSlot;
             slot = next) {
            next = invocations[slot].next;
            f(slot);
        }
    }

    // autoscaling.cpp
    void configureScaling(Actions& out);
    void settleLoad(FunctionId function);
    Reason askScaler(FunctionId function, Actions& out);
    void startForWaiting(FunctionId function, Actions& out);
    void wakeScaler(FunctionId function);
    void decideScale(FunctionId function, const Autoscaler::Counts& counts, Actions& out);
    void tick(FunctionId function, Actions& out);
    void startAhead(FunctionId function, std::uint32_t wanted, Reason reason, Actions& out);
    void shrink(FunctionId function, std::uint32_t wanted, Actions& out);
    Autoscaler::Counts countsFor(FunctionId function) const;
    bool keptAtLeast(FunctionId function) const;

    // configure.cpp
    void putInForce();
    void configure(const Configured& in, Actions& out);
    void recountAccount();
    void codeChanged(const CodeChanged& in, Actions& out);

    // messages.cpp
    void queuesInForce();
    bool hasQueue(QueueId queue) const
    {
        return queue < queueRules.size() && !queueRules[queue].removed;
    }
    void touch(QueueId queue);
    void send(const MessageSent& in, Actions& out);
    void restore(const MessageRestored& in, Actions& out);
    void enqueued(const MessageQueue::Sent& sent, QueueId queue, std::uint32_t tag, Actions& out);
    void give(const MessagesWanted& in, Actions& out);
    void changeVisibility(const VisibilityChanged& in, Actions& out);
    void erase(const MessageDeleted& in, Actions& out);
    void judged(const MessageJudged& in);
    void dropUnwanted(MappingId id, Actions& out);
    void eraseByHand(MessageId id, QueueId queue, Actions& out);
    void redrive(const Redriven& in, Actions& out);
    void purge(const Purged& in, Actions& out);
    void queueDue(QueueId queue, Actions& out);
    void buryDead(QueueId queue, Actions& out);
    void refuse(const Receipt& receipt, QueueId queue, ReceiptAnswer answer, Duration timeout,
                Actions& out);

    // batches.cpp
    void runQueues(Actions& out)
    {
        if (!touchedQueues.empty()) [[unlikely]]
            runTouchedQueues(out);
    }
    void runTouchedQueues(Actions& out);
    void readQueue(QueueId queue, Actions& out);
    void mappingDue(MappingId id);
    bool poll(MappingId id, Actions& out);
    void launch(MappingId id, Actions& out);
    void batchDue(std::uint32_t invocationSlot, Actions& out);
    bool emptied(std::uint32_t invocationSlot) const;
    void endEmptied(std::uint32_t invocationSlot, Actions& out);
    void letGoEmptied(std::uint32_t instanceSlot, Actions& out);
    void itemFailed(const BatchItemFailed& in);
    enum class ItemsFailed : std::uint8_t { None, Named, All };
    void endBatch(std::uint32_t invocationSlot, ItemsFailed failed, Poller::End end, Reason reason,
                  Actions& out);
    void settleBatch(std::uint32_t invocationSlot, const Ending& ending, Actions& out);
    void giveBack(const Receipt& receipt, QueueId queue, Reason reason, Actions& out);
    void finish(const Receipt& receipt, QueueId queue, Actions& out);

    // checkpoint.cpp
    template <typename Archive> void archive(Archive& with);

    const FunctionRules& rulesOf(FunctionId function) const { return rules->functions[function]; }
    /// The entity of the function's draws.
    std::uint64_t luckOf(FunctionId function) const
    {
        const std::uint64_t own = rulesOf(function).luck;
        return own != 0 ? own : function;
    }
    Instance* find(InstanceId id) { return instances.find(id.slot, id.serial); }
    Invocation* find(InvocationId id) { return invocations.find(id.slot, id.serial); }
    InstanceId idOf(std::uint32_t slot) const { return {slot, instances[slot].serial}; }
    InvocationId workIdOf(std::uint32_t slot) const { return {slot, invocations[slot].serial}; }
    /// The first of its attempts; serial 0: it has none.
    InvocationId firstWorkOf(const Instance& instance) const
    {
        return instance.firstWork == kNoSlot ? InvocationId{} : workIdOf(instance.firstWork);
    }
    Duration scaled(Duration wait) const;
};

/// Whole milliseconds, as reasons of actions carry them.
inline std::uint32_t milliseconds(Duration d)
{
    return static_cast<std::uint32_t>(d / std::chrono::milliseconds(1));
}

} // namespace coldframe::engine
