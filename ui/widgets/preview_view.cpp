#include "ui/widgets/preview_view.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/widgets/card.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

namespace {

constexpr int kMostLetters = 48; ///< of a cell; the rest is cut

} // namespace

/// Separated values; the first row is the head.
class RowsModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<QStringList>& rows)
    {
        beginResetModel();
        m_rows = rows;
        m_columns = 0;
        for (const QStringList& row : rows)
            m_columns = std::max(m_columns, static_cast<int>(row.size()));
        endResetModel();
    }
    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : std::max(0, static_cast<int>(m_rows.size()) - 1);
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : m_columns;
    }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if ((role != Qt::DisplayRole && role != Qt::ToolTipRole) || !index.isValid())
            return {};
        return m_rows[index.row() + 1].value(index.column());
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole || m_rows.isEmpty())
            return {};
        return m_rows.front().value(section);
    }

private:
    QList<QStringList> m_rows;
    int m_columns = 0;
};

PreviewView::PreviewView(QWidget* parent)
    : QWidget(parent), m_note(dimLabel(QString(), this)), m_pages(new QStackedLayout),
      m_blank(new QWidget(this)), m_textPage(new QWidget(this)), m_table(new QTableView(this)),
      m_rows(new RowsModel(this)), m_picture(new QLabel(this))
{
    m_note->setWordWrap(true);
    auto* textColumn = new QVBoxLayout(m_textPage);
    textColumn->setContentsMargins(0, 0, 0, 0);
    m_table->setModel(m_rows);
    m_table->setAccessibleName(tr("Preview, table"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFont(codeFont(8.5));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    m_table->horizontalHeader()->setFont(uiFont(8.5, QFont::DemiBold));
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setAccessibleName(tr("Preview, picture"));
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_picture);
    for (QWidget* page :
         {m_blank, m_textPage, static_cast<QWidget*>(m_table), static_cast<QWidget*>(scroll)})
        m_pages->addWidget(page);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_note);
    column->addLayout(m_pages, 1);
}

void PreviewView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (m_text)
        m_text->setTheme(theme);
}

JsonView* PreviewView::textView()
{
    if (!m_text) {
        m_text = new JsonView(m_textPage);
        m_text->setReadOnly(true);
        m_text->setTheme(*m_theme);
        m_text->setName(tr("Preview, text"));
        m_textPage->layout()->addWidget(m_text);
    }
    return m_text;
}

void PreviewView::showNothing(const QString& why)
{
    m_note->setText(why);
    m_note->setVisible(!why.isEmpty());
    m_pages->setCurrentWidget(m_blank);
}

void PreviewView::showFile(const QString& file)
{
    showPreview(previewOf(file));
}

void PreviewView::showPreview(const ObjectPreview& preview)
{
    using Kind = ObjectPreview::Kind;
    showNothing(preview.note);
    switch (preview.kind) {
    case Kind::Missing:
    case Kind::Binary:
        break;
    case Kind::Text:
    case Kind::Json:
    case Kind::JsonLines:
        textView()->setText(preview.text);
        m_pages->setCurrentWidget(m_textPage);
        break;
    case Kind::Table:
        showTable(preview.rows);
        m_pages->setCurrentWidget(m_table);
        break;
    case Kind::Picture:
        showPicture(preview.picture);
        m_pages->setCurrentIndex(m_pages->count() - 1);
        break;
    }
}

/// Every letter of this font is as wide as the next, so the widths need no drawing.
void PreviewView::showTable(const QList<QStringList>& rows)
{
    m_rows->setRows(rows);
    const int letter = m_table->fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const int head = m_table->horizontalHeader()->fontMetrics().averageCharWidth() * 5 / 4;
    for (int column = 0; column < m_rows->columnCount(); ++column) {
        int width = head * static_cast<int>(rows.front().value(column).size());
        for (const QStringList& row : rows)
            width = std::max(width, letter * static_cast<int>(row.value(column).size()));
        m_table->setColumnWidth(column, std::min(width, kMostLetters * letter) + 2 * letter);
    }
}

void PreviewView::showPicture(const QImage& picture)
{
    m_picture->setPixmap(QPixmap::fromImage(picture));
}

} // namespace coldframe::ui
