#include "ui/shell/status_strip.h"

#include <QHBoxLayout>
#include <QLocale>

#include <algorithm>

#include "ui/support/format.h"
#include "ui/widgets/status_dot.h"

namespace coldframe::ui {

namespace {

constexpr std::ptrdiff_t kMinute = std::chrono::minutes(1) / session::kBucketLength;
constexpr std::ptrdiff_t kRateBuckets = std::chrono::seconds(5) / session::kBucketLength;

/// Sum of a tally over the last `count` slices of time.
std::uint64_t recent(const std::vector<session::Bucket>& buckets, std::ptrdiff_t count,
                     std::uint32_t session::Bucket::*tally)
{
    std::uint64_t sum = 0;
    const auto first = buckets.end() - std::min(count, std::ssize(buckets));
    for (auto bucket = first; bucket != buckets.end(); ++bucket)
        sum += (*bucket).*tally;
    return sum;
}

} // namespace

StatusStrip::StatusStrip(QWidget* parent)
    : QStatusBar(parent), m_triggers(new StatusDot(this)), m_pool(new QLabel(this)),
      m_events(new QLabel(this)), m_desk(new QLabel(this)), m_pace(new StatusDot(this)),
      m_fidelity(new QLabel(this))
{
    setSizeGripEnabled(false);
    const auto spaced = [this](QWidget* widget, int left, int right) {
        auto* holder = new QWidget(this);
        auto* row = new QHBoxLayout(holder);
        row->setContentsMargins(left, 3, right, 3);
        row->addWidget(widget);
        return holder;
    };
    // A small window is no wider for it: what can be seen elsewhere, too, gives way.
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    addWidget(spaced(m_triggers, 10, 10));
    m_giveWay = {spaced(m_events, 6, 10), spaced(m_pool, 6, 10), spaced(m_desk, 10, 2)};
    addWidget(m_giveWay[1]);
    addWidget(m_giveWay[0]);
    addPermanentWidget(m_giveWay[2]);
    addPermanentWidget(spaced(m_pace, 6, 10));
    addPermanentWidget(spaced(m_fidelity, 6, 12));
}

void StatusStrip::clear()
{
    m_triggers->setState(Tone::Neutral, QString());
    m_pace->setState(Tone::Neutral, QString());
    for (QLabel* label : {m_pool, m_events, m_desk, m_fidelity})
        label->clear();
}

void StatusStrip::show(const session::Snapshot& snapshot)
{
    if (snapshot.workspace && snapshot.workspace->triggers.empty())
        m_triggers->setState(Tone::Neutral, tr("No triggers"));
    else if (snapshot.triggersRunning)
        m_triggers->setState(Tone::Good, tr("Triggers running"));
    else
        m_triggers->setState(Tone::Neutral, tr("Triggers stopped"));

    std::uint64_t instances = 0;
    for (const session::FunctionView& view : snapshot.functions)
        instances += view.pool.initialising + view.pool.idle + view.pool.busy;
    const std::uint64_t cold = recent(snapshot.buckets, kMinute, &session::Bucket::cold);
    m_pool->setText(
        tr("Pool: %1 · %2 cold in the last minute")
            .arg(instances == 1 ? tr("1 instance") : tr("%1 instances").arg(countText(instances)),
                 countText(cold)));
    const double arrived
        = static_cast<double>(recent(snapshot.buckets, kRateBuckets, &session::Bucket::arrived));
    const double seconds = static_cast<double>(kRateBuckets) * toSeconds(session::kBucketLength);
    m_events->setText(
        tr("%1 events/s").arg(QLocale().toString(arrived / seconds, 'f', arrived > 50 ? 0 : 1)));

    const session::DeskView& desk = snapshot.desk;
    m_desk->setText(tr("Desk: %1 · %2 · CPU %3 %")
                        .arg(desk.processes == 1
                                 ? tr("1 process")
                                 : tr("%1 processes").arg(countText(desk.processes)),
                             bytesText(desk.memoryKb * 1024),
                             QLocale().toString(desk.cpuShare * 100.0, 'f', 0)));
    if (desk.behindSince)
        m_pace->setState(Tone::Warning, tr("behind since %1").arg(clockText(*desk.behindSince)));
    else
        m_pace->setState(Tone::Good, tr("keeping up"));
    m_pace->setToolTip(desk.behindSince
                           ? tr("Timing after that is not the platform's: the machine was short of "
                                "room for real processes.")
                           : tr("The machine has room for every process the pool asks for."));
    m_fidelity->setText(snapshot.fidelity == Fidelity::Platform ? tr("Fidelity: platform")
                                                                : tr("Fidelity: desk"));
    if (layout()->sizeHint().width() > width()) // a figure has grown
        fit();
}

void StatusStrip::fit()
{
    for (QWidget* each : m_giveWay)
        each->show();
    for (QWidget* each : m_giveWay) {
        layout()->activate();
        if (layout()->sizeHint().width() <= width())
            break;
        each->hide();
    }
}

void StatusStrip::resizeEvent(QResizeEvent* event)
{
    QStatusBar::resizeEvent(event);
    fit();
}

void StatusStrip::setTheme(const Theme& theme)
{
    m_triggers->setTheme(theme);
    m_pace->setTheme(theme);
}

} // namespace coldframe::ui
