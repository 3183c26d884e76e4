#include "ui/attempts/attempts_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>

#include <array>

#include "ui/attempts/attempt_delegate.h"
#include "ui/attempts/attempts_model.h"

namespace coldframe::ui {

namespace {

/// The widest text a column usually has to hold.
constexpr std::array kWidest{
    "00:00:00.000", "orders-audit",  "warm.",     "on-upload-x", "",           "init failed",
    "000.0 ms",     "Platform time", "Desk time", "0000 MB",     "$ / million"};
/// Of a request id: what is shown at most and at least.
constexpr const char* kId = "00000000-0000";
constexpr const char* kShortId = "00000000";
static_assert(kWidest.size() == kAttemptColumns);

} // namespace

AttemptsTable::AttemptsTable(AttemptsModel* model, QWidget* parent)
    : QTableView(parent), m_delegate(new AttemptDelegate(this))
{
    setModel(model);
    setItemDelegate(m_delegate);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);
    setCornerButtonEnabled(false);
    setCornerWidget(new QWidget(this)); // else the style draws a bevel between the scroll bars
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    setAccessibleName(tr("Attempts, newest first"));

    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) {
                if (first == 0)
                    keepInPlace(last + 1);
            });
    connect(model, &QAbstractItemModel::modelReset, this, &AttemptsTable::follow);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (following())
            m_unseen = 0;
        if (following() != m_wasFollowing) {
            m_wasFollowing = following();
            Q_EMIT followingChanged();
        }
    });
    measure();
}

void AttemptsTable::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_delegate->setTheme(theme);
    viewport()->update();
}

void AttemptsTable::setHint(const QString& title, const QString& hint)
{
    if (title == m_hintTitle && hint == m_hint)
        return;
    m_hintTitle = title;
    m_hint = hint;
    setAccessibleDescription(title + QLatin1Char(' ') + hint);
    viewport()->update();
}

bool AttemptsTable::following() const
{
    return verticalScrollBar()->value() == 0;
}

void AttemptsTable::follow()
{
    verticalScrollBar()->setValue(0);
    m_unseen = 0;
}

/// Rows came in above: what is being read stays where it is.
void AttemptsTable::keepInPlace(int added)
{
    if (m_wasFollowing)
        return;
    m_unseen += static_cast<std::uint64_t>(added);
    updateGeometries(); // the scroll bar must reach that far
    verticalScrollBar()->setValue(verticalScrollBar()->value() + added);
}

void AttemptsTable::measure()
{
    const QFontMetrics metrics = fontMetrics();
    verticalHeader()->setMinimumSectionSize(metrics.height());
    verticalHeader()->setDefaultSectionSize(metrics.height() * 7 / 4);
    horizontalHeader()->setMinimumSectionSize(metrics.averageCharWidth() * 4);
    shareWidth();
}

/// Columns take what their text needs; function and trigger share what is left. When it is tight
/// the request id is cut first: its first eight digits tell attempts apart.
void AttemptsTable::shareWidth()
{
    const QFontMetrics metrics = fontMetrics();
    const QFontMetrics code(codeFont(8.0));
    const int padding = metrics.averageCharWidth() * 2 + 2;
    int used = 0;
    std::array<int, kAttemptColumns> widths{};
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const bool isId = static_cast<AttemptColumn>(i) == AttemptColumn::RequestId;
        widths[i] = padding
            + (isId ? code.horizontalAdvance(QLatin1String(kId))
                    : metrics.horizontalAdvance(QLatin1String(kWidest[i])));
        used += widths[i];
    }
    const int missing = std::clamp(used - viewport()->width(), 0,
                                   code.horizontalAdvance(QLatin1String(kId))
                                       - code.horizontalAdvance(QLatin1String(kShortId)));
    widths[static_cast<std::size_t>(AttemptColumn::RequestId)] -= missing;
    const int spare = std::max(0, viewport()->width() - used);
    widths[static_cast<std::size_t>(AttemptColumn::Function)] += spare / 2;
    widths[static_cast<std::size_t>(AttemptColumn::Trigger)] += spare - spare / 2;
    for (int i = 0; i < kAttemptColumns; ++i)
        setColumnWidth(i, widths[static_cast<std::size_t>(i)]);
}

void AttemptsTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        shareWidth();
}

void AttemptsTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
}

void AttemptsTable::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (!model() || model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    const int width = std::min(viewport()->width() - 40, fontMetrics().averageCharWidth() * 70);
    QRect room(0, 0, width, viewport()->height());
    room.moveCenter(viewport()->rect().center());
    painter.setPen(m_theme->text);
    painter.setFont(uiFont(10.5, QFont::DemiBold));
    const int middle = room.height() / 2;
    painter.drawText(room.adjusted(0, 0, 0, -middle - 4),
                     static_cast<int>(Qt::AlignHCenter | Qt::AlignBottom), m_hintTitle);
    painter.setPen(m_theme->dim);
    painter.setFont(uiFont());
    painter.drawText(room.adjusted(0, middle + 4, 0, 0),
                     static_cast<int>(Qt::AlignHCenter | Qt::AlignTop) | Qt::TextWordWrap, m_hint);
}

} // namespace coldframe::ui
