#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A page on which something is calculated beside the window: a scenario, or a recording played
/// again. It says what the *Simulate* commands can do with it.
class StudyPage : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual void setTheme(const Theme& theme) = 0;
    virtual void run() = 0;
    virtual void cancel() = 0;
    virtual void exportResult() = 0;
    virtual bool canRun() const { return true; }
    virtual bool isRunning() const = 0;
    virtual bool hasResult() const = 0;

Q_SIGNALS:
    /// What the commands can do may be another.
    void stateChanged();

protected:
    /// Whether Esc belongs to something that is open on the page, such as a list of suggestions.
    virtual bool needsEscape() const { return false; }
    /// F5 runs and Esc cancels wherever the focus is on the page. True: the event was one of these.
    bool takeKey(QEvent* event);
    bool event(QEvent* event) override;
};

} // namespace coldframe::ui
