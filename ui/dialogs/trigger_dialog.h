#pragma once

#include "ui/dialogs/entry_dialog.h"

class QPlainTextEdit;

namespace coldframe::ui {

/// A trigger: what it listens to and the function it invokes; of a schedule, when it fires next.
class TriggerDialog : public EntryDialog {
    Q_OBJECT
public:
    TriggerDialog(std::string name, session::WorkspaceEditor editor, std::string fileText,
                  QWidget* parent = nullptr);

protected:
    void checkMore() override;

private:
    void addNames(const QString& label, const std::string& key, const char* section);
    void addDefaulted(const QString& label, const std::string& key,
                      const QList<std::pair<const char*, QString>>& items);
    void addShape();
    void addSchedule();
    void addHttp();
    void addEvent();
    void kindChanged();
    bool is(const char* kind) const;

    QComboBox* m_kind = nullptr;
    QLineEdit *m_expression = nullptr, *m_timezone = nullptr;
    QLabel* m_next = nullptr;
    QPlainTextEdit* m_event = nullptr;
};

} // namespace coldframe::ui
