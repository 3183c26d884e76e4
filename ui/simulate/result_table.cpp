#include "ui/simulate/result_table.h"

#include <QHeaderView>
#include <QStyledItemDelegate>

#include <algorithm>

#include "ui/simulate/figures_model.h"

namespace coldframe::ui {

namespace {

/// A difference that chance explains is dim; one that it does not stands out.
class FiguresDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme& theme) { m_theme = &theme; }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.data(FiguresModel::DifferenceRole).toBool())
            return;
        const bool alike = index.data(FiguresModel::AlikeRole).toBool();
        const QColor color = alike ? m_theme->dim : m_theme->accent;
        for (const auto role : {QPalette::Text, QPalette::HighlightedText})
            option->palette.setColor(role, color);
        option->font.setWeight(alike ? QFont::Normal : QFont::DemiBold);
    }

private:
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace

ResultTable::ResultTable(QAbstractItemModel* model, QWidget* parent) : QTableView(parent)
{
    setModel(model);
    setItemDelegate(new FiguresDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(fontMetrics().height());
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 7 / 4);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setResizeContentsPrecision(100);
    setAccessibleName(tr("Figures of the simulation"));
    setObjectName(QStringLiteral("figures"));
    // Later: by then the view knows whether it needs a scroll bar.
    connect(model, &QAbstractItemModel::modelReset, this, &ResultTable::fitColumns,
            Qt::QueuedConnection);
}

void ResultTable::setTheme(const Theme& theme)
{
    static_cast<FiguresDelegate*>(itemDelegate())->setTheme(theme);
    viewport()->update();
}

/// What is left over is shared out, so that the columns fill the table.
void ResultTable::fitColumns()
{
    const int count = model() ? model()->columnCount() : 0;
    if (count == 0)
        return;
    int sum = 0;
    for (int column = 0; column < count; ++column) {
        const int width
            = std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column))
            + fontMetrics().averageCharWidth() * 2;
        setColumnWidth(column, width);
        sum += width;
    }
    const int extra = (viewport()->width() - sum) / count;
    for (int column = 0; extra > 0 && column < count; ++column)
        setColumnWidth(column, columnWidth(column) + extra);
}

void ResultTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

} // namespace coldframe::ui
