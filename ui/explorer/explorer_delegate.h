#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// Paints a line of the explorer: icon, name, and its badge at the right edge.
class ExplorerDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = &theme; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int paintBadge(QPainter& painter, const QRect& row, const QString& text, Tone tone,
                   int room) const;

    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
