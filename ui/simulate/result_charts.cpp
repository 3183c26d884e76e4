#include "ui/simulate/result_charts.h"

#include <QBoxLayout>
#include <QComboBox>

#include "ui/simulate/figure_text.h"
#include "ui/simulate/figures_model.h"

namespace coldframe::ui {

namespace {

QString pointWords(const study::PointResult& point)
{
    QStringList words;
    for (const study::Setting& setting : point.settings)
        words << ResultCharts::tr("%1 = %2").arg(shortPath(setting.path),
                                                 plainValue(setting.value));
    return words.join(QStringLiteral(", "));
}

} // namespace

ResultCharts::ResultCharts(QWidget* parent)
    : QWidget(parent), m_figure(sim::findMetric("responseS/p99")),
      m_family(new StudyCard(QString(), this)),
      m_concurrency(new StudyCard(tr("Concurrency"), this)),
      m_events(new StudyCard(tr("Cold starts and throttles per second"), this)),
      m_queues(new StudyCard(tr("Messages in queues"), this)), m_figures(new QComboBox(m_family)),
      m_row(new QBoxLayout(QBoxLayout::LeftToRight, this))
{
    for (const sim::Metric& metric : sim::metrics())
        m_figures->addItem(figureTitle(metric));
    m_figures->setCurrentIndex(static_cast<int>(m_figure - sim::metrics().data()));
    m_figures->setAccessibleName(tr("Figure of the chart and the table"));
    m_figures->setToolTip(tr("The figure that is shown over the swept setting, in the chart and "
                             "in the table"));
    m_figures->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_family->addTool(m_figures);
    m_concurrency->setOrigin(
        tr("Simulated. Line: mean of the runs; band: their lowest and highest."));
    m_events->setOrigin(tr("Simulated. Line: mean of the runs; band: their lowest and highest."));
    m_queues->setOrigin(
        tr("Simulated: messages in each queue, those in flight included. Line: mean "
           "of the runs; band: their lowest and highest."));
    m_family->setOrigin(tr("Simulated. Bars: 95 % confidence interval over the runs."));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    for (StudyCard* card : {m_family, m_concurrency, m_events, m_queues}) {
        card->setMinimumHeight(card->fontMetrics().height() * 9);
        m_row->addWidget(card, 1);
    }
    m_family->hide();
    m_queues->hide();
    connect(m_figures, &QComboBox::currentIndexChanged, this, &ResultCharts::chooseFigure);
}

/// Behind those of functions; the line between takes a place of its own.
void ResultCharts::offerQueues(bool offered)
{
    const int functions = static_cast<int>(sim::metrics().size());
    if (offered == (m_figures->count() > functions))
        return;
    if (!offered) {
        if (m_figures->currentIndex() >= functions)
            m_figures->setCurrentIndex(static_cast<int>(m_figure - sim::metrics().data()));
        while (m_figures->count() > functions)
            m_figures->removeItem(functions);
        return;
    }
    m_figures->insertSeparator(functions);
    for (const sim::QueueMetric& metric : sim::queueMetrics())
        m_figures->addItem(tr("Queues: %1").arg(queueFigureTitle(metric)));
}

void ResultCharts::chooseFigure(int index)
{
    const auto at = static_cast<std::size_t>(index);
    const std::size_t functions = sim::metrics().size();
    m_queueFigure = at > functions ? &sim::queueMetrics()[at - functions - 1] : nullptr;
    if (at < functions)
        m_figure = &sim::metrics()[at];
    showFamily();
    if (!m_queueFigure)
        Q_EMIT figureChosen(m_figure); // the table has the queues' figures beside it
}

void ResultCharts::show(ResultPtr result, ResultPtr kept, std::size_t point)
{
    m_result = std::move(result);
    m_kept = std::move(kept);
    m_point = point;
    const bool sweep = isSweep(*m_result);
    m_family->setVisible(sweep);
    m_events->setVisible(!sweep); // beside two others there is no room for it
    const bool queues = !m_result->points.at(m_point).queues.empty();
    m_queues->setVisible(queues);
    offerQueues(queues);
    arrange();
    showFamily();
    showTime();
}

void ResultCharts::showFamily()
{
    if (!m_result || !isSweep(*m_result))
        return;
    const Family family = m_queueFigure ? familyOf(*m_result, m_kept.get(), *m_queueFigure)
                                        : familyOf(*m_result, m_kept.get(), *m_figure);
    m_family->setTitle(
        tr("Over %1").arg(shortPath(m_result->points.front().settings.front().path)));
    m_family->setNote(family.leftOut > 0 ? tr("%n more in the table", nullptr, family.leftOut)
                                         : QString());
    m_family->show(family.quantity, family.axis, family.lines);
    m_family->setChartName(tr("%1, %2").arg(m_figures->currentText(), m_family->title()));
}

void ResultCharts::showTime()
{
    const study::PointResult& point = m_result->points.at(m_point);
    const study::PointResult* kept = m_kept ? counterpart(point, *m_kept) : nullptr;
    const StudyAxis axis = timeAxisOf(point);
    const QString words = pointWords(point);
    m_concurrency->setFigure(QString(), words);
    m_concurrency->show(Quantity::Count, axis, concurrencyLines(point, kept));
    m_events->show(Quantity::PerSecond, axis, eventLines(point, kept));
    const std::vector<StudyLine> queues = queueLines(point, kept);
    const auto more = static_cast<int>(queues.size()) - kMostLines;
    m_queues->setNote(more > 0 ? tr("%n more in the table", nullptr, more) : QString());
    m_queues->show(Quantity::Count, axis, queues);
    m_queues->setChartName(tr("Messages in queues over simulated time"));
}

void ResultCharts::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

/// One below the other where there is little room.
void ResultCharts::arrange()
{
    const int beside = m_queues->isHidden() ? 84 : 126; // letters
    m_row->setDirection(width() < fontMetrics().averageCharWidth() * beside
                            ? QBoxLayout::TopToBottom
                            : QBoxLayout::LeftToRight);
}

void ResultCharts::setTheme(const Theme& theme)
{
    for (StudyCard* card : {m_family, m_concurrency, m_events, m_queues})
        card->setTheme(theme);
}

QList<StudyCard*> ResultCharts::cards() const
{
    QList<StudyCard*> shown;
    if (m_result)
        for (StudyCard* card : {m_family, m_concurrency, m_events, m_queues})
            if (!card->isHidden())
                shown << card;
    return shown;
}

} // namespace coldframe::ui
