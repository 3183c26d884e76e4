#include "ui/simulate/scenario_check.h"

namespace coldframe::ui {

namespace {

Checked checkOf(const study::ScenarioFile& file, const std::vector<study::Sweep>& sweeps)
{
    Checked found;
    if (const auto prepared = file.prepare({}); !prepared) {
        found.errors = prepared.error();
        return found;
    }
    study::SimulationOptions options;
    options.sweeps = sweeps;
    const auto plan = study::plan(file, options);
    if (!plan)
        found.sweepErrors = plan.error();
    else if (found.sweepErrors = problemsOf(*plan); found.sweepErrors.empty())
        found.plan = *plan;
    return found;
}

} // namespace

void ScenarioCheck::start(study::ScenarioFile file, std::vector<study::Sweep> sweeps)
{
    m_work.start([this, file = std::move(file),
                  sweeps = std::move(sweeps)](const std::stop_token&, const LatestWork::Tell&) {
        return [this, found = checkOf(file, sweeps)] { Q_EMIT checked(found); };
    });
}

} // namespace coldframe::ui
