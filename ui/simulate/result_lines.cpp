#include "ui/simulate/result_lines.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <functional>

#include "model/json_text.h"
#include "ui/simulate/figure_text.h"
#include "ui/simulate/figures_model.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("ResultLines", source);
}

StudyLine overTime(const QString& name, QColor Theme::*role, const study::PointResult& point,
                   const study::Series& series, bool kept)
{
    StudyLine line{
        kept ? tr("%1 · kept").arg(name) : name, role, StudyLine::Spread::Band, kept, {}};
    for (std::size_t i = 0; i < series.mean.size(); ++i) // in the middle of its step
        line.points.append({point.fromS + (static_cast<double>(i) + 0.5) * point.stepS,
                            series.mean[i], series.low[i], series.high[i]});
    return line;
}

using SeriesOf = study::Series study::PointResult::*;
struct Shown {
    const char* name;
    QColor Theme::*role;
    QColor Theme::*keptRole;
    SeriesOf series;
};

std::vector<StudyLine> linesOf(std::initializer_list<Shown> all, const study::PointResult& point,
                               const study::PointResult* kept)
{
    std::vector<StudyLine> lines;
    for (const Shown& shown : all)
        lines.push_back(overTime(tr(shown.name), shown.role, point, point.*shown.series, false));
    if (kept)
        for (const Shown& shown : all)
            lines.push_back(
                overTime(tr(shown.name), shown.keptRole, *kept, kept->*shown.series, true));
    return lines;
}

/// Where nothing was throttled there is no line: a red one along the axis would look like trouble.
bool isQuiet(const study::Series& series)
{
    return std::ranges::all_of(series.high, [](double value) { return value == 0; });
}

std::optional<double> numberOf(const std::string& json)
{
    const auto parsed = parseJson(json, "");
    if (!parsed || parsed->root().kind() != JsonValue::Kind::Number)
        return std::nullopt;
    return parsed->root().number();
}

/// The distinct values of the first setting, in the order they were asked for.
struct Swept {
    std::vector<std::string> values;
    bool numbers = true;
    double x(const std::string& value) const
    {
        return numbers ? *numberOf(value)
                       : static_cast<double>(std::ranges::find(values, value) - values.begin());
    }
};

Swept sweptOf(const study::SimulationResult& result)
{
    Swept swept;
    for (const study::PointResult& point : result.points)
        if (const std::string& value = point.settings.front().value;
            std::ranges::find(swept.values, value) == swept.values.end())
            swept.values.push_back(value);
    swept.numbers = std::ranges::all_of(
        swept.values, [](const std::string& value) { return numberOf(value).has_value(); });
    return swept;
}

StudyAxis axisOf(const Swept& swept)
{
    QList<std::pair<double, QString>> places;
    for (const std::string& value : swept.values)
        places.append(
            {swept.x(value),
             swept.numbers ? QLocale().toString(*numberOf(value), 'g', 6) : plainValue(value)});
    std::ranges::sort(places);
    QList<double> values;
    QStringList labels;
    for (const auto& [x, label] : places) {
        values.append(x);
        labels.append(label);
    }
    return valueAxis(values, labels, swept.numbers);
}

struct Measure {
    Quantity quantity;
    double factor;
};

Measure measureOf(const sim::Metric& metric)
{
    if (metric.key.ends_with("Probability"))
        return {Quantity::Share, 1};
    if (metric.unit == "s")
        return {Quantity::Milliseconds, 1e3};
    return {metric.unit == "USD" ? Quantity::Dollars : Quantity::Count, 1};
}

/// Names of the lines a point contributes to, each with the figure there.
using Contribution = std::pair<QString, std::optional<sim::Estimate>>;
using Contributions = std::function<QList<Contribution>(const study::PointResult&)>;

/// The settings after the first, which has the axis.
QString otherSettings(const study::PointResult& point)
{
    QStringList others;
    for (std::size_t i = 1; i < point.settings.size(); ++i)
        others << tr("%1 = %2").arg(shortPath(point.settings[i].path),
                                    plainValue(point.settings[i].value));
    return others.join(QStringLiteral(", "));
}

QList<Contribution> contributionsOf(const study::PointResult& point, const sim::Metric& metric)
{
    if (point.settings.size() > 1)
        return {{otherSettings(point), point.total.figure(metric.key)}};
    QList<Contribution> all;
    for (const study::FunctionResult& function : point.functions)
        all.append({text(function.name), function.figure(metric.key)});
    if (all.size() > 1)
        all.prepend({tr("all functions"), point.total.figure(metric.key)});
    return all;
}

