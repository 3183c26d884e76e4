#include "ui/result/result_pane.h"

#include <QCoreApplication>

#include "ui/result/life_view.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Life", source);
}

} // namespace

QList<LifeStage> lifeStages(const session::Answer& answer)
{
    const QString measured = tr("measured");
    const QString modelled = tr("modelled");
    QList<LifeStage> stages;
    if (answer.queued > Duration::zero())
        stages.append({.name = tr("Queue"),
                       .duration = answer.queued,
                       .origin = measured,
                       .color = &Theme::dim});
    if (answer.deskWaited)
        stages.append({.name = tr("Desk wait, not billed"),
                       .duration = answer.deskWait,
                       .origin = measured,
                       .timed = answer.deskWait > Duration::zero(),
                       .color = &Theme::dim});
    if (answer.cold || answer.init > Duration::zero()) {
        stages.append({.name = tr("Sandbox"),
                       .duration = answer.sandbox,
                       .origin = modelled,
                       .color = &Theme::idle});
        stages.append({.name = tr("Spawn"),
                       .duration = answer.spawn,
                       .origin = measured,
                       .color = &Theme::initialising});
        stages.append({.name = tr("Init"),
                       .duration = answer.init,
                       .origin = measured,
                       .color = &Theme::initialising});
    }
    stages.append({.name = tr("Handler, desk time"), .duration = answer.desk, .origin = measured});
    stages.append({.name = tr("Handler, platform time"),
                   .duration = answer.platform,
                   .origin = modelled,
                   .summary = true});
    stages.append({.name = tr("Billed"),
                   .duration = answer.billed,
                   .origin = modelled,
                   .summary = true,
                   .color = &Theme::good});
    return stages;
}

} // namespace coldframe::ui
