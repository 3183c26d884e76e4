#include "sim/run_book.h"

#include <algorithm>
#include <utility>

#include "cost/bill.h"

namespace coldframe::sim {

RunBook::RunBook(const Window& window, TimePoint begin, RunPrices prices)
    : m_window(window), m_begin(begin), m_prices(std::move(prices)), m_heldFrom(begin),
      m_total(window), m_stepEnd(window.from + window.step)
{ }

/// On the function's page and on that of all.
template <typename Do> void RunBook::both(FunctionId function, const Do& note)
{
    while (m_pages.size() <= function)
        m_pages.emplace_back(m_window);
    note(m_pages[function]);
    note(m_total);
}

void RunBook::configured(TimePoint at, const engine::Configuration& configuration)
{
    reach((at - m_begin).count());
    hold(at);
    m_rules = &configuration;
    if (!configuration.functions.empty())
        both(static_cast<FunctionId>(configuration.functions.size() - 1), [](Page&) {});
}

/// Instances kept ready cost from one change of settings to the next, used or not.
void RunBook::hold(TimePoint until)
{
    eachHeld(until, [&](FunctionId function, const auto& add) {
        both(function, [&](Page& page) { add(page.run.meters); });
    });
    m_heldFrom = until;
}

/// `add` adds to meters what a function keeps ready from the last change of settings until then.
template <typename Do> void RunBook::eachHeld(TimePoint until, const Do& tell) const
{
    if (!m_rules || !m_prices.book || until <= m_heldFrom)
        return;
    for (FunctionId function = 0; function < m_rules->functions.size(); ++function) {
        const engine::FunctionRules& rules = m_rules->functions[function];
        if (rules.provisioned > 0 && !rules.removed)
            tell(function, [&](cost::Meters& meters) {
                cost::addHeld(meters, m_prices.architecture, rules.memoryMb, rules.provisioned,
                              until - m_heldFrom, *m_prices.book);
            });
    }
}

/// The steps that end at `at` or before are complete. What is held is counted on a copy: counted in
/// pieces it would be rounded up piece by piece.
void RunBook::reach(std::int64_t at)
{
    if (m_window.step <= 0)
        return;
    for (; m_stepEnd <= at && m_course.cost.size() < m_window.steps(); m_stepEnd += m_window.step) {
        cost::Meters meters = m_total.run.meters;
        eachHeld(m_begin + Duration(std::min(m_stepEnd, m_window.to)),
                 [&](FunctionId, const auto& add) { add(meters); });
        m_course.cost.push_back(
            m_prices.book ? cost::billTotal(meters, *m_prices.book, {.freeTier = false}) : Money());
        if (m_course.cost.size() % RunCourse::kLatencySteps == 0)
            endLatencySpan();
    }
}

void RunBook::endLatencySpan()
{
    m_course.latency.push_back({m_span.quantile(0.50), m_span.quantile(0.95)});
    if (m_span.count() > 0) // it is large
        m_span = {};
}

void RunBook::arrived(TimePoint at, InvocationId id, const engine::Arrived& in)
{
    Call& made = call(id, in.function);
    made.sync = in.delivery == engine::Delivery::Sync;
    made.arrivedAt = (at - m_begin).count();
    ++m_alive;
    both(in.function, [&](Page& page) { page.book.arrived(made.arrivedAt); });
}

/// One that arrived before the run began belongs to none of its figures.
RunBook::Call& RunBook::call(InvocationId id, FunctionId function)
{
    if (id.slot >= m_calls.size())
        m_calls.resize(id.slot + 1);
    Call& found = m_calls[id.slot];
    if (found.serial != id.serial)
        found = {.serial = id.serial, .function = function, .sync = false, .arrivedAt = -1};
    return found;
}

void RunBook::end(InvocationId id)
{
    if (id.slot >= m_calls.size() || m_calls[id.slot].serial != id.serial)
        return;
    if (m_calls[id.slot].arrivedAt >= 0)
        --m_alive;
    m_calls[id.slot] = {};
}

void RunBook::add(TimePoint at, const engine::Action& action)
{
    const std::int64_t when = (at - m_begin).count();
    if (when >= m_stepEnd)
        reach(when);
    std::visit([&](const auto& each) { on(when, each); }, action);
}

/// The invocation has an instance from now on.
void RunBook::take(Call& taken, std::int64_t at, bool cold)
{
    both(taken.function, [&](Page& page) {
        page.book.inUse.change(at, 1);
        page.run.coldStarts += cold;
        if (!taken.started)
            page.book.started(taken.arrivedAt, at, cold);
        else if (cold)
            page.book.coldRetry(taken.arrivedAt);
    });
    taken.bound = taken.started = true;
}

void RunBook::unbind(Call& taken, std::int64_t at)
{
    if (std::exchange(taken.bound, false))
        both(taken.function, [&](Page& page) { page.book.inUse.change(at, -1); });
}

void RunBook::on(std::int64_t at, const engine::Reject& action)
{
    Call& refused = call(action.invocation, action.function);
    unbind(refused, at);
    if (action.reason.why != engine::Why::CancelledByUser)
        both(action.function, [&](Page& page) {
            page.book.rejected(refused.arrivedAt);
            ++page.run.throttled;
        });
    end(action.invocation);
}

void RunBook::on(std::int64_t, const engine::Wait& action)
{
    both(action.function, [](Page& page) { ++page.run.waits; });
}

void RunBook::on(std::int64_t at, const engine::Start& action)
{
    if (action.reinit)
        return;
    both(action.function, [&](Page& page) {
        page.book.alive.change(at, 1);
        page.book.instanceStarted(at);
    });
    if (action.forInvocation.serial != 0)
        take(call(action.forInvocation, action.function), at, true);
}

/// Another's cold start, that it waits for as well.
void RunBook::on(std::int64_t at, const engine::Join& action)
{
    take(call(action.invocation, action.function), at, false);
}

void RunBook::on(std::int64_t at, const engine::Dispatch& action)
{
    Call& taken = call(action.invocation, action.function);
    if (!taken.bound)
        take(taken, at, false);
}

void RunBook::on(std::int64_t at, const engine::Stop& action)
{
    both(action.function, [&](Page& page) {
        if (page.book.alive.count() > 0) // one that was there before the run began
            page.book.alive.change(at, -1);
    });
}

void RunBook::on(std::int64_t at, const engine::Meter& action)
{
    Call& served = call(action.invocation, action.function);
    unbind(served, at);
    const bool good = action.outcome == engine::Outcome::Succeeded;
    std::optional<std::int64_t> latency;
    if (!action.deskWaited && !action.debugged) {
        const Duration sandbox = action.cold && m_rules ? m_rules->platform.sandbox : Duration{};
        latency = (sandbox + action.init + action.platform).count();
        if (m_window.step > 0)
            m_span.add(*latency);
    }
    both(action.function, [&](Page& page) {
        page.book.attempt({.arrivedAt = served.arrivedAt,
                           .end = at,
                           .service = action.platform.count(),
                           .billed = action.billed.count(),
                           .failed = action.outcome == engine::Outcome::FunctionError,
                           .timedOut = action.outcome == engine::Outcome::TimedOut,
                           .answers = served.sync || good});
        page.run.failed += !good;
        page.run.billedMbNs += static_cast<cost::Wide>(action.billed.count()) * action.memoryMb;
        if (latency)
            page.run.latency.add(*latency);
        if (!m_prices.book)
            return;
        const std::uint32_t ephemeral = action.function < m_prices.ephemeralMb.size()
            ? m_prices.ephemeralMb[action.function]
            : 0;
        cost::add(page.run.meters,
                  cost::attemptMeter(action, m_prices.architecture, ephemeral, 0, *m_prices.book));
    });
    if (served.sync)
        end(action.invocation);
}

void RunBook::on(std::int64_t at, const engine::Ack& action)
{
    if (action.invocation.slot < m_calls.size()
        && m_calls[action.invocation.slot].serial == action.invocation.serial)
        unbind(m_calls[action.invocation.slot], at);
    end(action.invocation);
}

void RunBook::on(std::int64_t, const engine::Release& action)
{
    if (action.invocation.slot < m_calls.size())
        both(m_calls[action.invocation.slot].function, [](Page& page) { ++page.run.retries; });
}

void RunBook::on(std::int64_t, const engine::DeadLetter& action)
{
    const Call& lost = call(action.invocation, action.function);
    both(action.function, [&](Page& page) {
        ++page.run.deadLetters;
        if (lost.started)
            page.book.deadLettered(lost.arrivedAt);
        else
            page.book.expired(lost.arrivedAt);
    });
    end(action.invocation);
}

RunBook::Result RunBook::close()
{
    reach(m_window.to + m_window.step); // the last step ends early
    if (m_course.cost.size() % RunCourse::kLatencySteps != 0)
        endLatencySpan();
    if (const auto steps = static_cast<std::int64_t>(m_window.steps()); steps > 0)
        m_course.lastStep = Duration(m_window.to - m_window.from - (steps - 1) * m_window.step);
    hold(m_begin + Duration(m_window.to));
    for (const Call& left : m_calls)
        if (left.serial != 0)
            both(left.function, [&](Page& page) {
                if (left.started)
                    page.book.unfinished(left.arrivedAt);
                else
                    page.book.waiting(left.arrivedAt);
            });
    Result result;
    const auto closed = [](Page& page) {
        page.run.figures = page.book.close();
        return std::move(page.run);
    };
    for (Page& page : m_pages)
        result.functions.push_back(closed(page));
    result.total = closed(m_total);
    result.course = std::move(m_course);
    return result;
}

} // namespace coldframe::sim
