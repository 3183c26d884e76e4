#pragma once

#include <QList>
#include <QSet>
#include <QString>

#include "session/session.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// One figure of a stage. A figure of time has a bar on the axis that all stages share.
struct LifeRow {
    QString name;
    QString value;
    QString origin = {}; ///< "measured", "modelled", or empty where nothing was counted
    Duration from{}, length{}; ///< on the axis: from when the event was due
    bool bar = false;
    QColor Theme::*color = &Theme::busy;
    bool operator==(const LifeRow&) const = default;
};

/// A stage of serverless data processing, as one event went through it.
struct LifeStage {
    QString name;
    QList<LifeRow> rows = {};
    QString note = {}; ///< a sentence below them
    QString headline = {}; ///< what of it is said above, whichever part is looked at
    bool operator==(const LifeStage&) const = default;
};

/// Trigger, scaling, retrieval, processing, output, billing: what is known of each. A stage that
/// the event never came to, or that nothing is known of, is left out. `queues`: stores whose
/// outputs are messages.
QList<LifeStage> lifeStages(const session::Answer& answer, const QSet<QString>& queues = {});

/// "i-07 · cold"; empty when it never got an instance.
QString instanceText(const session::Answer& answer);

} // namespace coldframe::ui
