#pragma once

#include <QColor>
#include <QList>
#include <QString>

#include <vector>

#include "ui/charts/nice_range.h"
#include "ui/theme/theme.h"

// What a chart of a finished study shows, and where its axis has marks. No painting.
namespace coldframe::ui {

/// A value and what it varies between. A gap where `y` is not finite.
struct SpreadPoint {
    double x = 0, y = 0, low = 0, high = 0;
    bool operator==(const SpreadPoint&) const = default;
};

struct StudyLine {
    enum class Spread { None, Band, Bars };
    QString name;
    QColor Theme::*role = nullptr;
    Spread spread = Spread::None;
    bool kept = false; ///< of an earlier result: dashed
    QList<SpreadPoint> points; ///< in rising x
};

/// Most lines in one chart; more cannot be told apart.
inline constexpr int kMostLines = 8;
/// The colour role of a line by its place; they repeat after kMostLines.
QColor Theme::*lineRole(std::size_t index);

/// Where the x axis begins and ends, and its marks, all in the lines' own x.
struct StudyAxis {
    struct Mark {
        double x = 0;
        QString label;
    };
    double from = 0, to = 1;
    bool logarithmic = false; ///< places are by the logarithm of x
    QList<Mark> marks;
    /// 0 … 1 from left to right.
    double place(double x) const;
};

/// Seconds of simulated time, in the unit that suits: "0 h", "4 h", …
StudyAxis timeAxis(double fromS, double toS, int mostMarks = 7);
/// Values of a setting. Numbers lie where they belong, by their logarithm when they span much; text
/// at equal distances: its x is its index.
StudyAxis valueAxis(const QList<double>& values, const QStringList& labels, bool numbers,
                    int mostMarks = 10);

/// At most two points a pixel column: those with the lowest and highest y, with the spread of all.
/// Lines that are short enough stay as they are.
QList<SpreadPoint> thinned(const QList<SpreadPoint>& points, const StudyAxis& axis, int columns);

double highestOf(const std::vector<StudyLine>& lines);

} // namespace coldframe::ui
