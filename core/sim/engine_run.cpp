#include "sim/engine_run.h"

#include "engine/visit.h"
#include "sim/engine_run_state.h"

namespace coldframe::sim {

namespace {
constexpr Duration kNoTimeout = Duration::max() / 4; // 73 years
constexpr std::uint64_t kProgressEvery = 1U << 16;
TimePoint timePoint(std::int64_t ns)
{
    return TimePoint(Duration(ns));
}
} // namespace

Source::Source(const FunctionModel& of, std::uint64_t seed, const Window& window, bool timed)
    : function(&of), arrivals(arrivalTimes(of.arrivals, seed, of.entity())),
      services(of.service, Stream(seed, Draw::Service, of.entity())),
      failures(seed, Draw::Failure, of.entity()), backoff(seed, Draw::Backoff, of.entity()),
      entity(of.entity()), book(window)
{
    if (of.coldStart) {
        replaced = of.coldStart->mode == ColdStart::Mode::Replaced;
        cold = Draws(of.coldStart->law,
                     Stream(seed, replaced ? Draw::ColdService : Draw::Init, of.entity()));
    }
    if (const auto* loop = std::get_if<ClosedLoop>(&of.arrivals)) {
        think = Draws(loop->think, Stream(seed, Draw::Think, of.entity()));
        thoughts.resize(loop->clients);
    }
    if (of.rules.instanceConcurrency != 1 || of.rules.provisioned > 0 || timed)
        idle.emplace(window);
    m_times.resize(kBlock), m_services.resize(kBlock);
}

std::optional<std::int64_t> Source::next(std::int64_t& service)
{
    if (m_at == m_count) {
        if (!m_more)
            return std::nullopt;
        m_count = arrivals->fill(m_times);
        m_more = m_count == kBlock;
        m_at = 0;
        if (!function->inBatches())
            services.fill(indices, std::span(m_services).first(m_count));
        if (m_count == 0)
            return std::nullopt;
    }
    service = m_services[m_at];
    return m_times[m_at++];
}

EngineRun::EngineRun(const Model& model, std::uint64_t seed, const EngineRunOptions& options)
    : m_model(model), m_options(options), m_seed(seed), m_watched(options.onStep)
{
    m_sources.reserve(model.functions.size());
    double rate = 0;
    for (const FunctionModel& function : model.functions) {
        m_sources.emplace_back(function, seed, model.window, model.platform.scaling.byTimer());
        double steps = 1;
        for (const Visits& each : function.visits)
            steps += 2 * each.count;
        rate += steps
            * expectedArrivals(function.arrivals, static_cast<double>(model.window.to) * 1e-9);
    }
    beginStreams();
    for (const BackendRules& backend : model.backends)
        m_backends.push_back({Backend(backend, model.window)});
    // Two entries an invocation, in a unit of half a nanosecond.
    const double distance = static_cast<double>(model.window.to) / std::max(rate, 1.0);
    m_calendar.setDistance(static_cast<std::int64_t>(distance));
}

SystemFigures EngineRun::run()
{
    begin();
    std::uint64_t count = 0;
    const std::int64_t end = m_model.window.to;
    for (;;) {
        const bool more = m_calendar.next() <= 2 * end;
        // What a deadline brings about may happen before all that was known.
        if (runDeadline(more ? m_calendar.next() / 2 : end + 1))
            continue;
        if (!more)
            return close();
        const Happening next = m_calendar.take();
        m_now = next.key / 2;
        happen(next);
        if (++count % kProgressEvery == 0) {
            if (m_options.stop.stop_requested())
                return close();
            if (m_options.onProgress)
                m_options.onProgress(m_now);
        }
    }
}

void EngineRun::begin()
{
    engine::Configuration configuration;
    configuration.platform = m_model.platform;
    if (configuration.platform.initLimit <= Duration::zero())
        configuration.platform.initLimit = kNoTimeout;
    configuration.seed = m_seed;
    for (const FunctionModel& function : m_model.functions) {
        engine::FunctionRules& rules = configuration.functions.emplace_back(function.rules);
        if (rules.timeout <= Duration::zero())
            rules.timeout = kNoTimeout;
        rules.luck = function.entity();
    }
    beginQueues(configuration);
    step(engine::Configured{m_engine.define(std::move(configuration))});
    for (FunctionId function = 0; function < m_sources.size(); ++function) {
        Source& source = m_sources[function];
        const std::uint32_t before = m_engine.counts(function).idle;
        for (std::uint32_t i = 0; i < source.function->allowedPrimed(); ++i)
            step(engine::Primed{function});
        // The engine refuses what its rules do not keep.
        source.book.alive.change(0, std::int64_t{m_engine.counts(function).idle} - before);
        touch(function);
        carryOutAll();
        for (std::uint32_t client = 0; client < source.thoughts.size(); ++client)
            thinkAndCall({.function = function, .client = client + 1});
        nextArrival(function);
    }
}

void EngineRun::nextArrival(FunctionId function)
{
    Source& source = m_sources[function];
    std::int64_t service = 0;
    const auto at = source.next(service);
    if (!at || *at >= m_model.window.to)
        return;
    push(*at,
         {.what = Happening::What::Arrival,
          .function = function,
          .index = source.function->inBatches() ? 0 : newCall(function, *at, service)});
}

void EngineRun::push(std::int64_t at, Happening happening)
{
    const bool arrives = happening.what == Happening::What::Arrival
        || happening.what == Happening::What::Call || happening.what == Happening::What::Visit
        || happening.what == Happening::What::Batches;
    happening.key = 2 * at + arrives;
    happening.order = m_order++;
    m_calendar.add(happening);
}

void EngineRun::happen(const Happening& next)
{
    switch (next.what) {
    case Happening::What::InitStarted:
        step(engine::InitStarted{next.instance});
        return;
    case Happening::What::Ready:
        touch(next.function); // one started for no call is idle now, and nothing says so
        step(engine::Ready{next.instance});
        return;
    case Happening::What::Finished: {
        const InvocationId invocation{next.index, next.serial};
        const Call& call = callOf(invocation);
        step(engine::WorkFinished{.instance = next.instance,
                                  .status = statusOf(call, invocation),
                                  .wall = Duration(call.wall),
                                  .invocation = invocation});
        return;
    }
    case Happening::What::Arrival:
        if (m_sources[next.function].function->stream) {
            nextArrival(next.function); // those of the same instant come before the batch
            recordComes(next.function);
            return;
        }
        if (m_sources[next.function].function->reads) {
            sendMessage(next.function);
        } else {
            m_sources[next.function].book.arrived(m_now);
            send(next.index);
        }
        nextArrival(next.function);
        return;
    case Happening::What::Call:
        if (m_calls[next.index].tries == 0)
            m_sources[next.function].book.arrived(m_now);
        send(next.index);
        return;
    case Happening::What::Visit:
        visit(next);
        return;
    case Happening::What::Worked:
        worked(next);
        return;
    case Happening::What::Answers:
        answer(next.index);
        return;
    case Happening::What::Batches:
        handOver(next);
        return;
    }
}

/// Runs the engine's next deadlines if they lie before that time, at their own time, so that what
/// follows from them is dated right.
bool EngineRun::runDeadline(std::int64_t before)
{
    if (m_engine.quietUntil(timePoint(before - 1)))
        return false;
    const auto due = m_engine.nextDeadline();
    if (!due || *due >= timePoint(before))
        return false;
    m_now = due->time_since_epoch().count();
    m_engine.advance(*due, m_actions);
    if (m_watched)
        m_options.onStep(*due, engine::Tick{}, m_actions);
    carryOutAll();
    return true;
}

/// What is carried out may step the engine again: its actions come at the end of the same list.
void EngineRun::carryOutAll()
{
    for (std::size_t i = 0; i < m_actions.size(); ++i) {
        // A copy: what it brings about may move the list.
        engine::visitEach([this](auto each) { carryOut(each); }, m_actions[i]);
    }
    m_actions.clear();
    for (const FunctionId function : m_touched) {
        Occupancy& idle = *m_sources[function].idle;
        idle.change(m_now, std::int64_t{m_engine.counts(function).idle} - idle.count());
    }
    m_touched.clear();
}

SystemFigures EngineRun::close()
{
    std::vector<bool> free(m_calls.size());
    for (const std::uint32_t call : m_freeCalls)
        free[call] = true;
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        const Call& call = m_calls[i];
        if (free[i] || call.arrivedAt >= m_model.window.to)
            continue;
        FigureBook& book = m_sources[call.function].book;
        if (call.started)
            book.unfinished(call.arrivedAt);
        else
            book.waiting(call.arrivedAt);
    }
    SystemFigures all;
    for (Source& source : m_sources) {
        if (source.idle)
            source.idle->close();
        all.functions.push_back(
            source.book.close(source.idle ? std::optional(source.idle->integral()) : std::nullopt));
    }
    for (Station& station : m_backends)
        all.backends.push_back(station.backend.close());
    all.queues = closeQueues();
    for (Feed& each : m_feeds)
        all.streams.push_back(each.feed.close());
    return all;
}

SystemFigures simulateSystem(const Model& model, std::uint64_t seed,
                             const EngineRunOptions& options)
{
    return EngineRun(model, seed, options).run();
}

std::vector<Figures> simulateEngine(const Model& model, std::uint64_t seed,
                                    const EngineRunOptions& options)
{
    return simulateSystem(model, seed, options).functions;
}

} // namespace coldframe::sim
