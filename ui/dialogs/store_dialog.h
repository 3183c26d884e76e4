#pragma once

#include "ui/dialogs/entry_dialog.h"

namespace coldframe::ui {

/// A store: its name and its folder.
class StoreDialog : public EntryDialog {
    Q_OBJECT
public:
    StoreDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                QWidget* parent = nullptr);
};

} // namespace coldframe::ui
