#include "ui/charts/live_column.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/charts/lanes_view.h"
#include "ui/charts/live_cards.h"
#include "ui/charts/time_chart.h"

namespace coldframe::ui {

namespace {

constexpr int kFrameMs = 33;

} // namespace

LiveColumn::LiveColumn(QWidget* parent)
    : QWidget(parent), m_heading(new QLabel(heading(), this)), m_scroll(new QScrollArea(this)),
      m_frames(new QTimer(this))
{
    m_heading->setFont(uiFont(9.5, QFont::DemiBold));
    m_heading->setContentsMargins(14, 8, 6, 7);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);

    auto* content = new QWidget(m_scroll);
    auto* cards = new QVBoxLayout(content);
    cards->setContentsMargins(2, 0, 6, 2);
    cards->setSpacing(8);
    auto* instances = new InstancesCard(content);
    const std::pair<LiveCard*, int> all[] = {{new ConcurrencyCard(content), 10},
                                             {new RateCard(content), 10},
                                             {new LatencyCard(content), 10},
                                             {instances, 19},
                                             {new CostCard(content), 10}};
    for (const auto& [card, stretch] : all) {
        cards->addWidget(card, stretch);
        m_cards.push_back({card, true});
    }
    m_scroll->setWidget(content);
    // Only after setWidget(), which sets it again.
    content->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_heading);
    column->addWidget(m_scroll, 1);

    connect(instances->lanes(), &LanesView::invocationActivated, this,
            &LiveColumn::invocationActivated);
    m_frames->setInterval(kFrameMs);
    connect(m_frames, &QTimer::timeout, this, &LiveColumn::refreshNext);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (m_snapshot)
            m_frames->start(); // a stale card may have come into sight
    });
    content->installEventFilter(this);
    setTheme(*m_theme);
    setAccessibleName(heading());
}

QString LiveColumn::heading()
{
    return tr("Live · last 120 s · platform time");
}

void LiveColumn::setHeadingVisible(bool visible)
{
    m_heading->setVisible(visible);
}

void LiveColumn::setTheme(const Theme& theme)
{
    m_theme = &theme;
    for (const Slot& slot : m_cards)
        slot.card->setTheme(theme);
}

void LiveColumn::show(std::shared_ptr<const session::Snapshot> snapshot)
{
    const bool otherRun = !m_snapshot || m_snapshot->startedAt != snapshot->startedAt;
    m_snapshot = std::move(snapshot);
    markAllStale();
    if (!isVisible())
        return;
    if (otherRun)
        refreshAll();
    else if (!m_frames->isActive())
        m_frames->start();
}

QSize LiveColumn::minimumSizeHint() const
{
    const QWidget* cards = m_scroll->widget();
    return {cards->minimumSizeHint().width() + m_scroll->verticalScrollBar()->sizeHint().width(),
            QWidget::minimumSizeHint().height()};
}

/// What the cards need at least is known once they have their fonts, and changes with their words.
bool LiveColumn::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QWidget::eventFilter(watched, event);
}

void LiveColumn::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    updateGeometry();
    if (m_snapshot)
        refreshAll();
}

/// What is seen first is whole.
void LiveColumn::refreshAll()
{
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        refreshCard(i);
}

void LiveColumn::markAllStale()
{
    for (Slot& slot : m_cards)
        slot.stale = true;
}

void LiveColumn::refreshNext()
{
    for (std::size_t tried = 0; isVisible() && tried < m_cards.size(); ++tried) {
        const std::size_t index = m_next;
        m_next = (m_next + 1) % m_cards.size();
        // A card that is scrolled away stays stale until it is seen.
        if (m_cards[index].stale && !m_cards[index].card->visibleRegion().isEmpty()) {
            refreshCard(index);
            return;
        }
    }
    m_frames->stop();
}

void LiveColumn::refreshCard(std::size_t index)
{
    m_cards[index].card->refresh(m_snapshot);
    if (TimeChart* chart = m_cards[index].card->chart())
        chart->setMarks(m_snapshot);
    m_cards[index].stale = false;
}

} // namespace coldframe::ui
