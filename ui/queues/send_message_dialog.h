#pragma once

#include <QDialog>

#include "model/queue.h"
#include "session/message_draft.h"
#include "ui/session_bridge/queue_port.h"
#include "ui/theme/theme.h"

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace coldframe::ui {

class JsonView;

/// A new message for a queue, or a copy of one. It closes once the message is in the queue; what is
/// said against it stands in the dialog.
class SendMessageDialog : public QDialog {
    Q_OBJECT
public:
    /// `draft` names the queue and may hold body, attributes and group to begin with.
    SendMessageDialog(const QueueStore& queue, session::MessageDraft draft, QueuePort& port,
                      QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void accept() override;
    /// Of the message that was sent.
    const session::MessageReceipt& receipt() const { return m_receipt; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QString problem() const; ///< what core would not say
    session::MessageDraft draft() const;
    void say(const QString& problem);

    session::MessageDraft m_draft;
    QueuePort& m_port;
    session::MessageReceipt m_receipt;
    JsonView* m_body;
    QPlainTextEdit* m_attributes;
    QLineEdit *m_group = nullptr, *m_deduplication = nullptr;
    QSpinBox* m_delay = nullptr;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace coldframe::ui
