#include "ui/charts/lanes_view.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <array>

#include "ui/charts/chart_text.h"
#include "ui/charts/mark_lines.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using session::Span;

constexpr int kHoverPixels = 4; ///< to either side of a mark
using chart_text::kLabelPoints;
constexpr int kKinds = 7;

QString kindText(Span::Kind kind)
{
    switch (kind) {
    case Span::Kind::Starting:
        return LanesView::tr("starting (measured)");
    case Span::Kind::Initialising:
        return LanesView::tr("initialising (measured)");
    case Span::Kind::Work:
        return LanesView::tr("work");
    case Span::Kind::Error:
        return LanesView::tr("work, ended in an error");
    case Span::Kind::Idle:
        return LanesView::tr("idle");
    case Span::Kind::DeskWait:
        return LanesView::tr("waiting for a place on this desk");
    case Span::Kind::Debugged:
        return LanesView::tr("held by a debugger, in no statistics");
    }
    return {};
}

QString retirementText(const session::Lane& lane)
{
    const QString at = clockText(*lane.retiredAt);
    const std::string why = engine::describe(lane.stopped);
    return why.empty() ? LanesView::tr("Retired at %1").arg(at)
                       : LanesView::tr("%1 · %2").arg(text(why), at);
}

} // namespace

LanesView::LanesView(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Named: tool tips take on what is said of everything.
    setStyleSheet(QStringLiteral("QAbstractScrollArea { background: transparent }"));
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Instance lanes"));
    setAccessibleDescription(tr("No instances in the last 120 s"));
    measure();
}

void LanesView::showSnapshot(std::shared_ptr<const session::Snapshot> snapshot)
{
    const bool atNewest = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    m_snapshot = std::move(snapshot);
    m_rows = laneRows(*m_snapshot);
    m_summary = laneSummary(*m_snapshot);
    setAccessibleDescription(tr("%1 instances alive, %2 retired in the last 120 s")
                                 .arg(countText(m_summary.alive), countText(m_summary.retired)));
    updateScrollRange();
    if (atNewest)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    viewport()->update();
}

void LanesView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    viewport()->update();
}

QSize LanesView::sizeHint() const
{
    return {m_labelWidth * 10, m_rowHeight * 12 + m_footHeight};
}

QSize LanesView::minimumSizeHint() const
{
    return {m_labelWidth * 6, m_rowHeight * 5 + m_footHeight};
}

void LanesView::measure()
{
    const QFontMetrics label(codeFont(kLabelPoints));
    const QFontMetrics foot(uiFont(kLabelPoints));
    m_rowHeight = std::max(8, qRound(label.height() * 0.9));
    m_labelWidth = label.horizontalAdvance(QStringLiteral("i-000")) + 4;
    m_footHeight = foot.height() + 3;
    m_rightMargin = foot.horizontalAdvance(QStringLiteral("0 s"));
}

void LanesView::updateScrollRange()
{
    const int content = static_cast<int>(m_rows.size()) * m_rowHeight;
    verticalScrollBar()->setPageStep(std::max(1, lanesArea().height()));
    verticalScrollBar()->setSingleStep(m_rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, content - lanesArea().height()));
}

QRect LanesView::lanesArea() const
{
    const bool hidden = m_snapshot && m_snapshot->lanesHidden > 0;
    return {0, 0, viewport()->width(),
            std::max(0, viewport()->height() - m_footHeight * (hidden ? 2 : 1))};
}

LaneScale LanesView::scale() const
{
    return {m_snapshot ? m_snapshot->now : TimePoint{},
            std::max(0, viewport()->width() - m_labelWidth - m_rightMargin)};
}

int LanesView::rowTop(std::size_t row) const
{
    return static_cast<int>(row) * m_rowHeight - verticalScrollBar()->value();
}

QPoint LanesView::pointOf(std::uint32_t instance, TimePoint at) const
{
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].lane && m_rows[row].lane->serial == instance)
            return {m_labelWidth + scale().x(at), rowTop(row) + m_rowHeight / 2};
    return {-1, -1};
}

