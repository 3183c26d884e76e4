#include "ui/simulate/simulation_job.h"

#include <algorithm>
#include <new>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using Outcome = tl::expected<study::SimulationResult, std::vector<Error>>;

/// One core is left to the window: it is drawn while all others calculate.
unsigned workers()
{
    return std::max(1U, std::thread::hardware_concurrency() - 1);
}

Outcome outcomeOf(const study::ScenarioFile& file, const study::SimulationOptions& options)
try {
    const auto plan = study::plan(file, options);
    if (!plan)
        return tl::unexpected(plan.error());
    if (std::vector<Error> problems = problemsOf(*plan); !problems.empty())
        return tl::unexpected(std::move(problems));
    return study::simulate(file, options);
} catch (const std::bad_alloc&) {
    return tl::unexpected(std::vector<Error>{{Error::Code::LimitReached,
                                              "the machine has no more memory for this simulation",
                                              "raise stepS, or lower replications or durationS",
                                              {},
                                              {}}});
}

} // namespace

std::vector<Error> problemsOf(const study::Plan& plan)
{
    if (plan.points > study::kMostPoints)
        return {{Error::Code::LimitReached,
                 QObject::tr("the sweeps have %1 points, more than %2")
                     .arg(countText(plan.points), countText(study::kMostPoints))
                     .toStdString(),
                 QObject::tr("sweep over fewer values").toStdString(),
                 {},
                 {}}};
    const auto memory = study::availableMemory();
    if (memory && plan.bytes > *memory * 0.9)
        return {{Error::Code::LimitReached,
                 QObject::tr("the simulation would need %1 of memory, and %2 are free")
                     .arg(bytesText(static_cast<std::uint64_t>(std::min(plan.bytes, 1e18))),
                          bytesText(static_cast<std::uint64_t>(*memory)))
                     .toStdString(),
                 QObject::tr("raise stepS, or lower replications or durationS").toStdString(),
                 {},
                 {}}};
    return {};
}

SimulationJob::SimulationJob(QObject* parent) : QObject(parent) { }

void SimulationJob::start(study::ScenarioFile file, std::vector<study::Sweep> sweeps)
{
    setRunning(true);
    Q_EMIT progressed(0.0);
    m_work.start([this, file = std::move(file), sweeps = std::move(sweeps)](
                     const std::stop_token& stop, const LatestWork::Tell& tell) {
        study::SimulationOptions options;
        options.sweeps = sweeps;
        options.threads = workers();
        options.stop = stop;
        options.onProgress = [this, &tell](double share, const std::string&) {
            tell([this, share] { Q_EMIT progressed(share); });
        };
        const auto outcome = std::make_shared<Outcome>(outcomeOf(file, options));
        return [this, outcome] {
            setRunning(false);
            if (!*outcome)
                Q_EMIT failed(outcome->error());
            else if (!(*outcome)->complete())
                Q_EMIT cancelled();
            else
                Q_EMIT succeeded(
                    std::make_shared<const study::SimulationResult>(std::move(**outcome)));
        };
    });
}

void SimulationJob::cancel()
{
    if (m_running)
        m_work.stop();
}

void SimulationJob::setRunning(bool running)
{
    if (running == m_running)
        return;
    m_running = running;
    Q_EMIT runningChanged(running);
}

} // namespace coldframe::ui
