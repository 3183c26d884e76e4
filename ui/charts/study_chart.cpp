#include "ui/charts/study_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QLocale>
#include <QToolTip>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "ui/charts/chart_text.h"
#include "ui/charts/spread_item.h"

namespace coldframe::ui {

namespace {

using chart_text::kLabelPoints;
constexpr int kRightMargin = 20; ///< pixels: half of the last label
constexpr int kPlaces = 1000; ///< the x axis of Qt Charts counts from 0 to this

const SpreadPoint* nearest(const QList<SpreadPoint>& points, double place, const StudyAxis& axis)
{
    const SpreadPoint* best = nullptr;
    double distance = 0;
    for (const SpreadPoint& point : points) {
        const double here = std::abs(axis.place(point.x) - place);
        if (std::isfinite(point.y) && (!best || here < distance)) {
            best = &point;
            distance = here;
        }
    }
    return best;
}

} // namespace

StudyChart::StudyChart(QWidget* parent)
    : QChartView(parent), m_x(new QCategoryAxis(this)), m_y(new QValueAxis(this))
{
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({0, 0, kRightMargin, 0});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setLocalizeNumbers(true);
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_y, Qt::AlignLeft);
    m_x->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    m_x->setRange(0, kPlaces);
    setFrameShape(NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setFocusPolicy(Qt::NoFocus);
    setBackgroundBrush(Qt::NoBrush);
    setStyleSheet(QStringLiteral("QGraphicsView { background: transparent }"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(FullViewportUpdate);
    connect(chart(), &QChart::plotAreaChanged, this, [this] {
        for (SpreadItem* item : m_items)
            item->relayout();
    });
    styleAxes();
}

void StudyChart::show(Quantity quantity, StudyAxis axis, std::vector<StudyLine> lines)
{
    m_quantity = quantity;
    m_axis = std::move(axis);
    m_lines = std::move(lines);
    if (m_lines.size() > kMostLines)
        m_lines.resize(kMostLines);
    for (SpreadItem* item : m_items)
        delete item;
    m_items.clear();
    for (const StudyLine& line : m_lines) {
        m_items.push_back(new SpreadItem(chart(), line));
        m_items.back()->setTheme(*m_theme);
    }
    applyRanges();
}

void StudyChart::applyRanges()
{
    const int text = QFontMetrics(uiFont(kLabelPoints)).height();
    // Qt Charts turns labels into dots when there is too little room around them.
    const int labels = (height() - 2 * text) / (text + 6);
    m_range = niceRange(highestOf(m_lines), false, std::clamp(labels - 1, 2, kMostSteps));
    m_unit = unitFor(m_quantity, m_range.max);
    m_y->setRange(0.0, m_range.max * m_unit.factor);
    m_y->setTickCount(m_range.steps + 1);
    m_y->setLabelFormat(QStringLiteral("%.%1f").arg(decimalsFor(m_range, m_unit.factor))
                        + QString(m_unit.suffix).replace(QLatin1Char('%'), QStringLiteral("%%")));
    for (const QString& label : m_x->categoriesLabels())
        m_x->remove(label);
    const auto every = static_cast<qsizetype>(marksToOneLabel());
    for (qsizetype i = 0; i < m_axis.marks.size(); i += every)
        m_x->append(m_axis.marks[i].label,
                    std::clamp(m_axis.place(m_axis.marks[i].x), 0.0, 1.0) * kPlaces);
    for (SpreadItem* item : m_items)
        item->setRange(m_axis, m_range.max);
}

/// Qt Charts turns a label into dots that is wider than half the way to the next one.
int StudyChart::marksToOneLabel() const
{
    const QFontMetrics metrics(uiFont(kLabelPoints));
    int widest = 0;
    for (const StudyAxis::Mark& mark : m_axis.marks)
        widest = std::max(widest, metrics.horizontalAdvance(mark.label));
    const auto ways = static_cast<double>(std::max<qsizetype>(m_axis.marks.size() - 1, 1));
    const double room
        = std::max(width() - metrics.horizontalAdvance(QStringLiteral("00,000 /s")), 1);
    return std::max(1, static_cast<int>(std::ceil((2 * widest + 4) * ways / room)));
}

void StudyChart::setTheme(const Theme& theme)
{
    m_theme = &theme;
    for (SpreadItem* item : m_items)
        item->setTheme(theme);
    styleAxes();
}

void StudyChart::styleAxes()
{
    for (QValueAxis* axis : {static_cast<QValueAxis*>(m_x), m_y}) {
        axis->setLineVisible(false);
        axis->setMinorTickCount(0);
        axis->setLabelsFont(uiFont(kLabelPoints));
        axis->setLabelsColor(m_theme->dim);
        axis->setGridLinePen(QPen(m_theme->grid, 1.0));
    }
    m_x->setGridLineVisible(false);
}

QString StudyChart::valueText(double value) const
{
    const double shown = value * m_unit.factor;
    const double size = std::abs(shown);
    return QLocale().toString(shown, 'f',
                              size >= 100 || size == 0 ? 0
                                  : size >= 10         ? 1
                                                       : 3)
        + m_unit.suffix;
}

QString StudyChart::describe(QPoint position) const
{
    const QRectF area = chart()->plotArea();
    if (area.isEmpty() || !area.contains(chart()->mapFromScene(mapToScene(position))))
        return {};
    const double place
        = (chart()->mapFromScene(mapToScene(position)).x() - area.left()) / area.width();
    QStringList said;
    for (const StudyLine& line : m_lines) {
        const SpreadPoint* point = nearest(line.points, place, m_axis);
        if (!point)
            continue;
        QString words = tr("%1: %2").arg(line.name, valueText(point->y));
        if (line.spread != StudyLine::Spread::None && point->low < point->high)
            words += tr(" (%1 – %2)").arg(valueText(point->low), valueText(point->high));
        said << words;
    }
    return said.join(QLatin1Char('\n'));
}

bool StudyChart::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(help->pos()), viewport());
        return true;
    }
    return QChartView::viewportEvent(event);
}

void StudyChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    applyRanges();
}

/// What is around the chart scrolls, not the chart.
void StudyChart::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

QSize StudyChart::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 48, fontMetrics().height() * 9};
}

QSize StudyChart::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30, fontMetrics().height() * 6};
}

} // namespace coldframe::ui