LanesView::Hit LanesView::hit(QPoint position) const
{
    if (!m_snapshot || !lanesArea().contains(position))
        return {};
    const int row = (position.y() + verticalScrollBar()->value()) / m_rowHeight;
    if (row < 0 || static_cast<std::size_t>(row) >= m_rows.size())
        return {};
    const session::Lane* lane = m_rows[static_cast<std::size_t>(row)].lane;
    const int x = position.x() - m_labelWidth;
    if (!lane || x >= scale().width)
        return {};
    return {lane, x < 0 ? nullptr : spanAt(lane->spans, scale(), x)};
}

std::uint32_t LanesView::workAt(QPoint position) const
{
    const Span* span = hit(position).span;
    const bool work = span
        && (span->kind == Span::Kind::Work || span->kind == Span::Kind::Error
            || span->kind == Span::Kind::Debugged);
    return work ? span->invocation : 0;
}

QString LanesView::describe(QPoint position) const
{
    if (const QString mark = markAt(position); !mark.isEmpty())
        return mark;
    const Hit found = hit(position);
    if (!found.lane)
        return {};
    QString about = laneLabel(found.lane->serial);
    const auto& workspace = m_snapshot->workspace;
    if (workspace && found.lane->function < workspace->functions.size())
        about += QStringLiteral(" · ") + text(workspace->functions[found.lane->function].name);
    for (const engine::Reason& reason : {found.lane->started, found.lane->initAgain})
        if (reason.why != engine::Why::None)
            about += QLatin1Char('\n') + text(engine::describe(reason));
    if (found.lane->retiredAt)
        about += QLatin1Char('\n') + retirementText(*found.lane);
    if (!found.span)
        return about;
    about += QLatin1Char('\n')
        + tr("%1, %2, from %3")
              .arg(kindText(found.span->kind), durationText(found.span->to - found.span->from),
                   clockText(found.span->from));
    if (workAt(position) != 0)
        about += QLatin1Char('\n')
            + tr("invocation %1: click to see it").arg(countText(found.span->invocation));
    return about;
}

bool LanesView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(help->pos()), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void LanesView::mouseMoveEvent(QMouseEvent* event)
{
    const bool work = workAt(event->position().toPoint()) != 0;
    viewport()->setCursor(work ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void LanesView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton ? workAt(event->position().toPoint()) : 0;
}

void LanesView::mouseReleaseEvent(QMouseEvent*)
{
    // The lanes move under the mouse: what was pressed counts, not what is there now.
    if (m_pressed != 0)
        Q_EMIT invocationActivated(std::exchange(m_pressed, 0));
}

void LanesView::wheelEvent(QWheelEvent* event)
{
    if (verticalScrollBar()->maximum() == 0)
        event->ignore(); // the column scrolls
    else
        QAbstractScrollArea::wheelEvent(event);
}

void LanesView::resizeEvent(QResizeEvent* event)
{
    const bool atNewest = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    QAbstractScrollArea::resizeEvent(event);
    updateScrollRange();
    if (atNewest)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void LanesView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
        updateScrollRange();
    }
}

void LanesView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    if (m_rows.empty()) {
        paintHint(painter);
    } else {
        painter.save();
        painter.setClipRect(lanesArea());
        paintRows(painter);
        paintMarks(painter);
        painter.restore();
    }
    paintFoot(painter);
}

