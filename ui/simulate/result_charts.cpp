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
      m_figures(new QComboBox(m_family)), m_row(new QBoxLayout(QBoxLayout::LeftToRight, this))
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
    m_family->setOrigin(tr("Simulated. Bars: 95 % confidence interval over the runs."));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    for (StudyCard* card : {m_family, m_concurrency, m_events}) {
        card->setMinimumHeight(card->fontMetrics().height() * 9);
        m_row->addWidget(card, 1);
    }
    m_family->hide();
    connect(m_figures, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_figure = &sim::metrics()[static_cast<std::size_t>(index)];
        showFamily();
        Q_EMIT figureChosen(m_figure);
    });
}

void ResultCharts::show(ResultPtr result, ResultPtr kept, std::size_t point)
{
    m_result = std::move(result);
    m_kept = std::move(kept);
    m_point = point;
    const bool sweep = isSweep(*m_result);
    m_family->setVisible(sweep);
    m_events->setVisible(!sweep); // beside two others there is no room for it
    showFamily();
    showTime();
}

void ResultCharts::showFamily()
{
    if (!m_result || !isSweep(*m_result))
        return;
    const Family family = familyOf(*m_result, m_kept.get(), *m_figure);
    m_family->setTitle(
        tr("Over %1").arg(shortPath(m_result->points.front().settings.front().path)));
    m_family->setNote(family.leftOut > 0 ? tr("%n more in the table", nullptr, family.leftOut)
                                         : QString());
    m_family->show(family.quantity, family.axis, family.lines);
    m_family->setChartName(tr("%1, %2").arg(figureTitle(*m_figure), m_family->title()));
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
}

/// One below the other where there is little room.
void ResultCharts::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_row->setDirection(width() < fontMetrics().averageCharWidth() * 84 ? QBoxLayout::TopToBottom
                                                                        : QBoxLayout::LeftToRight);
}

void ResultCharts::setTheme(const Theme& theme)
{
    for (StudyCard* card : {m_family, m_concurrency, m_events})
        card->setTheme(theme);
}

QList<StudyCard*> ResultCharts::cards() const
{
    QList<StudyCard*> shown;
    if (m_result)
        for (StudyCard* card : {m_family, m_concurrency, m_events})
            if (!card->isHidden())
                shown << card;
    return shown;
}

} // namespace coldframe::ui