QList<Contribution> contributionsOf(const study::PointResult& point, const sim::QueueMetric& metric)
{
    const QString others = otherSettings(point);
    QList<Contribution> all;
    for (const study::QueueResult& queue : point.queues)
        all.append(
            {others.isEmpty() ? text(queue.name) : tr("%1, %2").arg(text(queue.name), others),
             queue.figure(metric.key)});
    return all;
}

void addLines(std::vector<StudyLine>& lines, const study::SimulationResult& result,
              const Swept& swept, const Measure& measure, const Contributions& contributions,
              bool kept)
{
    const std::size_t first = lines.size();
    for (const study::PointResult& point : result.points)
        for (const auto& [of, figure] : contributions(point)) {
            const QString name = kept ? tr("%1 · kept").arg(of) : of;
            auto line = std::find_if(
                lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(),
                [&name = name](const StudyLine& other) { return other.name == name; });
            if (line == lines.end()) {
                lines.push_back(
                    {name, lineRole(lines.size() - first), StudyLine::Spread::Bars, kept, {}});
                line = lines.end() - 1;
            }
            const double mean = figure ? figure->mean * measure.factor : std::nan("");
            const double half = figure ? figure->ci95.value_or(0) * measure.factor : 0;
            line->points.append({swept.x(point.settings.front().value), mean,
                                 std::max(0.0, mean - half), mean + half});
        }
    for (auto line = lines.begin() + static_cast<std::ptrdiff_t>(first); line != lines.end();
         ++line)
        std::ranges::stable_sort(line->points, {}, &SpreadPoint::x);
}

Family familyOf(const study::SimulationResult& result, const study::SimulationResult* kept,
                const Measure& measure, const Contributions& contributions)
{
    Family family{.quantity = measure.quantity, .axis = {}, .lines = {}};
    if (!isSweep(result))
        return family;
    const Swept swept = sweptOf(result);
    family.axis = axisOf(swept);
    addLines(family.lines, result, swept, measure, contributions, false);
    // Only what was swept alike lies on the same axis.
    if (kept && isSweep(*kept)
        && kept->points.front().settings.front().path
            == result.points.front().settings.front().path) {
        const Swept before = sweptOf(*kept);
        if (before.numbers == swept.numbers && (swept.numbers || before.values == swept.values))
            addLines(family.lines, *kept, before, measure, contributions, true);
    }
    family.leftOut = std::max(0, static_cast<int>(family.lines.size()) - kMostLines);
    return family;
}

} // namespace

std::vector<StudyLine> concurrencyLines(const study::PointResult& point,
                                        const study::PointResult* kept)
{
    return linesOf({{QT_TRANSLATE_NOOP("ResultLines", "instances"), &Theme::idle, &Theme::dim,
                     &study::PointResult::alive},
                    {QT_TRANSLATE_NOOP("ResultLines", "in use"), &Theme::busy, &Theme::jsonKey,
                     &study::PointResult::inUse}},
                   point, kept);
}

std::vector<StudyLine> eventLines(const study::PointResult& point, const study::PointResult* kept)
{
    const Shown cold{QT_TRANSLATE_NOOP("ResultLines", "cold starts"), &Theme::initialising,
                     &Theme::jsonKey, &study::PointResult::coldStarts};
    if (isQuiet(point.rejections) && (!kept || isQuiet(kept->rejections)))
        return linesOf({cold}, point, kept);
    return linesOf({cold,
                    {QT_TRANSLATE_NOOP("ResultLines", "throttled"), &Theme::bad, &Theme::dim,
                     &study::PointResult::rejections}},
                   point, kept);
}

std::vector<StudyLine> queueLines(const study::PointResult& point, const study::PointResult* kept)
{
    std::vector<StudyLine> lines;
    const auto add = [&lines](const study::PointResult& of, bool isKept) {
        std::size_t at = 0;
        for (const study::QueueResult& queue : of.queues)
            lines.push_back(overTime(text(queue.name), lineRole(at++), of, queue.depth, isKept));
    };
    add(point, false);
    if (kept)
        add(*kept, true);
    return lines;
}

StudyAxis timeAxisOf(const study::PointResult& point)
{
    return timeAxis(point.fromS,
                    point.fromS + point.stepS * static_cast<double>(point.inUse.mean.size()));
}

Family familyOf(const study::SimulationResult& result, const study::SimulationResult* kept,
                const sim::Metric& metric)
{
    return familyOf(result, kept, measureOf(metric), [&metric](const study::PointResult& point) {
        return contributionsOf(point, metric);
    });
}

Family familyOf(const study::SimulationResult& result, const study::SimulationResult* kept,
                const sim::QueueMetric& metric)
{
    return familyOf(
        result, kept, measureOf(asMetric(metric)),
        [&metric](const study::PointResult& point) { return contributionsOf(point, metric); });
}

} // namespace coldframe::ui
