#include "sim/engine_run_state.h"

// What the virtual world does when the engine asks: draws how long it takes.
namespace coldframe::sim {

std::uint32_t EngineRun::newCall(FunctionId function, std::int64_t at, std::int64_t service)
{
    std::uint32_t slot = static_cast<std::uint32_t>(m_calls.size());
    if (m_freeCalls.empty()) {
        m_calls.emplace_back();
    } else {
        slot = m_freeCalls.back();
        m_freeCalls.pop_back();
    }
    m_calls[slot] = {.function = function,
                     .index = m_sources[function].indices++,
                     .arrivedAt = at,
                     .service = service};
    return slot;
}

void EngineRun::send(std::uint32_t slot)
{
    const InvocationId id = m_engine.nextInvocation();
    if (id.slot >= m_callOf.size())
        m_callOf.resize(id.slot + 1);
    m_callOf[id.slot] = slot;
    const Call& call = m_calls[slot];
    step(engine::Arrived{.function = call.function,
                         .delivery = m_sources[call.function].function->delivery});
}

Call& EngineRun::callOf(InvocationId invocation)
{
    return m_calls[m_callOf[invocation.slot]];
}

void EngineRun::endCall(InvocationId invocation)
{
    const std::uint32_t slot = m_callOf[invocation.slot];
    const Call ended = m_calls[slot];
    m_freeCalls.push_back(slot);
    if (ended.client != 0)
        thinkAndCall(ended);
}

/// The client of a closed loop has its answer, or its last refusal.
void EngineRun::thinkAndCall(const Call& ended)
{
    Source& source = m_sources[ended.function];
    const std::uint32_t client = ended.client - 1;
    const std::uint64_t n = source.thoughts[client]++;
    const std::int64_t at = m_now + source.think.at(n * source.thoughts.size() + client);
    if (at >= m_model.window.to)
        return;
    const std::uint64_t index = source.indices;
    const std::uint32_t slot = newCall(ended.function, at, source.services.at(index));
    m_calls[slot].client = ended.client;
    push(at, {.what = Happening::What::Call, .function = ended.function, .index = slot});
}

void EngineRun::carryOut(const engine::Persist& action)
{
    step(engine::Persisted{action.invocation});
}

void EngineRun::carryOut(const engine::Reject& action)
{
    const std::uint32_t slot = m_callOf[action.invocation.slot];
    Call& call = m_calls[slot];
    Source& source = m_sources[call.function];
    const ClientRetry& retry = source.function->clientRetry;
    if (++call.tries < retry.tries) {
        double pause = retry.firstPauseS;
        for (std::uint32_t i = 1; i < call.tries && pause < retry.longestPauseS; ++i)
            pause *= 2;
        pause = std::min(pause, retry.longestPauseS);
        if (retry.jitter)
            pause *= unitOf(source.backoff.bits(drawOf(call.index, call.tries)));
        source.book.clientRetry(call.arrivedAt);
        push(m_now + static_cast<std::int64_t>(pause * 1e9),
             {.what = Happening::What::Call, .function = call.function, .index = slot});
        return;
    }
    if (action.reason.why == engine::Why::QueueDeadline)
        source.book.expired(call.arrivedAt);
    else
        source.book.rejected(call.arrivedAt);
    if (call.shard != kNoShard)
        shardHears(call, std::nullopt);
    endCall(action.invocation);
}

/// The invocation has an instance from now on.
void EngineRun::take(Call& call, bool cold)
{
    FigureBook& book = m_sources[call.function].book;
    call.bound = true;
    book.inUse.change(m_now, 1);
    if (!call.started)
        book.started(call.arrivedAt, m_now, cold);
    else if (cold)
        book.coldRetry(call.arrivedAt);
    call.started = true;
}

/// How long the engine lets an init take: Engine::State::initStarted().
std::int64_t EngineRun::initLimit(const Source& source, bool provisioned, bool again) const
{
    const engine::Configuration& rules = m_engine.configuration();
    const auto function = static_cast<std::size_t>(&source - m_sources.data());
    const Duration timeout = rules.functions[function].timeout;
    if (again)
        return timeout.count();
    return provisioned ? std::max<Duration>(std::chrono::seconds(130), timeout).count()
                       : rules.platform.initLimit.count();
}

void EngineRun::carryOut(const engine::Start& action)
{
    Source& source = m_sources[action.function];
    touch(action.function);
    if (!action.reinit) {
        source.book.alive.change(m_now, 1);
        source.book.instanceStarted(m_now);
    }
    constexpr std::uint32_t kIdle = 0xffff, kAgain = 0x8000; // far from tries
    const bool forCall = action.forInvocation.serial != 0;
    const bool provisioned = !forCall && action.reason.why == engine::Why::Provisioned;
    std::uint64_t luck = 0;
    if (forCall) {
        Call& call = callOf(action.forInvocation);
        luck = drawOf(call.index, call.tries + (action.reinit ? kAgain : 0));
        if (!action.reinit)
            take(call, true);
    } else {
        luck = drawOf(source.idleStarts++, kIdle);
    }
    std::int64_t sandbox = 0, init = 0;
    if (source.function->coldStart && !source.replaced) {
        sandbox = action.reinit ? 0 : source.function->coldStart->sandboxNs;
        init = source.cold.at(luck);
    }
    // What takes longer the engine ends by itself, and it never becomes ready.
    const std::int64_t limit = initLimit(source, provisioned, action.reinit);
    const std::int64_t ready = m_now + sandbox + std::min(init, limit);
    source.book.init(m_now, ready);
    if (sandbox == 0)
        step(engine::InitStarted{action.instance});
    else
        push(m_now + sandbox, {.what = Happening::What::InitStarted, .instance = action.instance});
    if (init > limit)
        return;
    if (ready == m_now)
        step(engine::Ready{action.instance});
    else
        push(ready,
             {.what = Happening::What::Ready,
              .function = action.function,
              .instance = action.instance});
}

/// It waits for an instance that was started for another.
void EngineRun::carryOut(const engine::Join& action)
{
    take(callOf(action.invocation), false);
}

bool EngineRun::fails(const Source& source, const Call& call) const
{
    const double share = source.function->failureShare;
    return share > 0 && unitOf(source.failures.bits(drawOf(call.index, call.attempt - 1))) < share;
}

std::int64_t EngineRun::serviceOf(const Source& source, const Call& call,
                                  const engine::Dispatch& action) const
{
    const std::uint64_t luck = drawOf(call.index, action.attempt - 1);
    if (action.cold && source.replaced)
        return source.cold.at(luck);
    return action.attempt == 1 ? call.service : source.services.at(luck);
}

void EngineRun::carryOut(const engine::Dispatch& action)
{
    Source& source = m_sources[action.function];
    Call& call = callOf(action.invocation);
    if (!call.bound)
        take(call, action.cold); // cold: it waited in line for the instance that got ready
    touch(action.function);
    step(engine::WorkStarted{action.instance, action.invocation});
    call.attempt = action.attempt;
    const std::int64_t own = serviceOf(source, call, action) + call.ofMessages;
    if (!source.function->visits.empty()) {
        setOut(action, call, own);
        return;
    }
    call.wall = own;
    const std::int64_t timeout = source.function->rules.timeout.count();
    if (timeout > 0 && call.wall > timeout)
        return; // the engine will end it
    push(m_now + call.wall,
         {.what = Happening::What::Finished,
          .function = action.function,
          .instance = action.instance,
          .index = action.invocation.slot,
          .serial = action.invocation.serial});
}

void EngineRun::carryOut(const engine::Stop& action)
{
    Source& source = m_sources[action.function];
    source.book.alive.change(m_now, -1);
    touch(action.function);
}

void EngineRun::carryOut(const engine::Meter& action)
{
    Call& call = callOf(action.invocation);
    Source& source = m_sources[call.function];
    const engine::Delivery delivery = source.function->delivery;
    const bool good = action.outcome == engine::Outcome::Succeeded;
    endJourney(call);
    call.bound = false;
    source.book.inUse.change(m_now, -1);
    touch(action.function);
    source.book.attempt({.arrivedAt = call.arrivedAt,
                         .end = m_now,
                         .service = action.platform.count(),
                         .billed = action.billed.count(),
                         .failed = action.outcome == engine::Outcome::FunctionError,
                         .timedOut = action.outcome == engine::Outcome::TimedOut,
                         .answers = delivery != engine::Delivery::Async || good,
                         .provisioned = action.provisioned});
    if (call.shard != kNoShard)
        shardHears(call, action.outcome);
    if (delivery == engine::Delivery::Sync)
        endCall(action.invocation);
}

void EngineRun::carryOut(const engine::DeadLetter& action)
{
    const Call& call = callOf(action.invocation);
    FigureBook& book = m_sources[call.function].book;
    if (call.started)
        book.deadLettered(call.arrivedAt);
    else
        book.expired(call.arrivedAt);
    endCall(action.invocation);
}

void EngineRun::carryOut(const engine::Ack& action)
{
    endCall(action.invocation);
}

} // namespace coldframe::sim
