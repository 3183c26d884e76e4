#include "live/driver.h"

#include <algorithm>
#include <csignal>
#include <random>

#include <fmt/format.h>

#include "live/driver_timers.h"

namespace coldframe::live {

Driver::Driver(boost::asio::io_context& io, Clock clock, std::uint32_t deskSlots,
               Observer& observer)
    : m_io(io), m_clock(clock), m_desk(deskSlots), m_turns(io), m_observer(observer),
      m_tokenPrefix(fmt::format("{:08x}", std::random_device{}())),
      m_timers(std::make_shared<Timers>(io))
{ }

Driver::~Driver() = default;

void Driver::configure(engine::Configuration configuration,
                       std::vector<std::shared_ptr<const HostSettings>> hosts)
{
    m_hostSettings = std::move(hosts);
    m_observer.configured(configuration);
    feed(engine::Configured{m_engine.define(std::move(configuration))});
}

void Driver::codeChanged(FunctionId function)
{
    feed(engine::CodeChanged{function});
}

void Driver::send(FunctionId function, engine::Delivery delivery, Event event)
{
    arrive({.function = function,
            .delivery = delivery,
            .bytes = static_cast<std::uint32_t>(event.body->size())},
           std::move(event));
}

void Driver::restore(FunctionId function, Event event, std::uint32_t attemptsDone,
                     TimePoint notBefore)
{
    arrive({.function = function,
            .delivery = engine::Delivery::Async,
            .attemptsDone = static_cast<std::uint8_t>(attemptsDone),
            .restored = true,
            .bytes = static_cast<std::uint32_t>(event.body->size()),
            .acceptedAt = event.acceptedAt,
            .notBefore = notBefore},
           std::move(event));
}

/// For the engine the slot of an event that has just ended is free; here it is not before its last
/// action was carried out. So what one of those sends arrives after them.
void Driver::arrive(engine::Arrived input, Event&& event)
{
    if (m_draining) {
        m_arriving.push_back({input, std::move(event)});
        return;
    }
    take(input, std::move(event));
}

void Driver::take(engine::Arrived input, Event&& event)
{
    // What is due by now comes first: it may end invocations, or make some of a queue's messages,
    // and so change the next id.
    TimePoint when = std::max(now(), m_engine.now());
    while (!m_closing && !m_engine.quietUntil(when - Duration(1))) {
        feed(when, engine::Tick{});
        if (m_draining && !m_actions.empty()) { // their slots are not free before they are done
            m_arriving.push_front({input, std::move(event)});
            return;
        }
        when = std::max(now(), m_engine.now());
    }
    if (m_closing)
        return;
    const InvocationId id = m_engine.nextInvocation();
    if (id.slot >= m_events.size())
        m_events.resize(id.slot + 1);
    if (event.acceptedAt == TimePoint{})
        event.acceptedAt = now();
    event.async = input.delivery == engine::Delivery::Async;
    event.restored = input.restored;
    event.function = input.function;
    event.id = id;
    m_events[id.slot] = {id.serial, std::move(event)};
    ++m_pending;
    feed(when, input);
}

void Driver::persisted(InvocationId id)
{
    feed(engine::Persisted{id});
}

void Driver::cancel(std::uint32_t invocationSerial)
{
    const auto it = std::ranges::find(m_events, invocationSerial, &Holding::serial);
    if (it != m_events.end() && invocationSerial != 0)
        feed(engine::Cancelled{
            {static_cast<std::uint32_t>(it - m_events.begin()), invocationSerial}});
}

/// Steps the engine. What it asks for is carried out in order, by the outermost call: carrying out
/// one action may already bring the next fact.
void Driver::feed(const engine::Input& input)
{
    feed(std::max(m_clock.now(), m_engine.now()), input);
}

void Driver::feed(TimePoint when, const engine::Input& input)
{
    if (m_closing)
        return;
    const std::size_t before = m_actions.size();
    m_engine.step(when, input, m_actions);
    m_observer.stepped(when, input, std::span(m_actions).subspan(before));
    if (!m_draining)
        drain();
}

void Driver::drain()
{
    m_draining = true;
    for (;;) {
        for (std::size_t i = 0; i < m_actions.size(); ++i) {
            const engine::Action action = m_actions[i]; // the vector may grow meanwhile
            std::visit([this](const auto& it) { carryOut(it); }, action);
        }
        m_actions.clear();
        if (m_arriving.empty())
            break;
        Arriving next = std::move(m_arriving.front());
        m_arriving.pop_front();
        take(next.input, std::move(next.event));
    }
    m_draining = false;
    armTimer();
}

/// The timer may fire early for a deadline that has moved; it is set again then, which is cheaper
/// than setting it anew with every attempt.
void Driver::armTimer()
{
    const auto next = m_engine.nextDeadline();
    if (!next || m_closing || *next >= m_clock.end()
        || (m_timers->armedFor && *m_timers->armedFor <= *next))
        return;
    m_timers->armedFor = *next;
    m_timers->deadline.expires_after(std::max(*next - now() + Duration(1), Duration::zero()));
    m_timers->deadline.async_wait(
        [this, alive = std::weak_ptr(m_timers)](const boost::system::error_code& error) {
            if (error || alive.expired())
                return;
            m_timers->armedFor.reset();
            const auto due = m_engine.nextDeadline();
            if (due && *due < now())
                feed(engine::Tick{});
            else
                armTimer();
        });
}

Event* Driver::findEvent(InvocationId id)
{
    const bool there = id.slot < m_events.size() && m_events[id.slot].serial == id.serial;
    return there ? &m_events[id.slot].event : nullptr;
}

void Driver::forget(InvocationId id)
{
    m_events[id.slot] = {};
    --m_pending;
}

void Driver::carryOut(const engine::Persist& action)
{
    m_observer.persist(eventOf(action.invocation));
}

void Driver::carryOut(const engine::Accept& action)
{
    Event& event = eventOf(action.invocation);
    if (const auto done = std::exchange(event.done, {}))
        done({.event = &event, .accepted = true});
}

void Driver::carryOut(const engine::Reject& action)
{
    Event& event = eventOf(action.invocation);
    fillBatch(event);
    m_observer.rejected(action, event);
    if (const auto done = std::exchange(event.done, {}))
        done({.event = &event, .reject = &action});
    forget(action.invocation);
}

void Driver::carryOut(const engine::Wait& action)
{
    if (Event* event = findEvent(action.invocation))
        event->waited = action.reason;
}

void Driver::carryOut(const engine::Start& action)
{
    if (action.instance.slot >= m_places.size())
        m_places.resize(action.instance.slot + 1);
    Place& place = m_places[action.instance.slot];
    if (action.reinit) {
        if (place.host)
            place.host->restart();
        return;
    }
    place = {};
    place.startReason = action.reason;
    place.host
        = makeHost({m_io, m_desk, m_turns, *this}, action.instance, m_hostSettings[action.function],
                   fmt::format("{}-{}", m_tokenPrefix, action.instance.serial));
    place.host->setProvisioned(action.forInvocation.serial == 0);
    m_turns.add(*place.host, [host = place.host.get()] { host->start(); });
    watchMemory();
}

void Driver::carryOut(const engine::Dispatch& action)
{
    Place& place = m_places[action.instance.slot];
    Event& event = eventOf(action.invocation);
    fillBatch(event);
    place.reason = action.reason;
    place.serving = action.invocation;
    place.result = {};
    place.invocation = action.invocation.serial;
    place.host->deliver({.requestId = event.requestId,
                         .body = event.body,
                         .deadlineMs = m_clock.onTheWall(action.deadline).time_since_epoch()
                             / std::chrono::milliseconds(1),
                         .functionArn = place.host->settings().functionArn,
                         .clientContext = event.clientContext,
                         .debugPort = holdForDebugger(place, action)});
}

void Driver::carryOut(const engine::Stop& action)
{
    Place& place = m_places[action.instance.slot];
    if (!place.host)
        return;
    Host& host = *place.host;
    m_ending.push_back(std::move(place.host));
    host.stop();
}

void Driver::carryOut(const engine::Meter& action)
{
    Place& place = m_places[action.instance.slot];
    Event& event = eventOf(action.invocation);
    fillBatch(event);
    place.invocation = 0;
    place.debug.reset();
    event.debugged = action.debugged;
    AttemptReport made = report(action, event, place);
    event.result = made.payload;
    event.resultError = made.errorType;
    m_observer.attempt(action, event, made);
    if (const auto done = std::exchange(event.done, {})) // an asynchronous one was told at Accept
        done({.event = &event, .meter = &action, .report = &made});
    place.serving = {};
    if (!event.async && event.items.empty())
        forget(action.invocation); // synchronous: this was its only attempt
}

void Driver::carryOut(const engine::Ack& action)
{
    if (Event* event = findEvent(action.invocation)) {
        m_observer.ended(*event, !event->result || event->resultError.empty());
        forget(action.invocation);
    }
}

void Driver::carryOut(const engine::Release& action)
{
    Event& event = eventOf(action.invocation);
    event.waited = {};
    event.retried = action.reason;
    m_observer.released(action, event);
}

void Driver::carryOut(const engine::DeadLetter& action)
{
    Event& event = eventOf(action.invocation);
    m_observer.deadLettered(action, event);
    m_observer.ended(event, false);
    forget(action.invocation);
}

void Driver::carryOut(const engine::Deliver& action)
{
    m_observer.delivered(action, eventOf(action.invocation));
}

ErrorDocument Driver::errorOf(const engine::Meter& meter, const Event& event, Place& place)
{
    using engine::Outcome;
    switch (meter.outcome) {
    case Outcome::TimedOut:
        return timedOut(event.requestId,
                        m_engine.configuration().functions[meter.function].timeout);
    case Outcome::OutOfMemory:
        return exited(event.requestId, 0, SIGKILL);
    case Outcome::ResponseTooLarge:
        return responseTooLarge(place.host->settings().limits.responseBytes);
    case Outcome::Cancelled:
        return cancelled(event.requestId);
    case Outcome::InitError:
        if (!place.initError.type.empty())
            return std::move(place.initError);
        [[fallthrough]];
    case Outcome::Crashed:
        if (!place.death.notStarted.empty())
            return platformError(event.requestId, "Runtime.InvalidEntrypoint",
                                 place.death.notStarted);
        return exited(event.requestId, place.death.code, place.death.signal);
    case Outcome::Succeeded:
    case Outcome::FunctionError:
    case Outcome::InvalidResponse:
        break;
    }
    if (place.result.payload.empty() && !place.result.errorType.empty())
        return platformError(event.requestId, place.result.errorType,
                             "The response ended before it was complete: the function's client "
                             "closed the connection half-way. Send all of it before closing");
    return {std::move(place.result.errorType), std::move(place.result.payload)};
}

AttemptReport Driver::report(const engine::Meter& meter, const Event& event, Place& place)
{
    AttemptReport made;
    made.startReason = place.startReason;
    made.reason = place.reason;
    const engine::Configuration& rules = m_engine.configuration();
    if (event.async && !rules.platform.retryDelays.empty())
        made.attemptsAllowed = rules.functions[meter.function].retries + 1;
    made.startedAt = place.workStartedAt;
    made.endedAt = m_engine.now();
    made.cpu = place.result.cpu;
    made.runQueueWait = place.result.runQueueWait;
    if (place.host) {
        place.host->drainOutput();
        made.logBytesDropped = place.host->log().dropped();
        made.log = place.host->log().take();
        made.spawn = meter.cold || place.host->settings().command ? place.host->spawnTime()
                                                                  : Duration::zero();
        made.deskWait = meter.deskWaited ? place.host->deskWait() : Duration::zero();
    }
    if (meter.outcome == engine::Outcome::Succeeded) {
        made.payload = std::make_shared<const std::string>(std::move(place.result.payload));
        return made;
    }
    ErrorDocument error = errorOf(meter, event, place);
    made.errorType = std::move(error.type);
    made.payload = std::make_shared<const std::string>(std::move(error.json));
    return made;
}

const Event* Driver::servedBy(std::uint32_t instanceSerial)
{
    for (Place& place : m_places)
        if (place.host && place.host->id().serial == instanceSerial)
            return findEvent(place.serving);
    return nullptr;
}

DeskUse Driver::desk() const
{
    DeskUse use{.slots = m_desk.slots(), .waiting = m_desk.waiting(), .memoryKb = m_memoryKb};
    for (const Place& place : m_places)
        if (place.host)
            ++(place.host->hasProcess() ? use.processes : use.parked);
    return use;
}

void Driver::close(std::function<void()> done)
{
    m_closing = true;
    m_closed = std::move(done);
    m_timers->deadline.cancel();
    m_timers->memory.cancel();
    for (Place& place : m_places)
        if (place.host) {
            m_ending.push_back(std::move(place.host));
            m_ending.back()->stop();
        }
    closeIfDone();
}

} // namespace coldframe::live
