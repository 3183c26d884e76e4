#pragma once

#include <QStyledItemDelegate>

#include "ui/attempts/attempt_text.h"

namespace coldframe::ui {

/// Paints a cell of the table of attempts: status as a pill, times and memory over a thin bar.
class AttemptDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = &theme; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintPill(QPainter& painter, const QRect& cell, AttemptStatus status) const;
    void paintBar(QPainter& painter, const QRect& cell, double share, const QColor& color) const;
    QColor colorOf(const history::AttemptRow& row, AttemptColumn column) const;

    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
