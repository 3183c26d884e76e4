#include "ui/tests_view/tests_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/tests_view/tests_model.h"

namespace coldframe::ui {

namespace {

constexpr int kRoomForFunctions = 62; ///< characters; the name goes before it

QFont pillFont()
{
    return uiFont(7.5, QFont::DemiBold);
}

class TestsDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = &theme; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const TestRow& row = static_cast<const TestsModel*>(index.model())->row(index.row());
        if ((option.state & QStyle::State_Selected) != 0)
            painter->fillRect(option.rect, m_theme->selection);
        else if ((option.state & QStyle::State_MouseOver) != 0)
            painter->fillRect(option.rect, m_theme->hover);
        const int padding = option.fontMetrics.averageCharWidth();
        const QRect cell = option.rect.adjusted(padding, 0, -padding, 0);
        if (index.column() == TestsModel::StateColumn)
            return paintPill(*painter, cell, row.state());
        const bool number = index.column() == TestsModel::TimeColumn;
        painter->setFont(option.font);
        painter->setPen(index.column() == TestsModel::NameColumn ? m_theme->text : m_theme->dim);
        painter->drawText(
            cell, (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
    }

private:
    void paintPill(QPainter& painter, const QRect& cell, TestState state) const
    {
        const Tone tone = stateTone(state);
        const QFontMetrics metrics(pillFont());
        const int height = metrics.height() + 5;
        const QRect pill(cell.left(), cell.center().y() - height / 2,
                         metrics.horizontalAdvance(stateText(state)) + height, height);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(toneFill(*m_theme, tone));
        painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
        painter.setPen(tone == Tone::Neutral ? m_theme->dim : toneColor(*m_theme, tone));
        painter.setFont(pillFont());
        painter.drawText(pill, Qt::AlignCenter, stateText(state));
        painter.restore();
    }

    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace

TestsTable::TestsTable(TestsModel* model, QWidget* parent) : QTableView(parent)
{
    setModel(model);
    setItemDelegate(new TestsDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSectionResizeMode(TestsModel::NameColumn, QHeaderView::Stretch);
    setAccessibleName(tr("Test events"));
    measure();
}

void TestsTable::setTheme(const Theme& theme)
{
    static_cast<TestsDelegate*>(itemDelegate())->setTheme(theme);
    viewport()->update();
}

void TestsTable::measure()
{
    const QFontMetrics metrics = fontMetrics();
    const QFontMetrics pill{pillFont()};
    const int padding = metrics.averageCharWidth() * 2 + 2;
    verticalHeader()->setMinimumSectionSize(metrics.height());
    verticalHeader()->setDefaultSectionSize(metrics.height() * 7 / 4);
    horizontalHeader()->setMinimumSectionSize(metrics.averageCharWidth() * 4);
    setColumnWidth(TestsModel::StateColumn,
                   pill.horizontalAdvance(stateText(TestState::NothingExpected)) + pill.height() + 5
                       + padding);
    setColumnWidth(TestsModel::FunctionColumn, metrics.averageCharWidth() * 16 + padding);
    setColumnWidth(TestsModel::TimeColumn,
                   metrics.horizontalAdvance(QStringLiteral("000.0 ms")) + padding);
    setColumnHidden(TestsModel::FunctionColumn,
                    viewport()->width() < metrics.averageCharWidth() * kRoomForFunctions);
}

void TestsTable::resizeEvent(QResizeEvent* event)
{
    measure();
    QTableView::resizeEvent(event);
}

void TestsTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
}

} // namespace coldframe::ui
