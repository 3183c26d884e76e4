#include "sim/engine_run_state.h"

// Attempts that visit backends: their own time in equal parts before, between and after the visits.
namespace coldframe::sim {

namespace {

/// The n-th of so many equal parts, so that all together are the whole, to the last nanosecond.
std::int64_t partAt(std::int64_t whole, std::int64_t n, std::int64_t parts)
{
    const auto upTo
        = [&](std::int64_t count) { return whole / parts * count + whole % parts * count / parts; };
    return upTo(n + 1) - upTo(n);
}

} // namespace

void EngineRun::setOut(const engine::Dispatch& action, Call& call, std::int64_t own)
{
    if (m_freeJourneys.empty()) {
        m_freeJourneys.push_back(static_cast<std::uint32_t>(m_journeys.size()));
        m_journeys.emplace_back();
    }
    call.journey = m_freeJourneys.back();
    m_freeJourneys.pop_back();
    if (++m_journeySerial == 0)
        ++m_journeySerial; // 0 is nobody's
    std::uint32_t all = 0;
    for (const Visits& each : m_sources[action.function].function->visits)
        all += each.count;
    m_journeys[call.journey] = {.serial = m_journeySerial,
                                .call = m_callOf[action.invocation.slot],
                                .instance = action.instance,
                                .invocation = action.invocation,
                                .beganAt = m_now,
                                .own = own,
                                .all = all,
                                .visit = {}};
    goOn(call.journey);
}

/// Its own work until the next visit, or until its end.
void EngineRun::goOn(std::uint32_t slot)
{
    const Journey& journey = m_journeys[slot];
    const bool last = journey.done == journey.all;
    const std::int64_t part = partAt(journey.own, journey.done, std::int64_t{journey.all} + 1);
    push(m_now + part,
         {.what = last ? Happening::What::Worked : Happening::What::Visit,
          .index = slot,
          .serial = journey.serial});
}

/// The one it was meant for, if that attempt still runs.
Journey* EngineRun::journeyOf(const Happening& next)
{
    Journey& journey = m_journeys[next.index];
    return journey.serial == next.serial ? &journey : nullptr;
}

void EngineRun::visit(const Happening& next)
{
    Journey* journey = journeyOf(next);
    if (!journey)
        return;
    const Call& call = m_calls[journey->call];
    const FunctionModel& function = *m_sources[call.function].function;
    const Visits& visits = function.visits[journey->list];
    const Draws services(visits.service,
                         Stream(m_seed, Draw::Backend, partOf(function.entity(), journey->done)));
    journey->visit = m_backends[visits.backend].backend.enter(
        m_now, services.at(drawOf(call.index, call.attempt - 1)), next.index);
    if (journey->visit)
        lookAt(visits.backend);
    else
        finish(*journey, engine::WorkStatus::FunctionError);
}

void EngineRun::answer(std::uint32_t index)
{
    Station& station = m_backends[index];
    if (m_now != station.lookedFor)
        return; // something came between, and another one was put into the calendar
    station.lookedFor = Backend::kNever;
    if (station.backend.next() <= m_now) {
        m_answered.clear();
        station.backend.end(m_now, m_answered);
        for (const std::uint32_t slot : m_answered) {
            Journey& journey = m_journeys[slot];
            journey.visit.reset();
            ++journey.done;
            const FunctionModel& function = *m_sources[m_calls[journey.call].function].function;
            if (++journey.inList == function.visits[journey.list].count)
                ++journey.list, journey.inList = 0;
            goOn(slot);
        }
    }
    lookAt(index);
}

/// Sees to it that the calendar comes back when the backend's next visit ends. An earlier look does
/// no harm: nothing is due then.
void EngineRun::lookAt(std::uint32_t index)
{
    Station& station = m_backends[index];
    const std::int64_t next = station.backend.next();
    if (next >= station.lookedFor || next > m_model.window.to)
        return;
    station.lookedFor = next;
    push(next, {.what = Happening::What::Answers, .index = index});
}

void EngineRun::worked(const Happening& next)
{
    Journey* journey = journeyOf(next);
    if (!journey)
        return;
    finish(*journey, statusOf(m_calls[journey->call], journey->invocation));
}

void EngineRun::finish(Journey& journey, engine::WorkStatus status)
{
    step(engine::WorkFinished{.instance = journey.instance,
                              .status = status,
                              .wall = Duration(m_now - journey.beganAt),
                              .invocation = journey.invocation});
}

/// However the attempt ended: what it still has at a backend is nobody's any more.
void EngineRun::endJourney(Call& call)
{
    if (call.journey == kNoJourney)
        return;
    Journey& journey = m_journeys[call.journey];
    if (journey.visit) {
        const std::uint32_t backend
            = m_sources[call.function].function->visits[journey.list].backend;
        m_backends[backend].backend.leave(m_now, *journey.visit);
        lookAt(backend);
    }
    journey = {};
    m_freeJourneys.push_back(call.journey);
    call.journey = kNoJourney;
}

} // namespace coldframe::sim
