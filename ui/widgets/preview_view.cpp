#include "ui/widgets/preview_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/widgets/card.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

PreviewView::PreviewView(QWidget* parent)
    : QWidget(parent), m_note(dimLabel(QString(), this)), m_pages(new QStackedLayout),
      m_blank(new QWidget(this)), m_textPage(new QWidget(this)), m_table(new QTableWidget(this)),
      m_picture(new QLabel(this))
{
    m_note->setWordWrap(true);
    auto* textColumn = new QVBoxLayout(m_textPage);
    textColumn->setContentsMargins(0, 0, 0, 0);
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
    using Kind = ObjectPreview::Kind;
    const ObjectPreview preview = previewOf(file);
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

void PreviewView::showTable(const QList<QStringList>& rows)
{
    qsizetype columns = 0;
    for (const QStringList& row : rows)
        columns = std::max(columns, row.size());
    m_table->clear();
    m_table->setColumnCount(static_cast<int>(columns));
    m_table->setRowCount(static_cast<int>(std::max<qsizetype>(0, rows.size() - 1)));
    if (!rows.isEmpty())
        m_table->setHorizontalHeaderLabels(rows.front());
    for (qsizetype row = 1; row < rows.size(); ++row)
        for (qsizetype column = 0; column < rows[row].size(); ++column)
            m_table->setItem(static_cast<int>(row - 1), static_cast<int>(column),
                             new QTableWidgetItem(rows[row][column]));
    m_table->resizeColumnsToContents();
}

void PreviewView::showPicture(const QImage& picture)
{
    m_picture->setPixmap(QPixmap::fromImage(picture));
}

} // namespace coldframe::ui
