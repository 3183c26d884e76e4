#include "ui/explorer/explorer_delegate.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

#include "ui/explorer/explorer_model.h"
#include "ui/theme/icons.h"

namespace coldframe::ui {

namespace {

constexpr int kRowHeight = 26;
constexpr int kIcon = 16;
constexpr int kGap = 8;
constexpr int kBadgePadding = 7;
constexpr int kBadgeMargin = 4;
constexpr int kDotSize = 7;
constexpr qsizetype kLeastOfBadge = 5; ///< letters, the dots of an elision counted
constexpr qsizetype kLongWord = 5; ///< letters of a unit that may be left out

/// "12" of "12 messages": where the row's name would not fit beside all of it. The tool tip has it.
QString shortBadge(const QString& badge)
{
    const QStringList words = badge.split(QLatin1Char(' '));
    const bool counts = words.size() == 2 && !words[0].isEmpty() && words[0][0].isDigit()
        && words[1].size() >= kLongWord;
    return counts ? words[0] : badge;
}

} // namespace

void ExplorerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    const QWidget* view = option.widget;
    QStyle* style = view ? view->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, view);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect;
    const bool section = !index.parent().isValid();
    const auto tone = static_cast<Tone>(index.data(ExplorerModel::IconToneRole).toInt());
    const QRect icon(row.left() + 2, row.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    paintIcon(*painter, index.data(ExplorerModel::IconRole).toString(), icon,
              toneColor(*m_theme, tone));

    const QFont font = section ? uiFont(9.5, QFont::DemiBold) : option.font;
    const QString full = index.data(Qt::DisplayRole).toString();
    QString badge = index.data(ExplorerModel::BadgeRole).toString();
    if (icon.right() + 2 * kGap + QFontMetrics(font).horizontalAdvance(full) + 2 * kBadgePadding
            + kBadgeMargin + QFontMetrics(uiFont(8.0)).horizontalAdvance(badge)
        > row.right())
        badge = shortBadge(badge);
    // The name comes first; a short badge keeps its place beside a long one.
    const int name = icon.right() + 2 * kGap + QFontMetrics(font).horizontalAdvance(full);
    const int whole = QFontMetrics(uiFont(8.0)).horizontalAdvance(badge) + 2 * kBadgePadding + 2;
    const int room
        = std::max(row.right() - name - kBadgeMargin, whole <= row.width() * 3 / 10 ? whole : 0);
    int badges
        = paintBadge(*painter, row, badge,
                     static_cast<Tone>(index.data(ExplorerModel::BadgeToneRole).toInt()), room);
    QString account = index.data(ExplorerModel::AccountRole).toString();
    const int left = row.right() - badges - icon.right() - 4 * kGap
        - QFontMetrics(font).horizontalAdvance(full);
    if (QFontMetrics(uiFont(8.0, QFont::Medium)).horizontalAdvance(account) > left)
        account = account.section(QLatin1Char(':'), 0, 0); // the tool tip has all of it
    badges += paintBadge(*painter, row.adjusted(0, 0, -badges, 0), account, Tone::Bad,
                         row.width() / 2);
    painter->setFont(font);
    painter->setPen(m_theme->text);
    const QRect place(icon.right() + kGap, row.top(),
                      row.right() - badges - icon.right() - 2 * kGap, row.height());
    const QString shown = painter->fontMetrics().elidedText(full, Qt::ElideMiddle, place.width());
    painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter, shown);
    painter->restore();
}

/// Returns how much of the row's right end it took. It is cut to `room`, half of the row at most;
/// where that would leave next to nothing of it, a dot of its colour says that there is more.
int ExplorerDelegate::paintBadge(QPainter& painter, const QRect& row, const QString& text,
                                 Tone tone, int room) const
{
    if (text.isEmpty())
        return 0;
    painter.setFont(uiFont(8.0, tone == Tone::Neutral ? QFont::Normal : QFont::Medium));
    const QFontMetrics metrics = painter.fontMetrics();
    const int most = std::min(room, row.width() / 2) - 2 * kBadgePadding;
    QString badge = metrics.elidedText(text, Qt::ElideRight, most);
    const int height = metrics.height() + 3;
    if (badge != text && badge.size() < kLeastOfBadge) {
        const QRectF dot(row.right() - kDotSize - kBadgeMargin - 2,
                         row.center().y() - kDotSize / 2.0 + 1, kDotSize, kDotSize);
        painter.setPen(Qt::NoPen);
        painter.setBrush(toneColor(*m_theme, tone));
        painter.drawEllipse(dot);
        return kDotSize + 2 * kBadgeMargin;
    }
    const int width = qMax(height, metrics.horizontalAdvance(badge) + 2 * kBadgePadding);
    const QRectF pill(row.right() - width - kBadgeMargin, row.center().y() - height / 2.0 + 1,
                      width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneFill(*m_theme, tone));
    painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
    painter.setPen(toneColor(*m_theme, tone));
    painter.drawText(pill, Qt::AlignCenter, badge);
    return width + kBadgeMargin;
}

QSize ExplorerDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(qMax(kRowHeight, option.fontMetrics.height() + 8));
    return size;
}

} // namespace coldframe::ui
