#include "ui/attempts/attempt_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

#include "session/session.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Attempts", source);
}

const QString kDash = QStringLiteral("—");
constexpr double kMillion = 1e6;

QDateTime localTime(TimePoint at)
{
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

QString functionText(const history::AttemptRow& row, const Workspace* workspace)
{
    if (!workspace || row.function >= workspace->functions.size())
        return kDash; // it has left the workspace since
    return text(workspace->functions[row.function].name);
}

QString triggerText(const history::AttemptRow& row, const Workspace* workspace)
{
    if (row.trigger == 0)
        return tr("send");
    if (!workspace || row.trigger > workspace->triggers.size())
        return kDash;
    return text(workspace->triggers[row.trigger - 1U].name);
}

QString startText(history::StartKind start)
{
    switch (start) {
    case history::StartKind::None:
        break;
    case history::StartKind::Warm:
        return tr("warm");
    case history::StartKind::Cold:
        return tr("cold");
    case history::StartKind::Provisioned:
        return tr("prov.");
    }
    return kDash;
}

QString memoryText(const history::AttemptRow& row)
{
    if (row.peakMemoryKb == 0)
        return kDash;
    return tr("%1 MB").arg(QLocale().toString((row.peakMemoryKb + 1023U) / 1024U));
}

bool ran(const history::AttemptRow& row)
{
    return row.ending != history::Ending::Rejected;
}

/// As text: JSON numbers of other tools hold 53 bits only.
QString exact(Duration duration)
{
    return QString::number(static_cast<qlonglong>(duration.count()));
}

} // namespace

QString columnTitle(AttemptColumn column)
{
    switch (column) {
    case AttemptColumn::Time:
        return tr("Ended");
    case AttemptColumn::Function:
        return tr("Function");
    case AttemptColumn::Start:
        return tr("Start");
    case AttemptColumn::Trigger:
        return tr("Trigger");
    case AttemptColumn::RequestId:
        return tr("Request id");
    case AttemptColumn::Status:
        return tr("Status");
    case AttemptColumn::Init:
        return tr("Init");
    case AttemptColumn::Platform:
        return tr("Platform time");
    case AttemptColumn::Desk:
        return tr("Desk time");
    case AttemptColumn::Memory:
        return tr("Memory");
    case AttemptColumn::Cost:
        return tr("$ / million");
    }
    return {};
}

QString columnHint(AttemptColumn column)
{
    switch (column) {
    case AttemptColumn::Time:
        return tr("When the attempt ended, newest first");
    case AttemptColumn::Function:
        return tr("The function that ran, or would have");
    case AttemptColumn::Start:
        return tr("Cold: an instance was created for it. Warm: one was idle.");
    case AttemptColumn::Trigger:
        return tr("What made the event");
    case AttemptColumn::RequestId:
        return tr("The same for every attempt at one invocation");
    case AttemptColumn::Status:
        return tr("How it ended");
    case AttemptColumn::Init:
        return tr("Time to initialise the instance · measured");
    case AttemptColumn::Platform:
        return tr("Time in the handler on the platform · modelled from what was measured here. "
                  "The bar is the share of the timeout.");
    case AttemptColumn::Desk:
        return tr("Time in the handler on this desk · measured");
    case AttemptColumn::Memory:
        return tr("Highest memory · measured. The bar is the share of the function's memory.");
    case AttemptColumn::Cost:
        return tr("What a million such attempts would cost · modelled");
    }
    return {};
}

QString attemptText(const history::AttemptRow& row, AttemptColumn column,
                    const Workspace* workspace)
{
    switch (column) {
    case AttemptColumn::Time:
        return localTime(endOf(row)).toString(QStringLiteral("HH:mm:ss.zzz"));
    case AttemptColumn::Function:
        return functionText(row, workspace);
    case AttemptColumn::Start:
        return startText(row.start);
    case AttemptColumn::Trigger:
        return triggerText(row, workspace);
    case AttemptColumn::RequestId:
        return text(history::toText(row.requestId)).left(13);
    case AttemptColumn::Status:
        return statusText(statusOf(row));
    case AttemptColumn::Init:
        return row.init > Duration::zero() ? durationText(row.init) : kDash;
    case AttemptColumn::Platform:
        if ((row.flags & history::kDebugged) != 0)
            return tr("debugged");
        return ran(row) && (row.flags & history::kDebugged) == 0 ? durationText(row.platform)
                                                                 : kDash;
    case AttemptColumn::Desk:
        return ran(row) ? durationText(row.desk) : kDash;
    case AttemptColumn::Memory:
        return memoryText(row);
    case AttemptColumn::Cost:
        if ((row.flags & history::kDebugged) != 0)
            return kDash;
        return ran(row) ? QLocale().toString(
                   Money::fromPicodollars(row.costPicodollars).toDollars() * kMillion, 'f', 2)
                        : kDash;
    }
    return {};
}

