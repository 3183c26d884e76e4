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

int FigureLabel::gap() const
{
    return m_of.isEmpty() ? 0 : QFontMetrics(ofFont()).averageCharWidth() * 2 / 3;
}

QString FigureLabel::shownOf() const
{
    const int figure = QFontMetrics(figureFont()).horizontalAdvance(m_figure);
    return QFontMetrics(ofFont()).elidedText(m_of, Qt::ElideRight, width() - figure - gap());
}

void FigureLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QFontMetrics large(figureFont()), small(ofFont());
    const int figureWidth = large.horizontalAdvance(m_figure);
    const QString of = shownOf();
    const int left = width() - figureWidth - gap() - small.horizontalAdvance(of);
    const int baseline = height() - small.descent();
    painter.setFont(figureFont());
    painter.setPen(m_theme->text);
    painter.drawText(left, baseline, m_figure);
    painter.setFont(ofFont());
    painter.setPen(m_theme->dim);
    painter.drawText(left + figureWidth + gap(), baseline, of);
}

} // namespace coldframe::ui
