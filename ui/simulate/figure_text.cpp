#include "ui/simulate/figure_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <span>

#include "model/json_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Figures", source);
}

struct Title {
    std::string_view key;
    const char* title;
};
constexpr Title kTitles[] = {
    {"invocations", QT_TRANSLATE_NOOP("Figures", "Invocations")},
    {"coldStarts", QT_TRANSLATE_NOOP("Figures", "Cold starts")},
    {"coldStartProbability", QT_TRANSLATE_NOOP("Figures", "Cold share")},
    {"rejected", QT_TRANSLATE_NOOP("Figures", "Throttled")},
    {"rejectedProbability", QT_TRANSLATE_NOOP("Figures", "Throttled share")},
    {"expired", QT_TRANSLATE_NOOP("Figures", "Waited too long")},
    {"expiredProbability", QT_TRANSLATE_NOOP("Figures", "Share that waited too long")},
    {"attempts", QT_TRANSLATE_NOOP("Figures", "Attempts")},
    {"failedAttempts", QT_TRANSLATE_NOOP("Figures", "Failed attempts")},
    {"timeouts", QT_TRANSLATE_NOOP("Figures", "Timeouts")},
    {"deadLettered", QT_TRANSLATE_NOOP("Figures", "Given up")},
    {"clientRetries", QT_TRANSLATE_NOOP("Figures", "Callers' retries")},
    {"instances", QT_TRANSLATE_NOOP("Figures", "Instances, mean")},
    {"busyInstances", QT_TRANSLATE_NOOP("Figures", "Busy instances")},
    {"initialisingInstances", QT_TRANSLATE_NOOP("Figures", "Initialising instances")},
    {"idleInstances", QT_TRANSLATE_NOOP("Figures", "Idle instances")},
    {"peakInstances", QT_TRANSLATE_NOOP("Figures", "Instances, peak")},
    {"peakConcurrency", QT_TRANSLATE_NOOP("Figures", "Concurrency, peak")},
    {"lifespanS", QT_TRANSLATE_NOOP("Figures", "Life of an instance")},
    {"queueWaitS", QT_TRANSLATE_NOOP("Figures", "Wait in the queue")},
    {"responseS/mean", QT_TRANSLATE_NOOP("Figures", "Response, mean")},
    {"responseS/p50", QT_TRANSLATE_NOOP("Figures", "Response p50")},
    {"responseS/p95", QT_TRANSLATE_NOOP("Figures", "Response p95")},
    {"responseS/p99", QT_TRANSLATE_NOOP("Figures", "Response p99")},
    {"billedGbS", QT_TRANSLATE_NOOP("Figures", "Billed")},
    {"idleGbS", QT_TRANSLATE_NOOP("Figures", "Idle")},
    {"costUsd", QT_TRANSLATE_NOOP("Figures", "Cost")},
    // Of backends.
    {"visits", QT_TRANSLATE_NOOP("Figures", "Visits")},
    {"answered", QT_TRANSLATE_NOOP("Figures", "Answered")},
    {"refused", QT_TRANSLATE_NOOP("Figures", "Refused")},
    {"refusedProbability", QT_TRANSLATE_NOOP("Figures", "Refused share")},
    {"withdrawn", QT_TRANSLATE_NOOP("Figures", "Withdrawn")},
    {"abandoned", QT_TRANSLATE_NOOP("Figures", "Served for nobody")},
    {"open", QT_TRANSLATE_NOOP("Figures", "Open at the end")},
    {"waitS/mean", QT_TRANSLATE_NOOP("Figures", "Wait, mean")},
    {"waitS/p50", QT_TRANSLATE_NOOP("Figures", "Wait p50")},
    {"waitS/p95", QT_TRANSLATE_NOOP("Figures", "Wait p95")},
    {"waitS/p99", QT_TRANSLATE_NOOP("Figures", "Wait p99")},
    {"busyServers", QT_TRANSLATE_NOOP("Figures", "Busy servers")},
    {"utilisation", QT_TRANSLATE_NOOP("Figures", "Utilisation")},
    {"waitingVisits", QT_TRANSLATE_NOOP("Figures", "Waiting visits, mean")},
    {"connections", QT_TRANSLATE_NOOP("Figures", "Connections, mean")},
    {"peakConnections", QT_TRANSLATE_NOOP("Figures", "Connections, peak")},
};

constexpr Title kQueueTitles[] = {
    {"sent", QT_TRANSLATE_NOOP("Figures", "Sent")},
    {"movedIn", QT_TRANSLATE_NOOP("Figures", "Came as dead letters")},
    {"deleted", QT_TRANSLATE_NOOP("Figures", "Deleted")},
    {"received", QT_TRANSLATE_NOOP("Figures", "Received")},
    {"returned", QT_TRANSLATE_NOOP("Figures", "Came back")},
    {"deadLettered", QT_TRANSLATE_NOOP("Figures", "Dead letters")},
    {"deadLetteredProbability", QT_TRANSLATE_NOOP("Figures", "Dead letters, share")},
    {"expired", QT_TRANSLATE_NOOP("Figures", "Past their retention")},
    {"left", QT_TRANSLATE_NOOP("Figures", "Left at the end")},
    {"batches", QT_TRANSLATE_NOOP("Figures", "Batches")},
    {"batchSize", QT_TRANSLATE_NOOP("Figures", "Messages in a batch")},
    {"depth", QT_TRANSLATE_NOOP("Figures", "Depth, mean")},
    {"peakDepth", QT_TRANSLATE_NOOP("Figures", "Depth, peak")},
    {"peakAgeS", QT_TRANSLATE_NOOP("Figures", "Oldest message, peak")},
    {"waitS/mean", QT_TRANSLATE_NOOP("Figures", "Wait to first receive, mean")},
    {"waitS/p50", QT_TRANSLATE_NOOP("Figures", "Wait to first receive p50")},
    {"waitS/p95", QT_TRANSLATE_NOOP("Figures", "Wait to first receive p95")},
    {"waitS/p99", QT_TRANSLATE_NOOP("Figures", "Wait to first receive p99")},
    {"sentToDeletedS/mean", QT_TRANSLATE_NOOP("Figures", "Sent to deleted, mean")},
    {"sentToDeletedS/p50", QT_TRANSLATE_NOOP("Figures", "Sent to deleted p50")},
    {"sentToDeletedS/p95", QT_TRANSLATE_NOOP("Figures", "Sent to deleted p95")},
    {"sentToDeletedS/p99", QT_TRANSLATE_NOOP("Figures", "Sent to deleted p99")},
};

