#include "ui/replay/replay_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <string_view>

#include "ui/simulate/figure_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Replay", source);
}

struct Title {
    std::string_view key;
    const char* title;
};
constexpr Title kTitles[] = {
    {"invocations", QT_TRANSLATE_NOOP("Replay", "Invocations")},
    {"coldStarts", QT_TRANSLATE_NOOP("Replay", "Cold starts")},
    {"throttled", QT_TRANSLATE_NOOP("Replay", "Throttled")},
    {"waits", QT_TRANSLATE_NOOP("Replay", "Waited in the queue")},
    {"failedAttempts", QT_TRANSLATE_NOOP("Replay", "Failed attempts")},
    {"retries", QT_TRANSLATE_NOOP("Replay", "Retries")},
    {"deadLetters", QT_TRANSLATE_NOOP("Replay", "Dead letters")},
    {"unfinished", QT_TRANSLATE_NOOP("Replay", "Unfinished")},
    {"p50Ms", QT_TRANSLATE_NOOP("Replay", "Platform time p50")},
    {"p95Ms", QT_TRANSLATE_NOOP("Replay", "Platform time p95")},
    {"p99Ms", QT_TRANSLATE_NOOP("Replay", "Platform time p99")},
    {"peakConcurrency", QT_TRANSLATE_NOOP("Replay", "Concurrency, peak")},
    {"billedGbS", QT_TRANSLATE_NOOP("Replay", "Billed")},
    {"costUsd", QT_TRANSLATE_NOOP("Replay", "Cost")},
};

QString share(std::uint64_t part, std::uint64_t all)
{
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(all);
    return tr("%1 %").arg(QLocale().toString(percent, 'f', part == all ? 0 : 1));
}

} // namespace

QString pairTitle(const study::FigurePair& pair)
{
    for (const Title& title : kTitles)
        if (title.key == pair.key)
            return tr(title.title);
    return QString::fromUtf8(pair.title);
}

QString pairValue(const study::FigurePair& pair, const std::optional<double>& value)
{
    if (!value)
        return QStringLiteral("–");
    const std::string_view unit = pair.unit;
    if (unit == "USD")
        return dollarsText(*value);
    // The same figures as those of a simulation, so that they read alike.
    const bool ms = unit == "ms";
    const sim::Metric metric{pair.key, ms ? "s" : unit, nullptr};
    return figureParts(metric, sim::Estimate{.mean = ms ? *value * 1e-3 : *value}).value;
}

QString pairDifference(const study::FigurePair& pair)
{
    const auto difference = pair.difference();
    if (!difference)
        return {};
    if (*difference == 0)
        return tr("same");
    return (*difference > 0 ? QStringLiteral("+") : QStringLiteral("−"))
        + pairValue(pair, std::abs(*difference));
}

QString pairPercent(const study::FigurePair& pair)
{
    const auto difference = pair.difference();
    if (!difference || *difference == 0)
        return {};
    if (*pair.recorded == 0)
        return tr("from 0");
    const double percent = *difference / *pair.recorded * 100;
    if (percent > 999.5) {
        const double times = *pair.replayed / *pair.recorded;
        return tr("×%1").arg(QLocale().toString(times, 'f', times < 100 ? 1 : 0));
    }
    return tr("%1%2 %").arg(
        percent > 0 ? QStringLiteral("+") : QStringLiteral("−"),
        QLocale().toString(std::abs(percent), 'f', std::abs(percent) < 9.95 ? 1 : 0));
}

QString originsText(const sim::Origins& origins)
{
    if (origins.all() == 0)
        return tr("Nothing was started, so there are no times.");
    QString words = tr("%1 of the times are those recorded for the same attempt")
                        .arg(share(origins.taken, origins.all()));
    if (origins.drawn > 0)
        words += tr(", %1 are drawn from the function's recorded ones")
                     .arg(share(origins.drawn, origins.all()));
    if (origins.assumed > 0)
        words += tr(", %1 are assumed to be zero, as the function has no recorded one")
                     .arg(share(origins.assumed, origins.all()));
    return words + tr(".");
}

} // namespace coldframe::ui
