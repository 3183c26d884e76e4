#pragma once

#include <QDialog>

#include "ui/replay/recording_list.h"

class QListWidget;
class QPushButton;

namespace coldframe::ui {

/// *Replay a recording*: which one.
class RecordingDialog : public QDialog {
    Q_OBJECT
public:
    /// `recordings` of the workspace that is open, newest first.
    explicit RecordingDialog(const QList<RecordingEntry>& recordings, QWidget* parent = nullptr);
    QString path() const { return m_path; } ///< what was chosen

private:
    void browse();
    void refresh();

    QListWidget* m_list;
    QPushButton* m_ok;
    QString m_path;
};

} // namespace coldframe::ui
