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
    /// Parts of the form.
    enum { kWhich = 1, kEventPart, kBatches, kFailures };
    void addNames(const QString& label, const std::string& key, const char* section);
    void addSchedule();
    // trigger_fields.cpp
    void addStream();
    void addBatches();
    void addFileRest();
    void nameBegins();
    void addHttp();
    void fillStores();
    void fillShapes();
    void fillEvents();
    void kindChanged();
    bool is(const char* kind) const;

    QComboBox *m_kind = nullptr, *m_store = nullptr, *m_shape = nullptr, *m_events = nullptr,
              *m_begins = nullptr;
    QLineEdit *m_expression = nullptr, *m_timezone = nullptr, *m_startsAt = nullptr,
              *m_endsAt = nullptr, *m_window = nullptr, *m_batchSize = nullptr;
    bool m_storeChosen = false, m_shapeChosen = false, m_eventsChosen = false; ///< as in the file
    QLabel* m_next = nullptr;
    QPlainTextEdit *m_event = nullptr, *m_filter = nullptr;
};

} // namespace coldframe::ui
