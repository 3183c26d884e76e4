#pragma once

#include <QDialog>

#include "ui/session_bridge/session_port.h"

class QLabel;
class QVBoxLayout;

namespace coldframe::ui {

class MessageBar;
struct Theme;

/// What a notice says: when, what happened, and what to do.
QString noticeLine(const session::Notice& notice);
void setNoticeTone(MessageBar& bar, session::Notice::Severity severity);

/// All notices of the run, also those that were dismissed, newest first; it goes on with the run.
class NoticesDialog : public QDialog {
    Q_OBJECT
public:
    NoticesDialog(SessionPort& port, const Theme& theme, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

private:
    void show(const SnapshotPtr& snapshot);
    void add(const session::Notice& notice);
    void copyAll();

    const Theme* m_theme;
    QVBoxLayout* m_list;
    QLabel* m_rest;
    QStringList m_lines; ///< newest first
    std::uint64_t m_shown = 0; ///< how many there were in the run
};

} // namespace coldframe::ui
