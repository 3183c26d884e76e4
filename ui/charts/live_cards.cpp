#include "ui/charts/live_cards.h"

#include <QLocale>

#include <cmath>

#include "ui/charts/lanes_view.h"
#include "ui/charts/time_chart.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

/// "118" and "ms", from milliseconds.
std::pair<QString, QString> figureAndUnit(double milliseconds)
{
    const Unit unit = unitFor(Quantity::Milliseconds, milliseconds);
    const double value = milliseconds * unit.factor;
    return {QLocale().toString(value, 'f',
                               value < 10.0        ? 2
                                   : value < 100.0 ? 1
                                                   : 0),
            unit.suffix.trimmed()};
}

/// Of the last five whole seconds: a single slice jumps too much to be read.
double recentRate(const PointRuns& runs)
{
    constexpr qsizetype kSlices = 10;
    if (runs.empty() || runs.back().isEmpty())
        return 0.0;
    const QList<QPointF>& run = runs.back();
    const qsizetype count = std::min(kSlices, run.size());
    double sum = 0.0;
    for (qsizetype i = run.size() - count; i < run.size(); ++i)
        sum += run[i].y();
    return sum / static_cast<double>(count);
}

/// A click or two are no rate.
constexpr std::uint64_t kEnoughForAMonth = 20;

std::uint64_t endedRecently(const session::Snapshot& snapshot)
{
    std::uint64_t ended = 0;
    for (const session::Bucket& bucket : snapshot.buckets)
        ended += bucket.ended;
    return ended;
}

/// Cents say nothing in a month's hundreds.
QString monthText(double dollars)
{
    return dollars < 100.0 ? dollarsText(dollars)
                           : QStringLiteral("$") + QLocale().toString(dollars, 'f', 0);
}

} // namespace

ConcurrencyCard::ConcurrencyCard(QWidget* parent)
    : LiveCard(tr("Concurrency"),
               {{tr("busy"), &Theme::busy},
                {tr("idle"), &Theme::idle},
                {tr("initialising"), &Theme::initialising}},
               parent)
{
    m_chart = new TimeChart(Quantity::Count, true, this);
    m_chart->addArea(&Theme::busy);
    m_chart->addArea(&Theme::idle);
    m_chart->addArea(&Theme::initialising);
    m_chart->addLine(&Theme::bad, Qt::DashLine);
    m_chart->setAccessibleName(tr("Chart of instances that are busy, idle or initialising"));
    setBody(m_chart);
    setFigure(QStringLiteral("0"), tr("in use"));
    setOrigin(tr("Instances of the simulated pool, the highest number in each half second. Their "
                 "states are measured here; when a new one is started, kept or refused is modelled "
                 "by the platform's rules. The dashed line is the limit in force, where it is in "
                 "range."));
}

void ConcurrencyCard::refresh(const std::shared_ptr<const session::Snapshot>& picture)
{
    const session::Snapshot& snapshot = *picture;
    const StackPoints points = concurrencyPoints(snapshot);
    m_chart->fit(points.highest);
    m_chart->setAreas(points.edges);
    m_chart->setLine(0, limitPoints(snapshot));

    std::uint64_t inUse = 0;
    for (const session::FunctionView& function : snapshot.functions)
        inUse += function.pool.inUse;
    const float limit = snapshot.buckets.empty() ? 0.0F : snapshot.buckets.back().limit;
    setFigure(countText(inUse),
              limit > 0.0F ? tr("of %1 · limit").arg(countText(static_cast<std::uint64_t>(limit)))
                           : tr("in use"));
}

void ConcurrencyCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_chart->setTheme(theme);
}

RateCard::RateCard(QWidget* parent)
    : LiveCard(
        tr("Rate"),
        {{tr("events"), &Theme::busy}, {tr("ended"), &Theme::good}, {tr("throttled"), &Theme::bad}},
        parent)
{
    m_chart = new TimeChart(Quantity::PerSecond, false, this);
    m_chart->addLine(&Theme::busy);
    m_chart->addLine(&Theme::good);
    m_chart->addLine(&Theme::bad);
    m_chart->setAccessibleName(
        tr("Chart of events, ended attempts and throttled events per second"));
    setBody(m_chart);
    setOrigin(tr("Events accepted, attempts ended and events throttled per second, in each half "
                 "second. Events and endings are measured here; throttling is modelled by the "
                 "platform's limits. The figure is the mean of the last 5 s."));
    setFigure(QStringLiteral("0"), tr("events/s"));
}