void LanesView::paintRows(QPainter& painter)
{
    const LaneScale lanes = scale();
    const int height = std::max(3, m_rowHeight * 3 / 4);
    const int inset = (m_rowHeight - height) / 2;
    std::array<QList<QRect>, kKinds> rects; // one call per kind: thousands of blocks stay cheap
    QList<QRect> ticks;
    painter.setFont(codeFont(kLabelPoints));
    painter.setPen(m_theme->dim);

    const int first = verticalScrollBar()->value() / m_rowHeight;
    for (auto row = static_cast<std::size_t>(first); row < m_rows.size(); ++row) {
        const int top = rowTop(row);
        if (top >= lanesArea().bottom())
            break;
        const session::Lane* lane = m_rows[row].lane;
        if (!lane) {
            painter.drawText(QRect(0, top, viewport()->width(), m_rowHeight),
                             Qt::AlignLeft | Qt::AlignVCenter, m_rows[row].heading);
            continue;
        }
        painter.drawText(QRect(0, top, m_labelWidth, m_rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         laneLabel(lane->serial));
        m_blocks.clear();
        layOutLane(lane->spans, lanes, m_blocks);
        for (const LaneBlock& block : m_blocks) {
            QList<QRect>& of = rects[static_cast<std::size_t>(block.kind)];
            const int left = m_labelWidth + block.left;
            const int width = block.right - block.left;
            if (block.kind == Span::Kind::Idle) {
                of.append({left, top + m_rowHeight / 2 - 1, width, 2});
            } else if (width < 4) {
                of.append({left, top + inset, width, height});
            } else { // two rectangles look like one with round corners, at a tenth of the cost
                of.append({left + 1, top + inset, width - 2, height});
                of.append({left, top + inset + 1, width, height - 2});
            }
        }
        if (lane->retiredAt)
            ticks.append({m_labelWidth + lanes.x(*lane->retiredAt), top + inset, 1, height});
    }

    painter.setPen(Qt::NoPen);
    const auto fill = [&](Span::Kind kind, const QBrush& brush) {
        painter.setBrush(brush);
        painter.drawRects(rects[static_cast<std::size_t>(kind)]);
    };
    fill(Span::Kind::Idle, m_theme->idle);
    fill(Span::Kind::Initialising, m_theme->initialising);
    fill(Span::Kind::Work, m_theme->busy);
    fill(Span::Kind::Error, m_theme->bad);
    fill(Span::Kind::Starting, QBrush(m_theme->dim, Qt::BDiagPattern));
    fill(Span::Kind::DeskWait, QBrush(m_theme->warning, Qt::BDiagPattern));
    fill(Span::Kind::Debugged, QBrush(m_theme->busy, Qt::Dense4Pattern));
    painter.setBrush(m_theme->dim);
    painter.drawRects(ticks);
}

void LanesView::paintMarks(QPainter& painter)
{
    const LaneScale lanes = scale();
    painter.setPen(QPen(m_theme->accent, 1.0, Qt::DotLine));
    for (const session::Mark& mark : m_snapshot->marks) {
        const int x = lanes.x(mark.at);
        if (x >= 0 && x <= lanes.width)
            painter.drawLine(m_labelWidth + x, 0, m_labelWidth + x, lanesArea().bottom());
    }
}

QString LanesView::markAt(QPoint position) const
{
    const LaneScale lanes = scale();
    const int x = position.x() - m_labelWidth;
    if (!m_snapshot || lanes.width <= 0 || x < 0 || x > lanes.width)
        return {};
    return textOfMarks(m_snapshot->marks, lanes.at(x), lanes.at(x + kHoverPixels) - lanes.at(x));
}

void LanesView::paintFoot(QPainter& painter)
{
    painter.setFont(uiFont(kLabelPoints));
    painter.setPen(m_theme->dim);
    const LaneScale lanes = scale();
    const QRect foot(0, viewport()->height() - m_footHeight, viewport()->width(), m_footHeight);
    constexpr int kTicks = 4;
    for (int tick = 0; tick <= kTicks; ++tick) {
        const QString label = tr("%1 s").arg(-120 + tick * 30);
        const int x = m_labelWidth + lanes.width * tick / kTicks;
        const int width = painter.fontMetrics().horizontalAdvance(label);
        const int left = std::clamp(x - width / 2, 0, std::max(0, foot.right() - width));
        painter.drawText(left, foot.bottom() - painter.fontMetrics().descent(), label);
    }
    if (m_snapshot && m_snapshot->lanesHidden > 0)
        painter.drawText(
            foot.translated(0, -m_footHeight), Qt::AlignLeft | Qt::AlignVCenter,
            tr("%1 more instances are not shown").arg(countText(m_snapshot->lanesHidden)));
}

void LanesView::paintHint(QPainter& painter)
{
    painter.setFont(uiFont(8.5));
    painter.setPen(m_theme->dim);
    painter.drawText(lanesArea().adjusted(12, 0, -12, 0),
                     static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap,
                     tr("Each instance of a function gets a lane here: its cold start, its work, "
                        "its idle time and its retirement. Send an event to start one."));
}

} // namespace coldframe::ui
