#include "ui/widgets/status_dot.h"

#include <QPainter>

namespace coldframe::ui {

namespace {

constexpr int kDot = 9;
constexpr int kGap = 6;

} // namespace

StatusDot::StatusDot(QWidget* parent, bool strong) : QWidget(parent), m_strong(strong)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    if (strong)
        setFont(uiFont(9.5, QFont::DemiBold));
}

void StatusDot::setState(Tone tone, const QString& text)
{
    if (tone == m_tone && text == m_text)
        return;
    m_tone = tone;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void StatusDot::setTheme(const Theme& theme)
{
    m_theme = &theme;
    update();
}

QSize StatusDot::sizeHint() const
{
    if (m_text.isEmpty())
        return {0, fontMetrics().height()};
    return {kDot + kGap + fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().height() + 2};
}

void StatusDot::paintEvent(QPaintEvent*)
{
    if (m_text.isEmpty())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = toneColor(*m_theme, m_tone);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRectF(0.0, (height() - kDot) / 2.0, kDot, kDot));
    painter.setPen(m_strong ? color : m_theme->dim);
    const QRect beside = rect().adjusted(kDot + kGap, 0, 0, 0);
    painter.drawText(beside, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_text, Qt::ElideRight, beside.width()));
}

} // namespace coldframe::ui
