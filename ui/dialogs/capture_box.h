#pragma once

#include <optional>
#include <string>

#include "ui/session_bridge/session_port.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

class QPushButton;

namespace coldframe::ui {

class StatusDot;

/// What is installed in a database for a trigger over changes of a table, and the buttons that
/// install, repair or remove it after a look at the SQL.
class CaptureBox : public Card {
    Q_OBJECT
public:
    explicit CaptureBox(QWidget* parent = nullptr);

    void setPort(SessionPort* port) { m_port = port; }
    void setTheme(const Theme& theme);
    /// Looks at the table of another trigger, or again because the trigger says something else.
    void show(const Trigger& trigger, const Workspace& workspace, const std::string& message);

private:
    void look();
    void fill(const Result<session::CaptureView>& view);
    void ask(session::CaptureRequest::What what);

    SessionPort* m_port = nullptr;
    std::string m_trigger, m_message;
    QString m_place;
    std::optional<session::CaptureView> m_view;
    StatusDot* m_state = nullptr;
    QLabel *m_title = nullptr, *m_reasons = nullptr;
    QPushButton *m_install = nullptr, *m_remove = nullptr;
};

} // namespace coldframe::ui
