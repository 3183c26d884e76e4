#include "sim/scripted_run.h"

#include "sim/scripted_run_state.h"

namespace coldframe::sim {

namespace {
constexpr std::uint64_t kProgressEveryInput = 1U << 14;
/// After the end of the recording; then whatever is left counts as waiting.
constexpr std::int64_t kLongestRest = std::int64_t{7} * 24 * 3600 * 1'000'000'000;
} // namespace

ScriptedRun::ScriptedRun(const Script& script, const ScriptedRunOptions& options, TimePoint end)
    : m_script(script), m_options(options), m_samples(script, options.seed),
      m_plan(plan(script, options.rateFactor, options.seed)),
      m_book({0, (end - script.begin).count() + 1, options.step.count()}, script.begin,
             options.prices),
      m_order(script.rows)
{
    const auto facts = static_cast<std::int64_t>(m_plan.size() * 4 + 1);
    m_calendar.setDistance((script.end - script.begin).count() / facts);
}

/// The recorded state was decided under the recorded settings; the changed ones take effect on it
/// as if they had been saved at that moment.
void ScriptedRun::begin()
{
    if (m_script.state.empty()) {
        for (const engine::Configuration& configuration : m_options.configurations)
            m_engine.define(configuration);
        return;
    }
    for (const engine::Configuration& configuration : m_script.configurations)
        m_engine.define(configuration);
    if (!m_engine.load(m_script.state)) // the maker of the script has loaded it before
        return;
    const engine::Configuration* inForce = &m_engine.configuration();
    std::uint32_t revision = 0;
    while (&m_engine.revision(revision) != inForce)
        ++revision;
    if (!m_options.changed) {
        m_book.configured(m_script.begin, *inForce);
        return;
    }
    m_firstRevision = static_cast<std::uint32_t>(m_script.configurations.size());
    for (const engine::Configuration& configuration : m_options.configurations)
        m_engine.define(configuration);
    configure(revision);
}

void ScriptedRun::configure(std::uint32_t revision)
{
    m_book.configured(now(), m_options.configurations[revision]);
    step(engine::Configured{m_firstRevision + revision});
}

std::int64_t ScriptedRun::nextFact() const
{
    std::int64_t next = m_calendar.next();
    if (m_planned < m_plan.size())
        next = std::min(next, (m_plan[m_planned].at - m_script.begin).count());
    return next;
}

/// Nothing is under way, nor will it be by itself.
bool ScriptedRun::settled() const
{
    if (m_planned < m_plan.size() || m_book.alive() > 0)
        return false;
    const auto functions = static_cast<FunctionId>(m_engine.configuration().functions.size());
    for (FunctionId function = 0; function < functions; ++function) {
        const engine::PoolCounts counts = m_engine.counts(function);
        if (counts.inUse + counts.waiting + counts.delayed > 0)
            return false;
    }
    return true;
}

/// What happens at the recording's last instant still belongs to it, but no deadline: the engine
/// runs those once time has passed them.
bool ScriptedRun::over(std::int64_t next, bool deadline) const
{
    const std::int64_t end = (m_script.end - m_script.begin).count();
    if (next == Calendar<ComingFact>::kNever || next > end + kLongestRest)
        return true;
    if (next < end || (next == end && !deadline))
        return false;
    return !m_script.settled || settled();
}

ScriptedResult ScriptedRun::run()
{
    begin();
    for (std::uint64_t count = 1;; ++count) {
        const auto due = m_engine.nextDeadline();
        const std::int64_t deadline
            = due ? (*due - m_script.begin).count() : Calendar<ComingFact>::kNever;
        const std::int64_t fact = nextFact();
        const bool isDeadline = deadline < fact;
        if (over(std::min(deadline, fact), isDeadline))
            break;
        if (isDeadline) {
            m_now = std::max(deadline, m_now);
            m_engine.advance(*due, m_actions);
            carryOut(*due);
        } else {
            m_now = fact;
            feedNext();
        }
        if (count % kProgressEveryInput == 0) {
            if ((m_stopped = m_options.stop.stop_requested()))
                break;
            if (m_options.onProgress)
                m_options.onProgress(now());
        }
    }
    ScriptedResult result{.figures = m_book.close(),
                          .origins = std::move(m_origins),
                          .end = std::max(m_script.end, now()),
                          .stopped = m_stopped};
    for (const Origins& each : result.origins) {
        result.allOrigins.taken += each.taken;
        result.allOrigins.drawn += each.drawn;
        result.allOrigins.assumed += each.assumed;
    }
    return result;
}

/// Of two facts at one instant the one that was recorded first; a copy comes after what it repeats.
void ScriptedRun::feedNext()
{
    if (m_planned < m_plan.size()) {
        const PlannedFact& planned = m_plan[m_planned];
        const std::int64_t at = (planned.at - m_script.begin).count();
        if (at < m_calendar.next()) {
            ++m_planned;
            tell(planned);
            return;
        }
    }
    ComingFact coming = m_calendar.take();
    if (m_planned < m_plan.size()) {
        const PlannedFact& planned = m_plan[m_planned];
        if ((planned.at - m_script.begin).count() == coming.key && planned.row < coming.order) {
            m_calendar.add(coming);
            ++m_planned;
            tell(planned);
            return;
        }
    }
    if (!holds(coming))
        return;
    if (coming.wasTaken && !std::holds_alternative<engine::Persisted>(coming.input)) {
        Origins& origins = m_origins[coming.function];
        --origins.taken, ++origins.drawn;
    }
    step(coming.input);
}

void ScriptedRun::tell(const PlannedFact& fact)
{
    const Told& told = m_script.told[fact.told];
    if (const auto* configured = std::get_if<engine::Configured>(&told.input)) {
        configure(configured->revision);
    } else if (const auto* arrived = std::get_if<engine::Arrived>(&told.input)) {
        const InvocationId id = m_engine.nextInvocation();
        callOf(id) = {.serial = id.serial,
                      .recorded = told.serial,
                      .copy = fact.copy,
                      .attemptsDone = arrived->attemptsDone};
        if (fact.copy == 0) {
            m_idOf.resize(
                std::max<std::size_t>(m_idOf.size(), told.serial - m_script.firstSerial + 1));
            m_idOf[told.serial - m_script.firstSerial] = id;
        }
        m_book.arrived(now(), id, *arrived);
        step(told.input);
    } else if (const auto* cancelled = std::get_if<engine::Cancelled>(&told.input)) {
        InvocationId id = cancelled->invocation;
        if (id.serial >= m_script.firstSerial) {
            const std::size_t place = id.serial - m_script.firstSerial;
            id = place < m_idOf.size() ? m_idOf[place] : InvocationId{};
        }
        step(engine::Cancelled{id});
    } else {
        step(told.input);
    }
}

void ScriptedRun::step(const engine::Input& input)
{
    m_engine.step(now(), input, m_actions);
    carryOut(now());
}

void ScriptedRun::carryOut(TimePoint at)
{
    if (m_options.onActions && !m_actions.empty())
        m_options.onActions(at, m_actions);
    for (const engine::Action& action : m_actions) {
        m_book.add(at, action);
        std::visit([this](const auto& each) { on(each); }, action);
    }
    m_actions.clear();
}

/// How long it takes to settle is only known afterwards; then it is counted up to there.
ScriptedResult runScript(const Script& script, const ScriptedRunOptions& options)
{
    ScriptedResult first = ScriptedRun(script, options, script.end).run();
    if (first.stopped || first.end <= script.end)
        return first;
    ScriptedRunOptions again = options;
    again.onActions = {}; // told once
    return ScriptedRun(script, again, first.end).run();
}

} // namespace coldframe::sim
