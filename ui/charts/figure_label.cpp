#include "ui/charts/figure_label.h"

#include <QPainter>

namespace coldframe::ui {

namespace {

QFont figureFont()
{
    return uiFont(12.5, QFont::DemiBold);
}

QFont ofFont()
{
    return uiFont(9.0);
}

} // namespace

FigureLabel::FigureLabel(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FigureLabel::setText(const QString& figure, const QString& of)
{
    m_figure = figure;
    m_of = of;
    update();
}

void FigureLabel::setTheme(const Theme& theme)
{
    m_theme = &theme;
    update();
}

QSize FigureLabel::sizeHint() const
{
    return {QFontMetrics(figureFont()).averageCharWidth() * 8,
            QFontMetrics(figureFont()).height() + 2};
}

void FigureLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QFontMetrics large(figureFont()), small(ofFont());
    const int gap = m_of.isEmpty() ? 0 : small.averageCharWidth() * 2 / 3;
    const int figureWidth = large.horizontalAdvance(m_figure);
    const QString of = small.elidedText(m_of, Qt::ElideRight, width() - figureWidth - gap);
    const int left = width() - figureWidth - gap - small.horizontalAdvance(of);
    const int baseline = height() - small.descent();
    painter.setFont(figureFont());
    painter.setPen(m_theme->text);
    painter.drawText(left, baseline, m_figure);
    painter.setFont(ofFont());
    painter.setPen(m_theme->dim);
    painter.drawText(left + figureWidth + gap, baseline, of);
}

} // namespace coldframe::ui
