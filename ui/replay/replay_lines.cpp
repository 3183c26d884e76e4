#include "ui/replay/replay_lines.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("ReplayLines", source);
}

/// What of a run is drawn: its values, and where in its span each stands.
struct Drawn {
    const char* name;
    QColor Theme::*role;
    double span; ///< seconds of one value
    double place; ///< of it within its span, 0 … 1
};

/// `values` gives a range of numbers of a course; not finite ones are gaps.
template <typename Values>
void addBoth(std::vector<StudyLine>& lines, const study::Comparison& comparison, bool played,
             const Drawn& drawn, const Values& values)
{
    const auto add = [&](const study::Course& course, bool recorded) {
        StudyLine line{recorded ? tr("%1 · recorded").arg(tr(drawn.name)) : tr(drawn.name),
                       drawn.role,
                       StudyLine::Spread::None,
                       recorded,
                       {}};
        if (drawn.place == 1.0) // what is summed up begins with nothing
            line.points.append(SpreadPoint());
        double x = drawn.place * drawn.span;
        for (const double y : values(course)) {
            line.points.append({x, y, y, y});
            x += drawn.span;
        }
        lines.push_back(std::move(line));
    };
    if (played)
        add(comparison.replayed, false);
    add(comparison.recorded, true);
}

double stepOf(const study::Comparison& comparison)
{
    return toSeconds(comparison.step);
}

std::vector<double> orGaps(const std::vector<std::optional<double>>& values)
{
    std::vector<double> made;
    for (const auto& value : values)
        made.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    return made;
}

std::vector<double> summedUp(const std::vector<std::uint32_t>& counts)
{
    std::vector<double> made;
    double sum = 0;
    for (const std::uint32_t count : counts)
        made.push_back(sum += count);
    return made;
}

/// Spans of some steps; the last one may be shorter, and is left out then.
std::vector<double> perSecond(const std::vector<std::uint32_t>& counts, double span)
{
    std::vector<double> made;
    constexpr std::size_t kSteps = sim::RunCourse::kLatencySteps;
    for (std::size_t first = 0; first + kSteps <= counts.size(); first += kSteps) {
        double sum = 0;
        for (std::size_t i = first; i < first + kSteps; ++i)
            sum += counts[i];
        made.push_back(sum / span);
    }
    return made;
}

} // namespace

StudyAxis axisOf(const study::Comparison& comparison, bool played)
{
    const std::size_t steps
        = std::max(comparison.recorded.concurrency.size(),
                   played ? comparison.replayed.concurrency.size() : std::size_t{0});
    return timeAxis(0, stepOf(comparison) * static_cast<double>(steps), 6);
}

std::vector<StudyLine> concurrencyLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    const double step = stepOf(comparison);
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "instances"), &Theme::idle, step, 0.5},
            [](const study::Course& course) { return course.instances; });
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "in use"), &Theme::busy, step, 0.5},
            [](const study::Course& course) { return course.concurrency; });
    return lines;
}

std::vector<StudyLine> latencyLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    const double span = stepOf(comparison) * sim::RunCourse::kLatencySteps;
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "p50"), &Theme::good, span, 0.5},
            [](const study::Course& course) { return orGaps(course.p50Ms); });
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "p95"), &Theme::initialising, span, 0.5},
            [](const study::Course& course) { return orGaps(course.p95Ms); });
    return lines;
}

std::vector<StudyLine> arrivalLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    const double span = stepOf(comparison) * sim::RunCourse::kLatencySteps;
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "arrivals"), &Theme::busy, span, 0.5},
            [span](const study::Course& course) { return perSecond(course.arrived, span); });
    return lines;
}

std::vector<StudyLine> coldStartLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "cold starts"), &Theme::initialising,
             stepOf(comparison), 1.0},
            [](const study::Course& course) { return summedUp(course.coldStarts); });
    return lines;
}

std::vector<StudyLine> throttleLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    // A red line along the axis would look like trouble where there was none.
    const auto any = [](const study::Course& course) {
        return std::ranges::any_of(course.throttled, [](auto count) { return count > 0; });
    };
    if (!any(comparison.recorded) && !(played && any(comparison.replayed)))
        return lines;
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "throttled"), &Theme::bad, stepOf(comparison), 1.0},
            [](const study::Course& course) { return summedUp(course.throttled); });
    return lines;
}

std::vector<StudyLine> costLines(const study::Comparison& comparison, bool played)
{
    std::vector<StudyLine> lines;
    addBoth(lines, comparison, played,
            {QT_TRANSLATE_NOOP("ReplayLines", "cost"), &Theme::busy, stepOf(comparison), 1.0},
            [](const study::Course& course) { return course.costUsd; });
    return lines;
}

} // namespace coldframe::ui
