#pragma once

#include "ui/dialogs/entry_dialog.h"

class QPlainTextEdit;

namespace coldframe::ui {

class VariablesTable;

/// A function's settings.
class FunctionDialog : public EntryDialog {
    Q_OBJECT
public:
    FunctionDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                   QWidget* parent = nullptr);

protected:
    void addChanges(std::vector<EntryChange::Value>& changes) const override;
    void checkMore() override;

private:
    void addProgram();
    void addDestination(const QString& label, const std::string& key);
    void runtimeChanged();
    bool runs(const char* runtime) const;

    QComboBox* m_runtime = nullptr;
    QPlainTextEdit* m_command = nullptr;
    VariablesTable* m_variables = nullptr;
};

} // namespace coldframe::ui
