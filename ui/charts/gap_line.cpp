#include <QChart>
#include <QPainter>

#include "ui/charts/gap_line.h"

namespace coldframe::ui {

GapLine::GapLine(QChart* chart) : QGraphicsItem(chart), m_chart(chart)
{
    setZValue(100.0); // above the areas
    setAcceptedMouseButtons(Qt::NoButton);
}

void GapLine::setRuns(PointRuns runs)
{
    m_runs = std::move(runs);
    update();
}

void GapLine::setPen(const QPen& pen)
{
    m_pen = pen;
    m_pen.setCapStyle(Qt::RoundCap); // a lone point becomes a dot
    m_pen.setJoinStyle(Qt::RoundJoin);
    update();
}

void GapLine::relayout()
{
    prepareGeometryChange();
    update();
}

void GapLine::setRanges(QRectF values)
{
    m_values = values;
    update();
}

QRectF GapLine::boundingRect() const
{
    return m_chart->plotArea();
}

void GapLine::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const QRectF area = boundingRect();
    if (area.isEmpty() || m_runs.empty())
        return;
    const double scaleX = area.width() / m_values.width();
    const double scaleY = area.height() / m_values.height();
    const auto onScreen = [&](QPointF point) {
        return QPointF(area.left() + (point.x() - m_values.left()) * scaleX,
                       area.bottom() - (point.y() - m_values.top()) * scaleY);
    };
    painter->save();
    painter->setClipRect(area);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(m_pen);
    QList<QPointF> line;
    for (const QList<QPointF>& run : m_runs) {
        line.resize(0);
        for (const QPointF& point : run)
            line.append(onScreen(point));
        if (line.size() == 1)
            painter->drawPoint(line.front());
        else
            painter->drawPolyline(line.constData(), static_cast<int>(line.size()));
    }
    painter->restore();
}

} // namespace coldframe::ui
