#include "ui/shell/search_box.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QKeyEvent>
#include <QStandardItemModel>
#include <QTimer>

#include "ui/theme/icons.h"

namespace coldframe::ui {

SearchBox::SearchBox(Source source, QWidget* parent)
    : QLineEdit(parent), m_source(std::move(source)), m_model(new QStandardItemModel(this)),
      m_completer(new QCompleter(m_model, this)), m_glass(addAction(QIcon(), LeadingPosition))
{
    setPlaceholderText(tr("Find a command, function, trigger, event…"));
    setAccessibleName(tr("Find"));
    m_glass->setText(tr("Find"));
    setToolTip(tr("Find a command, function, trigger or event (Ctrl+Shift+P)"));
    setMinimumWidth(120);
    setMaximumWidth(330);
    m_completer->setFilterMode(Qt::MatchContains);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setMaxVisibleItems(14);
    setCompleter(m_completer);
    m_completer->popup()->setObjectName(QStringLiteral("palette"));
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            &SearchBox::choose);
}

void SearchBox::setTheme(const Theme& theme)
{
    m_glass->setIcon(strokeIcon(QStringLiteral("search"), theme.dim));
}

void SearchBox::focusInEvent(QFocusEvent* event)
{
    refill();
    QLineEdit::focusInEvent(event);
}

void SearchBox::refill()
{
    m_entries = m_source();
    m_model->clear();
    for (qsizetype at = 0; at < m_entries.size(); ++at) {
        auto* item = new QStandardItem(m_entries[at].text + QStringLiteral("   ·   ")
                                       + m_entries[at].kind);
        item->setData(static_cast<int>(at), Qt::UserRole);
        item->setEditable(false);
        m_model->appendRow(item);
    }
}

void SearchBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        clear();
        if (QWidget* window = this->window())
            window->setFocus();
        return;
    }
    // Enter without a choice takes the first match.
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !text().isEmpty() && m_completer->completionCount() > 0) {
        m_completer->setCurrentRow(0);
        choose(m_completer->currentIndex());
        return;
    }
    QLineEdit::keyPressEvent(event);
    if (event->key() == Qt::Key_Down && text().isEmpty())
        m_completer->complete();
}

void SearchBox::choose(const QModelIndex& index)
{
    const int at = index.data(Qt::UserRole).toInt();
    if (at < 0 || at >= m_entries.size())
        return;
    const std::function<void()> run = m_entries[at].run;
    m_completer->popup()->hide();
    // After the completer has put the text in, and before the command opens anything.
    QTimer::singleShot(0, this, [this, run] {
        clear();
        clearFocus();
        run();
    });
}

} // namespace coldframe::ui
