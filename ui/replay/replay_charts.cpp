#include "ui/replay/replay_charts.h"

#include <QGridLayout>

#include <algorithm>
#include <string_view>

#include "ui/replay/replay_lines.h"
#include "ui/replay/replay_text.h"

namespace coldframe::ui {

ReplayCharts::ReplayCharts(QWidget* parent)
    : QWidget(parent), m_concurrency(new StudyCard(tr("Concurrency"), this)),
      m_latency(new StudyCard(tr("Latency"), this)),
      m_cost(new StudyCard(tr("Cost, cumulative"), this)),
      m_arrivals(new StudyCard(tr("Arrivals per second"), this)),
      m_coldStarts(new StudyCard(tr("Cold starts, cumulative"), this)),
      m_throttles(new StudyCard(tr("Throttles, cumulative"), this)), m_grid(new QGridLayout(this))
{
    m_concurrency->setOrigin(tr("Counted: what the engine decided. Means of each step."));
    m_latency->setOrigin(tr("Modelled: sandbox, init and platform time of the attempts that ended "
                            "in each span of time."));
    m_cost->setOrigin(tr("Modelled: prices from the price book, without a free tier."));
    m_arrivals->setOrigin(tr("Counted: calls and events that came from outside."));
    m_coldStarts->setOrigin(tr("Counted: of first attempts, at the time their event came."));
    m_throttles->setOrigin(tr("Counted: calls that found no room, at the time they came."));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
    for (StudyCard* card : cards())
        card->setMinimumHeight(card->fontMetrics().height() * 9);
    arrange();
}

void ReplayCharts::arrange()
{
    const int columns = width() < fontMetrics().averageCharWidth() * 105 ? 2 : 3;
    if (columns == m_columns)
        return;
    m_columns = columns;
    const QList<StudyCard*> all = cards();
    for (int i = 0; i < 3; ++i) { // at most three rows or columns
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
        m_grid->setRowStretch(i, i * columns < static_cast<int>(all.size()) ? 1 : 0);
    }
    for (qsizetype i = 0; i < all.size(); ++i)
        m_grid->addWidget(all[i], static_cast<int>(i) / columns, static_cast<int>(i) % columns);
}

void ReplayCharts::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

/// The replayed run's figure large, the recorded one beside it.
void ReplayCharts::showFigure(StudyCard& card, const study::Comparison& comparison, const char* key,
                              const QString& what, bool played)
{
    const auto& figures = comparison.total.figures;
    const auto pair = std::ranges::find_if(
        figures, [&](const study::FigurePair& each) { return std::string_view(each.key) == key; });
    if (pair == figures.end())
        return;
    const QString before = pairValue(*pair, pair->recorded);
    const QString beside = played ? tr("was %1").arg(before) : tr("recorded");
    card.setFigure(played ? pairValue(*pair, pair->replayed) : before,
                   what.isEmpty() ? beside : tr("%1 · %2").arg(what, beside));
}

void ReplayCharts::show(const study::Comparison& comparison, bool played)
{
    const StudyAxis axis = axisOf(comparison, played);
    m_concurrency->show(Quantity::Count, axis, concurrencyLines(comparison, played));
    m_latency->show(Quantity::Milliseconds, axis, latencyLines(comparison, played));
    m_arrivals->show(Quantity::PerSecond, axis, arrivalLines(comparison, played));
    m_coldStarts->show(Quantity::Count, axis, coldStartLines(comparison, played));
    m_throttles->show(Quantity::Count, axis, throttleLines(comparison, played));
    m_cost->show(Quantity::Dollars, axis, costLines(comparison, played));
    showFigure(*m_concurrency, comparison, "peakConcurrency", tr("peak"), played);
    showFigure(*m_latency, comparison, "p95Ms", tr("p95"), played);
    showFigure(*m_arrivals, comparison, "invocations", QString(), played);
    showFigure(*m_coldStarts, comparison, "coldStarts", QString(), played);
    showFigure(*m_throttles, comparison, "throttled", QString(), played);
    showFigure(*m_cost, comparison, "costUsd", QString(), played);
}

void ReplayCharts::setTheme(const Theme& theme)
{
    for (StudyCard* card : cards())
        card->setTheme(theme);
}

QList<StudyCard*> ReplayCharts::cards() const
{
    return {m_concurrency, m_latency, m_cost, m_arrivals, m_coldStarts, m_throttles};
}

} // namespace coldframe::ui
