#include "ui/dialogs/store_dialog.h"

#include <QLineEdit>

namespace coldframe::ui {

StoreDialog::StoreDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                         QWidget* parent)
    : EntryDialog(EntryKind::Store, std::move(name), std::move(editor), std::move(fileText), parent)
{
    addFixed("kind", "\"folder\"");
    addFolder(tr("&Folder"), "path")->setPlaceholderText(QStringLiteral("data/uploads"));
    start();
}

} // namespace coldframe::ui
