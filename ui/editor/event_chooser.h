#pragma once

#include <QComboBox>
#include <QThreadPool>

#include <string>

#include "model/workspace.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/function_templates.h"

namespace coldframe::ui {

/// The events one can start from: first what the triggers of the function in front would send, then
/// the workspace's test events, then the shipped templates by group. An event that tells of a file
/// is made when it is chosen, on a thread of its own.
class EventChooser : public QComboBox {
    Q_OBJECT
public:
    explicit EventChooser(QWidget* parent);
    ~EventChooser() override;

    /// Lists all anew; none is chosen.
    ///
    /// @param workspace may be null; then nothing is known of triggers.
    void refill(const Workspace* workspace, const std::string& function,
                const QList<EventEntry>& tests, const QList<EventEntry>& templates);
    /// What the chosen one is, in one or two sentences; empty of test events.
    QString description() const;
    /// As if it had been chosen.
    void choose(int row);

Q_SIGNALS:
    void fileChosen(const QString& path);
    void eventMade(const QString& text);
    /// Why there is none, and what to do.
    void failed(const QString& message);

private:
    void addHeading(const QString& title);
    void make(const FunctionTemplate& wanted);

    QList<FunctionTemplate> m_fitting;
    QThreadPool m_readers;
    quint64 m_number = 0; ///< of what was asked for last: only that one is told
};

} // namespace coldframe::ui
