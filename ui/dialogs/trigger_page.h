#pragma once

#include "ui/session_bridge/session_port.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

class QPushButton;

namespace coldframe::ui {

class CaptureBox;
class StatBox;
class StatusDot;
class WrappedLabel;

/// One trigger: what it listens to, how it goes, when it fires next, and what can be done with it.
class TriggerPage : public Card {
    Q_OBJECT
public:
    explicit TriggerPage(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void setTrigger(const QString& name);

Q_SIGNALS:
    void functionChosen(const QString& name);
    void editWanted();

private:
    void buildHead(QVBoxLayout* column);
    void buildFires(QVBoxLayout* column);
    void buildButtons(QVBoxLayout* column);
    void show(const SnapshotPtr& snapshot);
    void fill(const Trigger& trigger, const session::TriggerView& view,
              const session::Snapshot& snapshot);
    void fillButtons(const Trigger& trigger, const session::TriggerView& view,
                     const session::Snapshot& snapshot);

    SessionPort* m_port = nullptr;
    std::string m_name;
    bool m_enabled = true;
    WrappedLabel* m_message = nullptr;
    QLabel *m_title = nullptr, *m_subject = nullptr, *m_url = nullptr, *m_fires = nullptr,
           *m_firesIn = nullptr, *m_firesHeading = nullptr;
    QWidget* m_firesBox = nullptr;
    CaptureBox* m_capture = nullptr;
    StatusDot* m_state = nullptr;
    StatBox *m_rate = nullptr, *m_events = nullptr, *m_waiting = nullptr, *m_filteredOut = nullptr;
    QPushButton *m_fire = nullptr, *m_enable = nullptr, *m_resume = nullptr, *m_backfill = nullptr,
                *m_function = nullptr, *m_edit = nullptr;
};

} // namespace coldframe::ui