void RateCard::refresh(const std::shared_ptr<const session::Snapshot>& picture)
{
    const session::Snapshot& snapshot = *picture;
    LinePoints points = ratePoints(snapshot);
    const double rate = recentRate(points.lines.front());
    m_chart->fit(points.highest);
    for (std::size_t i = 0; i < points.lines.size(); ++i)
        m_chart->setLine(i, std::move(points.lines[i]));

    QString of = tr("events/s");
    std::uint64_t throttled = 0;
    for (const session::Bucket& bucket : snapshot.buckets)
        throttled += bucket.throttled;
    if (throttled > 0)
        of = tr("events/s · %1 throttled").arg(countText(throttled));
    setFigure(QLocale().toString(rate, 'f', rate > 0.0 && rate < 9.95 ? 1 : 0), of);
}

void RateCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_chart->setTheme(theme);
}

LatencyCard::LatencyCard(QWidget* parent)
    : LiveCard(tr("Latency"),
               {{tr("p50"), &Theme::good}, {tr("p95"), &Theme::warning}, {tr("p99"), &Theme::bad}},
               parent)
{
    m_chart = new TimeChart(Quantity::Milliseconds, false, this);
    m_chart->addLine(&Theme::good);
    m_chart->addLine(&Theme::warning);
    m_chart->addLine(&Theme::bad);
    m_chart->setAccessibleName(tr("Chart of the percentiles 50, 95 and 99 of platform time"));
    setBody(m_chart);
    setOrigin(tr("Platform time of the attempts that ended in each half second: modelled from the "
                 "time measured here. Attempts that waited for the desk are left out. A gap means "
                 "that nothing ended."));
    setFigure(QStringLiteral("—"), tr("p95"));
}

void LatencyCard::refresh(const std::shared_ptr<const session::Snapshot>& picture)
{
    const session::Snapshot& snapshot = *picture;
    LinePoints points = latencyPoints(snapshot);
    m_chart->fit(points.highest);
    for (std::size_t i = 0; i < points.lines.size(); ++i)
        m_chart->setLine(i, std::move(points.lines[i]));
    if (!std::isfinite(snapshot.p95Ms) || snapshot.p95Ms <= 0.0) {
        setFigure(QStringLiteral("—"), tr("p95"));
        return;
    }
    const auto [value, unit] = figureAndUnit(snapshot.p95Ms);
    setFigure(value, tr("%1 p95").arg(unit));
}

void LatencyCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_chart->setTheme(theme);
}

CostCard::CostCard(QWidget* parent)
    : LiveCard(tr("Cost so far"),
               {{tr("requests"), &Theme::idle},
                {tr("compute"), &Theme::busy},
                {tr("provisioned"), &Theme::initialising}},
               parent)
{
    m_chart = new TimeChart(Quantity::Dollars, false, this);
    m_chart->addArea(&Theme::idle);
    m_chart->addArea(&Theme::busy);
    m_chart->addArea(&Theme::initialising);
    m_chart->setAccessibleName(tr("Chart of what the run has cost so far"));
    setBody(m_chart);
    setOrigin(tr("What the platform would have billed since the run began: modelled with its "
                 "published prices, without a free tier. The month is 30 days at the rate of the "
                 "last 120 s."));
    setFigure(tr("$0"), {});
}

void CostCard::refresh(const std::shared_ptr<const session::Snapshot>& picture)
{
    const session::Snapshot& snapshot = *picture;
    const StackPoints points = costPoints(snapshot);
    m_chart->fit(points.highest);
    m_chart->setAreas(points.edges);
    const double month = dollarsPerMonth(snapshot);
    setFigure(dollarsText(snapshot.totals.cost.toDollars()),
              month > 0.0 && endedRecently(snapshot) >= kEnoughForAMonth
                  ? tr("≈ %1 / month").arg(monthText(month))
                  : QString());
}

void CostCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_chart->setTheme(theme);
}

InstancesCard::InstancesCard(QWidget* parent)
    : LiveCard(tr("Instances"),
               {{tr("work"), &Theme::busy},
                {tr("idle"), &Theme::idle},
                {tr("init"), &Theme::initialising},
                {tr("error"), &Theme::bad}},
               parent),
      m_lanes(new LanesView(this))
{
    setBody(m_lanes);
    setOrigin(tr("Each instance of the last 120 s: real processes, measured here; when they are "
                 "started and retired is modelled by the platform's rules. Hatched: starting, or "
                 "waiting for a free place on this desk, which a platform would not do. A tick "
                 "marks retirement. Click on work to see its attempt."));
}

void InstancesCard::refresh(const std::shared_ptr<const session::Snapshot>& picture)
{
    m_lanes->showSnapshot(picture);
    const LaneSummary& summary = m_lanes->summary();
    setTitle(summary.onlyFunction.isEmpty() ? tr("Instances")
                                            : tr("Instances · %1").arg(summary.onlyFunction));
    setFigure(countText(summary.alive),
              summary.retired > 0 ? tr("alive · %1 retired").arg(countText(summary.retired))
                                  : tr("alive"));
}

void InstancesCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_lanes->setTheme(theme);
}

} // namespace coldframe::ui
