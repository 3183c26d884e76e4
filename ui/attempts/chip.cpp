#include "ui/attempts/chip.h"

#include <QPainter>

namespace coldframe::ui {

Chip::Chip(const QString& text, QWidget* parent) : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setFont(uiFont(8.0, QFont::Medium));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
    setAttribute(Qt::WA_Hover);
}

void Chip::setCount(const QString& count)
{
    if (count == m_count)
        return;
    const QSize before = sizeHint();
    m_count = count;
    setAccessibleName(text() + QLatin1Char(' ') + count);
    if (sizeHint() != before) // a layout of the whole window, several times a second, is dear
        updateGeometry();
    update();
}

void Chip::setTheme(const Theme& theme)
{
    m_theme = &theme;
    update();
}

QSize Chip::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    const int gap = m_count.isEmpty() ? 0 : metrics.averageCharWidth();
    return {metrics.horizontalAdvance(text() + m_count) + gap + metrics.height() * 3 / 2,
            metrics.height() + 8};
}

void Chip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool marked = isChecked() || hasFocus();
    painter.setPen(QPen(marked ? m_theme->accent : m_theme->border, 1.0));
    painter.setBrush(isChecked()        ? m_theme->accentSoft
                         : underMouse() ? m_theme->hover
                                        : m_theme->card);
    painter.drawRoundedRect(frame, frame.height() / 2.0, frame.height() / 2.0);

    const QFontMetrics metrics = fontMetrics();
    QRect room = rect().adjusted(metrics.height() * 3 / 4, 0, -metrics.height() * 3 / 4, 0);
    painter.setPen(isChecked() ? m_theme->text : m_theme->dim);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, text());
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, m_count);
}

} // namespace coldframe::ui
