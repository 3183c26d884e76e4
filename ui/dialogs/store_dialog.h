#pragma once

#include "ui/dialogs/entry_dialog.h"

namespace coldframe::ui {

/// A store: a folder, a SQLite file, a database on a server, or a queue with its rules.
class StoreDialog : public EntryDialog {
    Q_OBJECT
public:
    StoreDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                QWidget* parent = nullptr);

private:
    void addQueue();
    void kindChanged();
    bool is(const char* kind) const;

    QComboBox *m_kind = nullptr, *m_fifo = nullptr;
    QLineEdit* m_path = nullptr;
};

} // namespace coldframe::ui
