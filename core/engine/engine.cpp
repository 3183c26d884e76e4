#include "engine/engine.h"

#include <cassert>
#include <utility>

#include "engine/state.h"
#include "engine/visit.h"

namespace coldframe::engine {

namespace {
template <typename... Fs> struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <typename... Fs> Overloaded(Fs...) -> Overloaded<Fs...>;
} // namespace

Engine::Engine() : m_state(std::make_unique<State>()) { }
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

std::uint32_t Engine::define(Configuration configuration)
{
    auto& all = m_state->configurations;
    all.push_back(std::move(configuration));
    // The vector may have moved its elements.
    if (m_state->rules)
        m_state->rules = &all[m_state->revision];
    return static_cast<std::uint32_t>(all.size() - 1);
}

bool Engine::hasRevision(std::uint32_t revision) const
{
    return revision < m_state->configurations.size();
}

const Configuration& Engine::revision(std::uint32_t revision) const
{
    return m_state->configurations.at(revision);
}

const Configuration& Engine::configuration() const
{
    assert(m_state->rules && "step Configured first");
    return *m_state->rules;
}

InvocationId Engine::nextInvocation() const
{
    return {m_state->invocations.nextSlot(), m_state->invocations.nextSerial()};
}

void Engine::step(TimePoint now, const Input& input, Actions& out)
{
    m_state->passTo(now, out);
    m_state->apply(input, out);
}

void Engine::step(TimePoint now, const Arrived& input, Actions& out)
{
    m_state->passTo(now, out);
    m_state->arrive(input, out);
    m_state->runQueues(out);
}

void Engine::step(TimePoint now, const WorkStarted& input, Actions& out)
{
    m_state->passTo(now, out);
    m_state->workStarted(input);
}

void Engine::step(TimePoint now, const WorkFinished& input, Actions& out)
{
    m_state->passTo(now, out);
    m_state->workFinished(input, out);
    m_state->runQueues(out);
}

void Engine::advance(TimePoint now, Actions& out)
{
    assert(now >= m_state->now && "time never runs backwards");
    m_state->runDeadlines(now, true, out);
    m_state->now = now;
}

TimePoint Engine::now() const
{
    return m_state->now;
}

std::optional<TimePoint> Engine::nextDeadline() const
{
    return m_state->next();
}

bool Engine::quietUntil(TimePoint last) const
{
    return m_state->quietUntil(last);
}

PoolCounts Engine::counts(FunctionId function) const
{
    const Pool& pool = m_state->pools[function];
    const FunctionRules& own = m_state->rulesOf(function);
    return {.initialising = pool.initialising,
            .idle = pool.idle(),
            .busy = pool.busy,
            .inUse = pool.inUse,
            .waiting = pool.waiting,
            .delayed = pool.delayed,
            .limit = own.removed ? 0 : m_state->limitOf(function),
            .shares = !own.removed && !own.reserved};
}

QueueCounts Engine::queue(QueueId id) const
{
    const MessageQueue& queue = m_state->queues[id].queue;
    return {.visible = queue.visible(),
            .delayed = queue.delayed(),
            .inFlight = queue.inFlight(),
            .oldestSentAt = queue.oldestSentAt(),
            .fifo = queue.isFifo(m_state->queueRules[id])};
}

std::optional<MessageCounts> Engine::message(MessageId id) const
{
    const Message* message = m_state->messages.find(id.slot, id.serial);
    if (!message)
        return std::nullopt;
    return MessageCounts{.queue = message->queue,
                         .receives = message->receives,
                         .receipt = message->receipt,
                         .inFlight = message->state == Message::State::InFlight,
                         .sentAt = message->sentAt,
                         .firstReceivedAt = message->firstReceivedAt,
                         .visibleAt = message->state == Message::State::Visible ? message->sentAt
                                                                                : message->due};
}

MappingCounts Engine::mapping(MappingId id) const
{
    const Poller& poller = m_state->mappings[id].poller;
    return {.running = poller.running(),
            .allowed = poller.allowed(m_state->mappingRules[id]),
            .gathered = poller.gathered()};
}

void Engine::State::passTo(TimePoint to, Actions& out)
{
    assert(to >= now && "time never runs backwards");
    runDeadlines(to, false, out);
    now = to;
}

void Engine::State::apply(const Input& input, Actions& out)
{
    visitEach(Overloaded{
                  [&](const Configured& in) { configure(in, out); },
                  [&](const CodeChanged& in) { codeChanged(in, out); },
                  [&](const Arrived& in) { arrive(in, out); },
                  [&](const Persisted& in) { persisted(in, out); },
                  [&](const Cancelled& in) { cancel(in, out); },
                  [&](const InitStarted& in) { initStarted(in); },
                  [&](const Ready& in) { ready(in, out); },
                  [&](const InitFailed& in) { initFailed(in.instance, in.why, out); },
                  [&](const InstanceDied& in) { died(in, out); },
                  [&](const UsageSampled&) {},
                  [&](const WorkStarted& in) { workStarted(in); },
                  [&](const FirstByte&) {},
                  [&](const WorkFinished& in) { workFinished(in, out); },
                  [&](const DebugPaused& in) { pause(in.instance); },
                  [&](const DebugResumed& in) { resume(in.instance); },
                  [&](const DeskWaitBegan& in) { deskWaitBegan(in.instance); },
                  [&](const DeskWaitEnded&) {},
                  [&](const Tick&) {},
                  [&](const Primed& in) { prime(in, out); },
                  [&](const MessageSent& in) { send(in, out); },
                  [&](const MessageRestored& in) { restore(in, out); },
                  [&](const MessagesWanted& in) { give(in, out); },
                  [&](const VisibilityChanged& in) { changeVisibility(in, out); },
                  [&](const MessageDeleted& in) { erase(in, out); },
                  [&](const Redriven& in) { redrive(in, out); },
                  [&](const Purged& in) { purge(in, out); },
                  [&](const BatchItemFailed& in) { itemFailed(in); },
                  [&](const MessageJudged& in) { judged(in); },
              },
              input);
    runQueues(out);
}

namespace {
/// The earlier of two, either of which may be missing.
const Deadlines::Due* earlier(const Deadlines::Due* a, const Deadlines::Due* b)
{
    if (!a || !b)
        return a ? a : b;
    return *b < *a ? b : a;
}
} // namespace

std::optional<TimePoint> Engine::State::next()
{
    const Deadlines::Due* due = earlier(earlier(instanceDeadlines.next(), poolDeadlines.next()),
                                        invocationDeadlines.next());
    return due ? std::optional(due->at) : std::nullopt;
}

/// Each deadline runs at its own time, so it does not matter how late the driver comes.
void Engine::State::runDeadlines(TimePoint until, bool inclusive, Actions& out)
{
    // What most steps find, without a look at what was armed anew meanwhile.
    const TimePoint last = inclusive ? until : until - Duration(1);
    while (!quietUntil(last)) {
        const Deadlines::Due* instance = instanceDeadlines.next();
        const Deadlines::Due* pool = poolDeadlines.next();
        const Deadlines::Due* invocation = invocationDeadlines.next();
        const Deadlines::Due* due = earlier(earlier(instance, pool), invocation);
        if (!due || due->at > until || (due->at == until && !inclusive))
            return;
        now = due->at;
        if (due == instance)
            instanceDue(instanceDeadlines.take(), out);
        else if (due == invocation)
            invocationDue(invocationDeadlines.take(), out);
        else
            poolDue(poolDeadlines.take(), out);
        runQueues(out);
    }
}

} // namespace coldframe::engine
