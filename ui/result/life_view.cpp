#include "ui/result/life_view.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kMargin = 4;
constexpr int kGap = 10; ///< between columns
constexpr int kBetweenStages = 8;
constexpr int kLeast = 200; ///< narrowest with everything readable
constexpr int kLeastBar = 90;
constexpr double kBarHeight = 8.0;
constexpr double kStackedBarHeight = 5.0;

QString spoken(const LifeStage& stage)
{
    QStringList rows;
    for (const LifeRow& row : stage.rows)
        rows << QStringList({row.name, row.value, row.origin}).join(QLatin1Char(' ')).trimmed();
    if (!stage.note.isEmpty())
        rows << stage.note;
    return LifeView::tr("%1: %2").arg(stage.name, rows.join(QStringLiteral(", ")));
}

} // namespace

LifeColumns lifeColumns(const QList<LifeStage>& stages, const QFontMetrics& metrics, int width)
{
    LifeColumns columns;
    const auto fit = [&metrics](int& column, const QString& text) {
        column = std::max(column, metrics.horizontalAdvance(text));
    };
    for (const LifeStage& stage : stages)
        for (const LifeRow& row : stage.rows) {
            fit(columns.name, row.name);
            fit(columns.origin, row.origin);
            if (row.bar)
                fit(columns.value, row.value);
        }
    columns.bar = width - columns.name - columns.value - columns.origin - 3 * kGap;
    columns.stacked = columns.bar < kLeastBar;
    if (columns.stacked)
        columns.bar = width;
    return columns;
}

LifeView::LifeView(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Life of the event"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LifeView::setStages(QList<LifeStage> stages)
{
    m_stages = std::move(stages);
    QStringList said;
    m_whole = 1e-6;
    for (const LifeStage& stage : m_stages) {
        said << spoken(stage);
        for (const LifeRow& row : stage.rows)
            m_whole = std::max(m_whole, toMilliseconds(row.from + row.length));
    }
    setAccessibleDescription(said.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void LifeView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    update();
}

QSize LifeView::minimumSizeHint() const
{
    return {kLeast, 0};
}

QSize LifeView::sizeHint() const
{
    return {400, heightForWidth(400)};
}

int LifeView::heightForWidth(int width) const
{
    return walk(width, nullptr);
}

void LifeView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

int LifeView::rowHeight(const LifeRow& row, const LifeColumns& columns) const
{
    const int line = fontMetrics().height() + 6;
    return row.bar && columns.stacked ? line + static_cast<int>(kStackedBarHeight) + 4 : line;
}

int LifeView::noteHeight(const QString& note, int width) const
{
    return note.isEmpty()
        ? 0
        : fontMetrics().boundingRect(0, 0, width, 10'000, Qt::TextWordWrap, note).height() + 4;
}

void LifeView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    walk(width(), &painter);
}

int LifeView::walk(int width, QPainter* painter) const
{
    const int inside = std::max(kLeast, width) - 2 * kMargin;
    const LifeColumns columns = lifeColumns(m_stages, fontMetrics(), inside);
    const int captionHeight = QFontMetrics(uiFont(9.5, QFont::DemiBold)).height() + 6;
    int y = kMargin;
    for (const LifeStage& stage : m_stages) {
        if (painter)
            paintCaption(*painter, stage, {kMargin, y, inside, captionHeight});
        y += captionHeight;
        for (const LifeRow& row : stage.rows) {
            const int height = rowHeight(row, columns);
            if (painter)
                paintRow(*painter, row, {kMargin, y, inside, height}, columns);
            y += height;
        }
        const int note = noteHeight(stage.note, inside);
        if (painter && note > 0) {
            painter->setFont(font());
            painter->setPen(m_theme->dim);
            painter->drawText(QRect(kMargin, y + 2, inside, note), Qt::TextWordWrap, stage.note);
        }
        y += note + kBetweenStages;
    }
    return y + kMargin;
}

/// The stage's name with a thin line; over the first bars also what the axis spans.
void LifeView::paintCaption(QPainter& painter, const LifeStage& stage, const QRect& line) const
{
    painter.setFont(uiFont(9.5, QFont::DemiBold));
    painter.setPen(m_theme->text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, stage.name);
    const int used = painter.fontMetrics().horizontalAdvance(stage.name) + kGap;
    painter.setFont(uiFont(8.5));
    int right = line.right();
    if (&stage == &m_stages.front()) {
        const QString end = tr("time axis: %1")
                                .arg(durationText(std::chrono::duration_cast<Duration>(
                                    std::chrono::duration<double, std::milli>(m_whole))));
        const int width = painter.fontMetrics().horizontalAdvance(end);
        if (used + width + kGap < line.width() && m_whole > 1e-3) {
            painter.setPen(m_theme->dim);
            painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, end);
            right -= width + kGap;
        }
    }
    painter.fillRect(QRect(QPoint(line.left() + used, line.center().y() + 1),
                           QPoint(right, line.center().y() + 1)),
                     m_theme->border);
    painter.setFont(font());
}

void LifeView::paintRow(QPainter& painter, const LifeRow& row, const QRect& line,
                        const LifeColumns& columns) const
{
    const QFontMetrics metrics = fontMetrics();
    const QRect words(line.left(), line.top(), line.width(), metrics.height() + 6);
    painter.setPen(m_theme->dim);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, row.name);
    QRect origin = words;
    origin.setLeft(words.right() - columns.origin);
    painter.drawText(origin, Qt::AlignLeft | Qt::AlignVCenter, row.origin);

    const int valueLeft = words.left() + columns.name + kGap;
    const QRect value(valueLeft, words.top(), origin.left() - kGap - valueLeft, words.height());
    painter.setPen(m_theme->text);
    painter.drawText(value, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(row.value, Qt::ElideMiddle, value.width()));
    if (!row.bar)
        return;
    const QRectF track = columns.stacked
        ? QRectF(line.left(), words.bottom() + 1, columns.bar, kStackedBarHeight)
        : QRectF(valueLeft, words.center().y() - kBarHeight / 2 + 1, columns.bar, kBarHeight);
    paintBar(painter, row, track);
}

void LifeView::paintBar(QPainter& painter, const LifeRow& row, const QRectF& track) const
{
    const double radius = track.height() / 2.5;
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->grid);
    painter.drawRoundedRect(track, radius, radius);
    const double from = std::clamp(toMilliseconds(row.from) / m_whole, 0.0, 1.0);
    const double to = std::clamp(toMilliseconds(row.from + row.length) / m_whole, from, 1.0);
    const double width = std::max(2.0, track.width() * (to - from)); // seen, however short
    const double left = std::min(track.left() + track.width() * from, track.right() - width);
    painter.setBrush(m_theme->*(row.color));
    painter.drawRoundedRect(QRectF(left, track.top(), width, track.height()), radius, radius);
}

} // namespace coldframe::ui
