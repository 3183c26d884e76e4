#include "ui/charts/queue_charts.h"

#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/charts/chart_card.h"
#include "ui/charts/queue_points.h"
#include "ui/charts/time_chart.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kLeastLines = 5; ///< of a chart; below that they scroll

} // namespace

QueueCharts::QueueCharts(QWidget* parent) : QWidget(parent)
{
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget(scroll);
    auto* cards = new QVBoxLayout(content);
    cards->setContentsMargins(0, 0, 8, 0); // beside the scroll bar
    cards->setSpacing(8);

    m_depth = new ChartCard(tr("Messages"),
                            {{tr("in flight"), &Theme::busy},
                             {tr("visible"), &Theme::idle},
                             {tr("delayed"), &Theme::initialising}},
                            content);
    m_depthChart = new TimeChart(Quantity::Count, true, m_depth);
    m_depthChart->addArea(&Theme::busy);
    m_depthChart->addArea(&Theme::idle);
    m_depthChart->addArea(&Theme::initialising);
    m_depthChart->setAccessibleName(tr("Chart of messages that are in flight, visible or delayed"));
    m_depth->setBody(m_depthChart);
    m_depth->setOrigin(tr("Counted here, twice a second: messages that somebody has received and "
                          "neither deleted nor given back, those that may be received, and those "
                          "that may be later."));

    m_age = new ChartCard(tr("Oldest message"), {{tr("age"), &Theme::warning}}, content);
    m_ageChart = new TimeChart(Quantity::Milliseconds, false, m_age);
    m_ageChart->addLine(&Theme::warning);
    m_ageChart->setAccessibleName(tr("Chart of the age of the oldest message"));
    m_age->setBody(m_ageChart);
    m_age->setOrigin(tr("Measured here: the time since the oldest message in the queue was sent. "
                        "A gap means that the queue was empty."));

    m_rate = new ChartCard(
        tr("Received"),
        {{tr("sent"), &Theme::dim}, {tr("received"), &Theme::busy}, {tr("given up"), &Theme::bad}},
        content);
    m_rateChart = new TimeChart(Quantity::PerSecond, false, m_rate);
    m_rateChart->addLine(&Theme::dim);
    m_rateChart->addLine(&Theme::busy);
    m_rateChart->addLine(&Theme::bad);
    m_rateChart->setAccessibleName(
        tr("Chart of messages sent, received and moved to the dead-letter queue per second"));
    m_rate->setBody(m_rateChart);
    m_rate->setOrigin(tr("Counted here in each half second: messages sent, received, and moved to "
                         "the dead-letter queue, per second. The figure is the mean of the last "
                         "5 s."));
    for (ChartCard* card : {m_depth, m_age, m_rate}) {
        card->setObjectName(QString()); // no frame within that of the page
        card->layout()->setContentsMargins(0, 0, 0, 0);
        cards->addWidget(card, 1);
    }
    for (TimeChart* chart : {m_depthChart, m_ageChart, m_rateChart})
        chart->setMinimumHeight(QFontMetrics(uiFont()).height() * kLeastLines);
    scroll->setWidget(content);
    content->setAutoFillBackground(false); // only after setWidget(), which sets it again
    scroll->viewport()->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    setTheme(Theme::lightTheme());
}

void QueueCharts::setTheme(const Theme& theme)
{
    for (ChartCard* card : {m_depth, m_age, m_rate})
        card->setTheme(theme);
    for (TimeChart* chart : {m_depthChart, m_ageChart, m_rateChart})
        chart->setTheme(theme);
}

void QueueCharts::showQueue(const session::QueueView& queue, TimePoint now)
{
    const StackPoints depth = queueDepthPoints(queue, now);
    m_depthChart->fit(depth.highest);
    m_depthChart->setAreas(depth.edges);
    m_depth->setFigure(countText(queue.now.depth()), tr("counted · now"));

    LinePoints age = queueAgePoints(queue, now);
    m_ageChart->fit(age.highest);
    m_ageChart->setLine(0, std::move(age.lines.front()));
    if (queue.now.oldestSentAt)
        m_age->setFigure(durationText(now - *queue.now.oldestSentAt), tr("measured · now"));
    else
        m_age->setFigure(QStringLiteral("—"), tr("measured"));

    LinePoints rate = queueRatePoints(queue, now);
    m_rateChart->fit(rate.highest);
    for (std::size_t i = 0; i < rate.lines.size(); ++i)
        m_rateChart->setLine(i, std::move(rate.lines[i]));
    const double perSecond = receivesPerSecond(queue);
    QString of = tr("/s · counted");
    if (queue.tally.deadLettered > 0)
        of = tr("/s · counted · %1 given up").arg(countText(queue.tally.deadLettered));
    m_rate->setFigure(
        QLocale().toString(perSecond, 'f', perSecond > 0.0 && perSecond < 9.95 ? 1 : 0), of);
}

} // namespace coldframe::ui
