#pragma once

#include <QWidget>

#include <map>

#include "ui/session_bridge/session_port.h"
#include "ui/theme/theme.h"

class QPushButton;
class QVBoxLayout;

namespace coldframe::ui {

class MessageBar;

/// One bar for each attempt that is held for a debugger: where to attach and how, and the ways out.
class DebugBars : public QWidget {
    Q_OBJECT
public:
    explicit DebugBars(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);

private:
    struct Bar {
        MessageBar* bar = nullptr;
        QPushButton *copy = nullptr, *release = nullptr;
        QString configuration;
    };
    void show(const SnapshotPtr& snapshot);
    Bar& barOf(std::uint32_t invocation);
    void say(Bar& bar, const session::DebugView& view, const QString& function);

    SessionPort* m_port = nullptr;
    std::map<std::uint32_t, Bar> m_bars; ///< by invocation: the oldest on top
    const Theme* m_theme;
    QVBoxLayout* m_column;
};

} // namespace coldframe::ui
