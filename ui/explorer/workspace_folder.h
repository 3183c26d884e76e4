#pragma once

#include <QList>
#include <QObject>
#include <QTimer>

#include "ui/replay/recording_list.h"
#include "ui/simulate/new_scenario.h"

namespace coldframe::ui {

/// What lies in a workspace's folder beside its file: test events, scenarios and recordings. Looks
/// again every few seconds; says so only when something changed.
class WorkspaceFolder : public QObject {
    Q_OBJECT
public:
    explicit WorkspaceFolder(QObject* parent = nullptr);

    /// `recordingFolder`: the one being written now, or empty.
    void open(const QString& folder, const QString& recordingFolder);
    void refresh();

    const QStringList& events() const { return m_events; } ///< paths
    const QList<ScenarioEntry>& scenarios() const { return m_scenarios; }
    const QList<RecordingEntry>& recordings() const { return m_recordings; } ///< newest first

Q_SIGNALS:
    void changed();

private:
    QString m_folder, m_recordingFolder;
    QStringList m_events;
    QList<ScenarioEntry> m_scenarios;
    QList<RecordingEntry> m_recordings;
    QTimer m_timer;
};

} // namespace coldframe::ui
