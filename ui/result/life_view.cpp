#include "ui/result/life_view.h"

#include <QPainter>

#include <algorithm>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kMargin = 10;
constexpr int kBarHeight = 8;

} // namespace

LifeView::LifeView(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Stages of the attempt"));
}

void LifeView::setStages(QList<LifeStage> stages)
{
    m_stages = std::move(stages);
    QStringList spoken;
    for (const LifeStage& stage : m_stages)
        spoken
            << (stage.timed
                    ? tr("%1: %2, %3").arg(stage.name, durationText(stage.duration), stage.origin)
                    : tr("%1: %2").arg(stage.name, stage.origin));
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void LifeView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    update();
}

int LifeView::rowHeight() const
{
    return fontMetrics().height() + 10;
}

QSize LifeView::sizeHint() const
{
    return {320, rowHeight() * static_cast<int>(m_stages.size()) + 2 * kMargin};
}

void LifeView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    double whole = 0.0;
    for (const LifeStage& stage : m_stages)
        if (stage.timed && !stage.summary)
            whole += toMilliseconds(stage.duration);
    whole = std::max(whole, 1e-6);

    double at = 0.0;
    QRect row(kMargin, kMargin, width() - 2 * kMargin, rowHeight());
    for (const LifeStage& stage : m_stages) {
        const double length = stage.timed ? toMilliseconds(stage.duration) : 0.0;
        const double from = stage.summary ? 0.0 : at;
        paintStage(painter, stage, row, from / whole, (from + length) / whole);
        if (!stage.summary)
            at += length;
        row.translate(0, rowHeight());
    }
}

void LifeView::paintStage(QPainter& painter, const LifeStage& stage, const QRect& row, double from,
                          double to) const
{
    const int nameWidth = std::max(110, row.width() / 4);
    const int valueWidth = fontMetrics().horizontalAdvance(QStringLiteral("0 000.00 ms  "));
    const int originWidth = fontMetrics().horizontalAdvance(QStringLiteral("modelled  "));
    const QRect name(row.left(), row.top(), nameWidth, row.height());
    const QRect origin(row.right() - originWidth, row.top(), originWidth, row.height());
    const QRect value(origin.left() - valueWidth - 8, row.top(), valueWidth, row.height());

    painter.setPen(m_theme->text);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, stage.name);
    painter.setPen(m_theme->dim);
    painter.drawText(origin, Qt::AlignLeft | Qt::AlignVCenter, stage.origin);
    if (!stage.timed)
        return;
    painter.setPen(m_theme->text);
    painter.drawText(value, Qt::AlignRight | Qt::AlignVCenter, durationText(stage.duration));

    const QRectF track(name.right() + 4, row.center().y() - kBarHeight / 2.0,
                       value.left() - name.right() - 12, kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->grid);
    painter.drawRoundedRect(track, 3, 3);
    from = std::clamp(from, 0.0, 1.0);
    to = std::clamp(to, from, 1.0);
    const QRectF bar(track.left() + track.width() * from, track.top(),
                     std::max(2.0, track.width() * (to - from)), track.height());
    painter.setBrush(m_theme->*(stage.color));
    painter.drawRoundedRect(bar & track, 3, 3);
}

} // namespace coldframe::ui
