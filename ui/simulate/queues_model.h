#pragma once

#include "ui/simulate/shared_model.h"

namespace coldframe::ui {

/// The figures of the queues of one point.
class QueuesModel : public SharedModel {
    Q_OBJECT
public:
    using SharedModel::SharedModel;

protected:
    std::vector<Shared> sharedOf(const study::PointResult& point) const override;
    int figureCount() const override;
    sim::Metric metricOf(int figure) const override;
    QString titleOf(int figure) const override;
    QString heading() const override;
};

} // namespace coldframe::ui
