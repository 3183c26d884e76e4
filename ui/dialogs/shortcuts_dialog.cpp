#include "ui/dialogs/shortcuts_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace coldframe::ui {

namespace {

QString plain(QString text)
{
    return text.remove(QLatin1Char('&'));
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const std::vector<QAction*>& actions, QWidget* parent)
    : QDialog(parent), m_filter(new QLineEdit(this)), m_list(new QTreeWidget(this))
{
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(520, 640);
    m_filter->setPlaceholderText(tr("Filter…"));
    m_filter->setAccessibleName(tr("Filter the shortcuts"));
    m_filter->setClearButtonEnabled(true);
    m_list->setHeaderLabels({tr("Command"), tr("Key")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->setAccessibleName(tr("Commands and their keys"));
    const auto add = [this](const QString& what, const QString& key) {
        auto* item = new QTreeWidgetItem(m_list, {what, key});
        item->setSizeHint(0, QSize(0, fontMetrics().height() + 10));
    };
    for (const QAction* action : actions)
        if (!action->shortcut().isEmpty())
            add(plain(action->text()), action->shortcut().toString(QKeySequence::NativeText));
    // Keys of the panes themselves, which no menu has.
    add(tr("Explorer: open what is selected"), QKeySequence(Qt::Key_Return).toString());
    add(tr("Event: back to the text before"), QKeySequence(QKeySequence::Undo).toString());
    add(tr("Event: what may stand here"),
        QKeySequence(Qt::CTRL | Qt::Key_Space).toString(QKeySequence::NativeText));
    add(tr("Invocations: clear the filter"), QKeySequence(Qt::Key_Escape).toString());
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
}

void ShortcutsDialog::filter(const QString& text)
{
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_list->topLevelItem(row);
        item->setHidden(!item->text(0).contains(text, Qt::CaseInsensitive)
                        && !item->text(1).contains(text, Qt::CaseInsensitive));
    }
}

} // namespace coldframe::ui