QString titleIn(std::span<const Title> titles, std::string_view key)
{
    const auto found = std::ranges::find(titles, key, &Title::key);
    return found == titles.end() ? text(std::string(key)) : tr(found->title);
}

struct Scale {
    double factor = 1;
    QString before, behind;
};

Scale secondsScale(double seconds)
{
    if (seconds < 1.0)
        return {1e3, {}, tr(" ms")};
    if (seconds < 600.0)
        return {1, {}, tr(" s")};
    if (seconds < 7'200.0)
        return {1.0 / 60, {}, tr(" min")};
    return {1.0 / 3600, {}, tr(" h")};
}

Scale scaleOf(const sim::Metric& metric, double size)
{
    if (metric.key.ends_with("Probability") || metric.key == "utilisation")
        return {100, {}, tr(" %")};
    if (metric.unit == "s")
        return secondsScale(size);
    if (metric.unit == "USD")
        return {1, tr("$"), {}};
    if (metric.unit == "GB-s")
        return {1, {}, tr(" GB-s")};
    return {};
}

/// Decimals that leave about four digits that say something.
int decimalsOf(double value)
{
    const double size = std::abs(value);
    if (size == 0 || size >= 1000 || (size == std::round(size) && size >= 1))
        return 0;
    const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
    return std::clamp(4 - before, 0, 9);
}

QString number(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

} // namespace

QString figureTitle(const sim::Metric& metric)
{
    return titleIn(kTitles, metric.key);
}

QString queueFigureTitle(const sim::QueueMetric& metric)
{
    return titleIn(kQueueTitles, metric.key);
}

sim::Metric asMetric(const sim::QueueMetric& metric)
{
    return {.key = metric.key, .unit = metric.unit, .of = nullptr};
}

FigureParts figureParts(const sim::Metric& metric, const std::optional<sim::Estimate>& figure)
{
    if (!figure || !std::isfinite(figure->mean))
        return {QStringLiteral("–"), {}};
    const Scale scale = scaleOf(metric, std::abs(figure->mean));
    const double mean = figure->mean * scale.factor;
    const double half = figure->ci95.value_or(0) * scale.factor;
    // Not more digits of the mean than its confidence interval supports.
    int decimals = decimalsOf(mean);
    if (half > 0)
        decimals
            = std::min(decimals, std::max(0, 1 - static_cast<int>(std::floor(std::log10(half)))));
    // A narrow one still shows, unless it is narrower than anybody cares for.
    for (int more = 0; more < 2 && half > 0 && half < 0.5 * std::pow(10.0, -decimals); ++more)
        ++decimals;
    const bool shown = half >= 0.5 * std::pow(10.0, -decimals);
    const QString value = scale.before + number(mean, decimals) + scale.behind;
    return {value, shown && half > 0 ? number(half, decimals) : QString()};
}

QString figureText(const sim::Metric& metric, const std::optional<sim::Estimate>& figure)
{
    const FigureParts parts = figureParts(metric, figure);
    return parts.half.isEmpty() ? parts.value : tr("%1 ± %2").arg(parts.value, parts.half);
}

Difference differenceOf(const std::optional<sim::Estimate>& now,
                        const std::optional<sim::Estimate>& before)
{
    if (!now || !before)
        return {};
    const double by = now->mean - before->mean;
    if (by == 0)
        return {tr("same"), false};
    const bool beyond = std::abs(by) > std::hypot(now->ci95.value_or(0), before->ci95.value_or(0));
    const QString sign = by > 0 ? QStringLiteral("+") : QStringLiteral("−");
    if (before->mean == 0)
        return {tr("from 0"), beyond};
    const double percent = std::abs(by / before->mean) * 100;
    QString words = percent > 999.5
        ? tr("×%1").arg(number(now->mean / before->mean, 1))
        : tr("%1%2 %").arg(sign, number(percent, percent < 9.95 ? 1 : 0));
    return {beyond ? words : tr("%1 · within ±").arg(words), beyond};
}

QString shortPath(const std::string& path)
{
    const QString whole = text(path);
    return whole.startsWith(QStringLiteral("functions.")) ? whole.mid(10) : whole;
}

QString plainValue(const std::string& json)
{
    const auto parsed = parseJson(json, "");
    return text(parsed && parsed->root().isString() ? parsed->root().string() : json);
}

} // namespace coldframe::ui
