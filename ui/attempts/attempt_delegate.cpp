#include "ui/attempts/attempt_delegate.h"

#include <QPainter>

#include "ui/attempts/attempts_model.h"

namespace coldframe::ui {

namespace {

constexpr int kShortIdLength = 8;
constexpr double kNearlyFull = 0.7, kFull = 0.9; ///< of memory, or of the timeout

} // namespace

void AttemptDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const auto* model = static_cast<const AttemptsModel*>(index.model());
    const history::AttemptRow& row = model->attempt(index.row());
    const auto column = static_cast<AttemptColumn>(index.column());

    if ((option.state & QStyle::State_Selected) != 0)
        painter->fillRect(option.rect, m_theme->selection);
    else if ((option.state & QStyle::State_MouseOver) != 0)
        painter->fillRect(option.rect, m_theme->hover);
    else if (index.row() % 2 != 0)
        painter->fillRect(option.rect, m_theme->panel);

    const int padding = option.fontMetrics.averageCharWidth();
    const QRect cell = option.rect.adjusted(padding, 0, -padding, 0);
    if (column == AttemptColumn::Status)
        return paintPill(*painter, cell, statusOf(row));

    std::optional<double> share;
    if (column == AttemptColumn::Platform)
        share = timeoutShare(row, model->workspace());
    if (column == AttemptColumn::Memory)
        share = memoryShare(row);
    QRect textRoom = cell;
    if (share) {
        const bool timedOut
            = column == AttemptColumn::Platform && statusOf(row) == AttemptStatus::Timeout;
        const QColor color = timedOut || *share >= kFull ? m_theme->bad
            : *share >= kNearlyFull                      ? m_theme->warning
                                                         : m_theme->accent;
        paintBar(*painter, cell, *share, color);
        textRoom.adjust(0, 0, 0, -cell.height() / 5);
    }
    QFont font = option.font;
    if (column == AttemptColumn::RequestId)
        font = codeFont(8.0);
    const bool number = column >= AttemptColumn::Init;
    painter->setFont(font);
    painter->setPen(colorOf(row, column));
    QString text = attemptText(row, column, model->workspace());
    if (column == AttemptColumn::RequestId
        && QFontMetrics(font).horizontalAdvance(text) > cell.width())
        text.truncate(kShortIdLength);
    painter->drawText(textRoom, (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                      number ? text
                             : QFontMetrics(font).elidedText(text, Qt::ElideRight, cell.width()));
}

QColor AttemptDelegate::colorOf(const history::AttemptRow& row, AttemptColumn column) const
{
    switch (column) {
    case AttemptColumn::Trigger:
    case AttemptColumn::RequestId:
    case AttemptColumn::Desk:
        return m_theme->dim;
    case AttemptColumn::Init:
        return row.init > Duration::zero() ? m_theme->text : m_theme->dim;
    default:
        return m_theme->text;
    }
}

void AttemptDelegate::paintPill(QPainter& painter, const QRect& cell, AttemptStatus status) const
{
    const Tone tone = statusTone(status);
    const QString text = statusText(status);
    const QFont font = uiFont(7.5, QFont::DemiBold);
    const QFontMetrics metrics(font);
    const int height = metrics.height() + 5;
    const QRect pill(cell.left(), cell.center().y() - height / 2,
                     metrics.horizontalAdvance(text) + height, height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneFill(*m_theme, tone));
    painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
    painter.setPen(toneColor(*m_theme, tone));
    painter.setFont(font);
    painter.drawText(pill, Qt::AlignCenter, text);
    painter.restore();
}

void AttemptDelegate::paintBar(QPainter& painter, const QRect& cell, double share,
                               const QColor& color) const
{
    const int thick = std::max(2, cell.height() / 9);
    const QRect track(cell.left(), cell.bottom() - cell.height() / 8 - thick, cell.width(), thick);
    painter.fillRect(track, m_theme->neutralSoft);
    QRect filled = track;
    filled.setWidth(std::max(thick, static_cast<int>(track.width() * share)));
    painter.fillRect(filled, color);
}

} // namespace coldframe::ui