QString attemptDetail(const history::AttemptRow& row, AttemptColumn column,
                      const Workspace* workspace, Duration sandbox)
{
    switch (column) {
    case AttemptColumn::Time:
        return tr("accepted %1, ended %2")
            .arg(localTime(row.acceptedAt).toString(QStringLiteral("HH:mm:ss.zzz")),
                 localTime(endOf(row)).toString(QStringLiteral("HH:mm:ss.zzz")));
    case AttemptColumn::RequestId:
        return text(history::toText(row.requestId));
    case AttemptColumn::Start:
    case AttemptColumn::Status:
        return text(session::reasonText(row, sandbox));
    case AttemptColumn::Desk:
        return (row.flags & history::kDeskWaited) != 0
            ? tr("It waited for a place on this desk; it is kept out of platform percentiles.")
            : QString();
    case AttemptColumn::Memory:
        return tr("%1 of %2 MB").arg(memoryText(row)).arg(row.memoryMb);
    default:
        return attemptText(row, column, workspace);
    }
}

QString attemptJson(const history::AttemptRow& row, const Workspace* workspace, Duration sandbox)
{
    const auto utc = [](TimePoint at) { return localTime(at).toUTC().toString(Qt::ISODateWithMs); };
    const QJsonObject made{
        {QStringLiteral("requestId"), text(history::toText(row.requestId))},
        {QStringLiteral("invocation"), static_cast<qint64>(row.invocation)},
        {QStringLiteral("attempt"), row.attempt},
        {QStringLiteral("function"), functionText(row, workspace)},
        {QStringLiteral("trigger"), triggerText(row, workspace)},
        {QStringLiteral("acceptedAt"), utc(row.acceptedAt)},
        {QStringLiteral("endedAt"), utc(endOf(row))},
        {QStringLiteral("status"), statusText(statusOf(row))},
        {QStringLiteral("start"), startText(row.start)},
        {QStringLiteral("instance"), static_cast<qint64>(row.instance)},
        {QStringLiteral("reason"), text(session::reasonText(row, sandbox))},
        {QStringLiteral("queuedNs"), exact(row.queued)},
        {QStringLiteral("initNs"), exact(row.init)},
        {QStringLiteral("deskNs"), exact(row.desk)},
        {QStringLiteral("platformNs"), exact(row.platform)},
        {QStringLiteral("billedNs"), exact(row.billed)},
        {QStringLiteral("memoryMb"), static_cast<qint64>(row.memoryMb)},
        {QStringLiteral("peakMemoryKb"), static_cast<qint64>(row.peakMemoryKb)},
        {QStringLiteral("costPicodollars"), QString::number(row.costPicodollars)},
    };
    return QString::fromUtf8(QJsonDocument(made).toJson(QJsonDocument::Compact));
}

QString statusText(AttemptStatus status)
{
    switch (status) {
    case AttemptStatus::Ok:
        return tr("ok");
    case AttemptStatus::Error:
        return tr("error");
    case AttemptStatus::Timeout:
        return tr("timeout");
    case AttemptStatus::Crashed:
        return tr("crashed");
    case AttemptStatus::OutOfMemory:
        return tr("memory");
    case AttemptStatus::InitFailed:
        return tr("init failed");
    case AttemptStatus::TooLarge:
        return tr("too large");
    case AttemptStatus::BadResponse:
        return tr("response");
    case AttemptStatus::Cancelled:
        return tr("cancelled");
    case AttemptStatus::Throttled:
        return tr("throttled");
    case AttemptStatus::Expired:
        return tr("expired");
    }
    return {};
}

Tone statusTone(AttemptStatus status)
{
    if (status == AttemptStatus::Ok)
        return Tone::Good;
    if (isFailure(status))
        return Tone::Bad;
    return status == AttemptStatus::Cancelled ? Tone::Neutral : Tone::Warning;
}

TimePoint endOf(const history::AttemptRow& row)
{
    return row.startedAt == TimePoint{} ? row.acceptedAt + row.total() : row.startedAt + row.desk;
}

std::optional<double> timeoutShare(const history::AttemptRow& row, const Workspace* workspace)
{
    if (!ran(row) || !workspace || row.function >= workspace->functions.size())
        return {};
    const int timeoutMs = workspace->functions[row.function].timeoutMs;
    if (timeoutMs <= 0)
        return {};
    return std::clamp(toMilliseconds(row.platform) / timeoutMs, 0.0, 1.0);
}

std::optional<double> memoryShare(const history::AttemptRow& row)
{
    if (row.memoryMb == 0 || row.peakMemoryKb == 0)
        return {};
    return std::clamp(row.peakMemoryKb / (row.memoryMb * 1024.0), 0.0, 1.0);
}

} // namespace coldframe::ui
