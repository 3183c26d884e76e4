#pragma once

#include <memory>
#include <vector>

#include "study/simulation.h"
#include "ui/simulate/latest_work.h"

namespace coldframe::ui {

using ResultPtr = std::shared_ptr<const study::SimulationResult>;

/// Simulates a scenario beside the window, which stays free. Each start() is answered by exactly
/// one of succeeded(), failed() and cancelled(), unless a newer one replaces it.
class SimulationJob : public QObject {
    Q_OBJECT
public:
    explicit SimulationJob(QObject* parent = nullptr);

    void start(study::ScenarioFile file, std::vector<study::Sweep> sweeps);
    void cancel();
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void runningChanged(bool running);
    /// Share done, from 0 to 1; at most twenty times a second.
    void progressed(double share);
    void succeeded(const coldframe::ui::ResultPtr& result);
    void failed(const std::vector<coldframe::Error>& errors);
    void cancelled();

private:
    void setRunning(bool running);

    LatestWork m_work;
    bool m_running = false;
};

/// What would end badly, before it is begun: too many points, more memory than there is.
std::vector<Error> problemsOf(const study::Plan& plan);

} // namespace coldframe::ui
