#include <QChart>
#include <QPainter>
#include <QPainterPath>

#include "ui/charts/spread_item.h"

#include <cmath>

namespace coldframe::ui {

namespace {

constexpr float kBandOpacity = 0.20F, kKeptBandOpacity = 0.10F;
constexpr double kBarHalf = 3.0; ///< pixels of a bar's end to each side
constexpr double kDot = 2.6; ///< radius of a point that was simulated
constexpr double kLoneDot = 1.6; ///< radius of a value alone between gaps

} // namespace

SpreadItem::SpreadItem(QChart* chart, StudyLine line)
    : QGraphicsItem(chart), m_chart(chart), m_line(std::move(line))
{
    setZValue(m_line.kept ? 90.0 : 100.0);
    setAcceptedMouseButtons(Qt::NoButton);
}

void SpreadItem::setRange(const StudyAxis& axis, double top)
{
    m_axis = axis;
    m_top = top;
    update();
}

void SpreadItem::setTheme(const Theme& theme)
{
    m_color = theme.*m_line.role;
    update();
}

void SpreadItem::relayout()
{
    prepareGeometryChange();
    update();
}

QRectF SpreadItem::boundingRect() const
{
    return m_chart->plotArea().adjusted(-kBarHalf, -kBarHalf, kBarHalf, kBarHalf);
}

QList<SpreadItem::Run> SpreadItem::runs() const
{
    const QRectF area = m_chart->plotArea();
    const auto y = [&](double value) { return area.bottom() - value / m_top * area.height(); };
    QList<Run> made;
    bool inGap = true;
    for (const SpreadPoint& point :
         thinned(m_line.points, m_axis, static_cast<int>(area.width()))) {
        if (!std::isfinite(point.y)) {
            inGap = true;
            continue;
        }
        if (inGap)
            made.append(Run());
        inGap = false;
        made.back().append({area.left() + m_axis.place(point.x) * area.width(), y(point.y),
                            y(std::isfinite(point.low) ? point.low : point.y),
                            y(std::isfinite(point.high) ? point.high : point.y)});
    }
    return made;
}

void SpreadItem::paintBand(QPainter& painter, const Run& run) const
{
    QPolygonF band;
    for (const SpreadPoint& point : run)
        band.append({point.x, point.high});
    for (auto point = run.rbegin(); point != run.rend(); ++point)
        band.append({point->x, point->low});
    QColor soft = m_color;
    soft.setAlphaF(m_line.kept ? kKeptBandOpacity : kBandOpacity);
    painter.setPen(Qt::NoPen);
    painter.setBrush(soft);
    painter.drawPolygon(band);
}

void SpreadItem::paintBars(QPainter& painter, const Run& run) const
{
    painter.setPen(QPen(m_color, 1.0));
    for (const SpreadPoint& point : run) {
        if (point.low == point.high)
            continue;
        painter.drawLine(QPointF(point.x, point.low), QPointF(point.x, point.high));
        for (const double end : {point.low, point.high})
            painter.drawLine(QPointF(point.x - kBarHalf, end), QPointF(point.x + kBarHalf, end));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_color);
    for (const SpreadPoint& point : run)
        painter.drawEllipse(QPointF(point.x, point.y), kDot, kDot);
}

void SpreadItem::paintLine(QPainter& painter, const Run& run) const
{
    QPen pen(m_color, m_line.kept ? 1.2 : 1.5, m_line.kept ? Qt::DashLine : Qt::SolidLine);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(Qt::RoundCap);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    QList<QPointF> points;
    for (const SpreadPoint& point : run)
        points.append({point.x, point.y});
    if (points.size() == 1) { // between two gaps: a dot, or it would not be seen
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_color);
        painter.drawEllipse(points.front(), kLoneDot, kLoneDot);
    } else {
        painter.drawPolyline(points.constData(), static_cast<int>(points.size()));
    }
}

void SpreadItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    if (m_chart->plotArea().isEmpty())
        return;
    painter->save();
    painter->setClipRect(boundingRect());
    painter->setRenderHint(QPainter::Antialiasing);
    for (const Run& run : runs()) {
        if (m_line.spread == StudyLine::Spread::Band)
            paintBand(*painter, run);
        paintLine(*painter, run);
        if (m_line.spread == StudyLine::Spread::Bars)
            paintBars(*painter, run);
    }
    painter->restore();
}

} // namespace coldframe::ui
