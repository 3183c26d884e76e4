#include "ui/charts/study_lines.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/charts/chart_text.h"

namespace coldframe::ui {

namespace {

constexpr double kLogarithmicFrom = 8; ///< highest to lowest value

using chart_text::tr;

struct TimeUnit {
    double seconds;
    const char* label;
    std::initializer_list<double> steps;
};

const TimeUnit& unitOf(double span)
{
    static const TimeUnit kUnits[] = {
        {1, QT_TRANSLATE_NOOP("Charts", "%1 s"), {0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60}},
        {60, QT_TRANSLATE_NOOP("Charts", "%1 min"), {1, 2, 5, 10, 15, 20, 30, 60}},
        {3600, QT_TRANSLATE_NOOP("Charts", "%1 h"), {1, 2, 3, 4, 6, 12, 24}},
        {86400, QT_TRANSLATE_NOOP("Charts", "%1 d"), {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}},
    };
    for (std::size_t i = 0; i < 3; ++i)
        if (span <= std::array{180.0, 10'800.0, 259'200.0}[i])
            return kUnits[i];
    return kUnits[3];
}

} // namespace

QColor Theme::*lineRole(std::size_t index)
{
    static constexpr std::array kRoles{&Theme::busy,       &Theme::initialising, &Theme::good,
                                       &Theme::jsonKey,    &Theme::bad,          &Theme::idle,
                                       &Theme::jsonNumber, &Theme::dim};
    static_assert(kRoles.size() == kMostLines);
    return kRoles[index % kRoles.size()];
}

double StudyAxis::place(double x) const
{
    if (to <= from)
        return 0.5;
    if (logarithmic)
        return std::log(x / from) / std::log(to / from);
    return (x - from) / (to - from);
}

StudyAxis timeAxis(double fromS, double toS, int mostMarks)
{
    StudyAxis axis{.from = fromS, .to = std::max(toS, fromS + 1e-9), .marks = {}};
    const TimeUnit& unit = unitOf(toS - fromS);
    double step = *(unit.steps.end() - 1);
    for (const double candidate : unit.steps)
        if ((toS - fromS) / unit.seconds / candidate < mostMarks) {
            step = candidate;
            break;
        }
    while ((toS - fromS) / unit.seconds / step >= mostMarks) // a century
        step *= 2;
    const double first = std::ceil(fromS / unit.seconds / step - 1e-9) * step;
    for (int i = 0; first + i * step <= toS / unit.seconds * (1 + 1e-12); ++i) {
        const double value = first + i * step;
        axis.marks.append({value * unit.seconds,
                           tr(unit.label).arg(QLocale().toString(value, 'f', step < 1 ? 1 : 0))});
    }
    return axis;
}

StudyAxis valueAxis(const QList<double>& values, const QStringList& labels, bool numbers,
                    int mostMarks)
{
    StudyAxis axis;
    if (values.isEmpty())
        return axis;
    const auto [least, most] = std::ranges::minmax(values);
    axis.from = least;
    axis.to = most;
    axis.logarithmic = numbers && least > 0 && most / least >= kLogarithmicFrom;
    if (!numbers) { // room for the names at both ends
        axis.from -= 0.5;
        axis.to += 0.5;
    }
    const qsizetype each = (values.size() + mostMarks - 1) / mostMarks;
    double last = -1;
    for (qsizetype i = 0; i < values.size(); i += each) {
        const double at = axis.place(values[i]);
        if (last >= 0 && std::abs(at - last) < 0.6 / mostMarks)
            continue; // its label would lie over the one before
        last = at;
        axis.marks.append({values[i], labels.value(i)});
    }
    return axis;
}

QList<SpreadPoint> thinned(const QList<SpreadPoint>& points, const StudyAxis& axis, int columns)
{
    if (columns < 1 || points.size() <= 2 * static_cast<qsizetype>(columns))
        return points;
    QList<SpreadPoint> kept;
    const auto columnOf
        = [&](const SpreadPoint& point) { return static_cast<int>(axis.place(point.x) * columns); };
    for (qsizetype first = 0; first < points.size();) {
        SpreadPoint lowest = points[first], highest = points[first];
        double low = lowest.low, high = lowest.high;
        qsizetype next = first + 1;
        for (; next < points.size() && columnOf(points[next]) == columnOf(points[first]); ++next) {
            const SpreadPoint& point = points[next];
            lowest = point.y < lowest.y ? point : lowest;
            highest = point.y > highest.y ? point : highest;
            low = std::min(low, point.low);
            high = std::max(high, point.high);
        }
        for (SpreadPoint* point : {&lowest, &highest})
            point->low = low, point->high = high;
        if (lowest.x > highest.x)
            std::swap(lowest, highest);
        kept.append(lowest);
        if (lowest.x != highest.x)
            kept.append(highest);
        first = next;
    }
    return kept;
}

double highestOf(const std::vector<StudyLine>& lines)
{
    double highest = 0;
    for (const StudyLine& line : lines)
        for (const SpreadPoint& point : line.points)
            for (const double value : {point.y, point.high})
                if (std::isfinite(value))
                    highest = std::max(highest, value);
    return highest;
}

} // namespace coldframe::ui
