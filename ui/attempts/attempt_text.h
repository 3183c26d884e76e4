#pragma once

#include <QString>

#include "session/snapshot.h"
#include "ui/attempts/attempt_status.h"
#include "ui/theme/theme.h"

// An attempt's figures as people read them.
namespace coldframe::ui {

enum class AttemptColumn {
    Time,
    Function,
    Start,
    Trigger,
    RequestId,
    Status,
    Init,
    Platform,
    Desk,
    Memory,
    Cost
};
inline constexpr int kAttemptColumns = 11;

QString columnTitle(AttemptColumn column);
/// What the column means and where its figures come from.
QString columnHint(AttemptColumn column);
/// "182.2 ms"; a dash where there is nothing to say. `workspace` may be null.
QString attemptText(const history::AttemptRow& row, AttemptColumn column,
                    const Workspace* workspace);
/// The same at full length, for tooltips. `sandbox` is what the platform takes to make one.
QString attemptDetail(const history::AttemptRow& row, AttemptColumn column,
                      const Workspace* workspace, Duration sandbox);
/// One JSON object on one line, with units in the names of its keys.
QString attemptJson(const history::AttemptRow& row, const Workspace* workspace, Duration sandbox);

QString statusText(AttemptStatus status);
Tone statusTone(AttemptStatus status);

/// When it ended: rows come in this order.
TimePoint endOf(const history::AttemptRow& row);
/// 0 … 1 of the function's timeout, or of its memory; nothing when there is no bar to draw.
std::optional<double> timeoutShare(const history::AttemptRow& row, const Workspace* workspace);
std::optional<double> memoryShare(const history::AttemptRow& row);

} // namespace coldframe::ui
