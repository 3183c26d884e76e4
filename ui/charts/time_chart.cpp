#include "ui/charts/time_chart.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QLineSeries>
#include <QToolTip>
#include <QValueAxis>
#include <QWheelEvent>

#include "ui/charts/chart_text.h"
#include "ui/charts/mark_lines.h"

namespace coldframe::ui {

namespace {

using chart_text::kLabelPoints;
constexpr double kHoverPixels = 4.0; ///< to either side of a mark
constexpr float kAreaOpacity = 0.62F;

} // namespace

TimeChart::TimeChart(Quantity quantity, bool whole, QWidget* parent)
    : QChartView(parent), m_quantity(quantity), m_range(whole), m_time(new QValueAxis(this)),
      m_value(new QValueAxis(this)), m_marks(new MarkLines(chart()))
{
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setLocalizeNumbers(true);
    chart()->addAxis(m_time, Qt::AlignBottom);
    chart()->addAxis(m_value, Qt::AlignLeft);
    m_time->setRange(-kShownSeconds, 0.0);
    m_time->setTickCount(5);
    m_time->setLabelFormat(tr("%.0f s")); // %d comes out empty once numbers are localised
    setFrameShape(NoFrame);
    setMinimumHeight(QFontMetrics(uiFont()).height() * 6); // below that the column scrolls
    setRenderHint(QPainter::Antialiasing);
    setFocusPolicy(Qt::NoFocus);
    setBackgroundBrush(Qt::NoBrush);
    setStyleSheet(QStringLiteral("QGraphicsView { background: transparent }"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // One repaint of the whole is cheaper than the union of many small ones.
    setViewportUpdateMode(FullViewportUpdate);
    connect(chart(), &QChart::plotAreaChanged, this, [this] {
        for (const Line& line : m_lines)
            line.item->relayout();
        m_marks->relayout();
    });
    styleAxes();
    applyRange();
}

void TimeChart::addArea(ColorRole role)
{
    Area area{new QAreaSeries(this), new QLineSeries(this), role};
    area.series->setUpperSeries(area.edge);
    if (!m_areas.empty())
        area.series->setLowerSeries(m_areas.back().edge);
    area.series->setVisible(false);
    chart()->addSeries(area.series);
    area.series->attachAxis(m_time);
    area.series->attachAxis(m_value);
    m_areas.push_back(area);
}

void TimeChart::addLine(ColorRole role, Qt::PenStyle style)
{
    m_lines.push_back({new GapLine(chart()), role, style});
    applyRange();
}

void TimeChart::fit(double highest)
{
    if (m_range.follow(highest))
        applyRange();
}

void TimeChart::setAreas(const std::vector<QList<QPointF>>& edges)
{
    for (std::size_t i = 0; i < m_areas.size() && i < edges.size(); ++i) {
        QList<QPointF> points = edges[i];
        for (QPointF& point : points)
            point.ry() *= m_unit.factor;
        m_areas[i].edge->replace(points);
        m_areas[i].series->setVisible(!points.isEmpty()); // else an edge of nothing is drawn
    }
}

void TimeChart::setLine(std::size_t index, PointRuns runs)
{
    for (QList<QPointF>& run : runs)
        for (QPointF& point : run)
            point.ry() *= m_unit.factor;
    m_lines[index].item->setRuns(std::move(runs));
}

void TimeChart::setMarks(const std::shared_ptr<const session::Snapshot>& picture)
{
    m_picture = picture;
    QList<double> seconds;
    for (const session::Mark& mark : picture->marks)
        seconds.append(std::min(0.0, toSeconds(mark.at - picture->now)));
    m_marks->setTimes(std::move(seconds));
}

QString TimeChart::markAt(QPoint position) const
{
    const QRectF area = chart()->plotArea();
    if (!m_picture || area.width() <= 0
        || !area.contains(chart()->mapFromScene(mapToScene(position))))
        return {};
    const double perPixel = kShownSeconds / area.width();
    const double before = (area.right() - position.x()) * perPixel;
    const auto duration
        = [](double seconds) { return Duration(static_cast<Duration::rep>(seconds * 1e9)); };
    return textOfMarks(m_picture->marks, m_picture->now - duration(before),
                       duration(kHoverPixels * perPixel));
}

bool TimeChart::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const QString said = markAt(help->pos()); !said.isEmpty()) {
            QToolTip::showText(help->globalPos(), said, viewport());
            return true;
        }
    }
    return QChartView::viewportEvent(event);
}

void TimeChart::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_marks->setPen(QPen(theme.accent, 1.0, Qt::DotLine));
    for (const Area& area : m_areas) {
        const QColor strong = theme.*area.role;
        QColor soft = strong;
        soft.setAlphaF(kAreaOpacity);
        area.series->setBrush(soft);
        area.series->setPen(QPen(strong, 1.0));
    }
    for (const Line& line : m_lines)
        line.item->setPen(
            QPen(theme.*line.role, line.style == Qt::SolidLine ? 1.4 : 1.0, line.style));
    styleAxes();
}

QList<QPointF> TimeChart::areaEdge(std::size_t index) const
{
    return m_areas[index].edge->points();
}

QSize TimeChart::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, fontMetrics().height() * 8};
}

QSize TimeChart::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 22, fontMetrics().height() * 5};
}

void TimeChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    // Qt Charts turns labels into dots when there is too little room around them.
    const int text = QFontMetrics(uiFont(kLabelPoints)).height();
    const int labels = (height() - 2 * text) / (text + 6);
    if (m_range.setMostSteps(std::clamp(labels - 1, 2, kMostSteps)))
        applyRange();
}

void TimeChart::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

void TimeChart::styleAxes()
{
    for (QValueAxis* axis : {m_time, m_value}) {
        axis->setLineVisible(false);
        axis->setMinorTickCount(0);
        axis->setLabelsFont(uiFont(kLabelPoints));
        axis->setLabelsColor(m_theme->dim);
        axis->setGridLinePen(QPen(m_theme->grid, 1.0));
    }
    m_time->setGridLineVisible(false);
}

void TimeChart::applyRange()
{
    const NiceRange& range = m_range.range();
    m_unit = unitFor(m_quantity, range.max);
    m_value->setRange(0.0, range.max * m_unit.factor);
    m_value->setTickCount(range.steps + 1);
    m_value->setLabelFormat(QStringLiteral("%.%1f").arg(decimalsFor(range, m_unit.factor))
                            + m_unit.suffix);
    for (const Line& line : m_lines)
        line.item->setRanges({-kShownSeconds, 0.0, kShownSeconds, range.max * m_unit.factor});
}

} // namespace coldframe::ui
