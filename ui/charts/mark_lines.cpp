#include "ui/charts/mark_lines.h"

#include <QChart>
#include <QPainter>

#include "ui/charts/time_chart.h"
#include "ui/support/format.h"

namespace coldframe::ui {

QString textOfMarks(const std::vector<session::Mark>& marks, TimePoint at, Duration within)
{
    QStringList lines;
    for (const session::Mark& mark : marks)
        if (mark.at - at <= within && at - mark.at <= within)
            lines.append(clockText(mark.at) + QStringLiteral("  ") + text(mark.text));
    return lines.join(QLatin1Char('\n'));
}

MarkLines::MarkLines(QChart* chart) : QGraphicsItem(chart), m_chart(chart)
{
    setZValue(90.0); // above the areas, below the lines
    setAcceptedMouseButtons(Qt::NoButton);
}

void MarkLines::setTimes(QList<double> seconds)
{
    if (m_seconds == seconds)
        return;
    m_seconds = std::move(seconds);
    update();
}

void MarkLines::setPen(const QPen& pen)
{
    m_pen = pen;
    update();
}

void MarkLines::relayout()
{
    prepareGeometryChange();
    update();
}

QRectF MarkLines::boundingRect() const
{
    return m_chart->plotArea();
}

void MarkLines::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const QRectF area = boundingRect();
    painter->setPen(m_pen);
    for (const double seconds : m_seconds) {
        const double x = area.right() + seconds / TimeChart::kShownSeconds * area.width();
        if (x >= area.left())
            painter->drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
}

} // namespace coldframe::ui
