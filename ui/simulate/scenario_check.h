#pragma once

#include <QStringList>

#include <optional>

#include "ui/simulate/simulation_job.h"

namespace coldframe::ui {

/// What is found out about a scenario while it is written, before anything is simulated.
struct Checked {
    std::vector<Error> errors; ///< of the text, with their places
    std::vector<Error> sweepErrors; ///< of what is swept
    std::optional<study::Plan> plan; ///< when there are none
};

/// Checks a text on a thread of its own: scenarios may refer to large recordings.
class ScenarioCheck : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void start(study::ScenarioFile file, std::vector<study::Sweep> sweeps);

Q_SIGNALS:
    void checked(const coldframe::ui::Checked& found);

private:
    LatestWork m_work;
};

} // namespace coldframe::ui
