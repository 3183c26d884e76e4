#pragma once

#include "ui/replay/replay_job.h"
#include "ui/simulate/study_page.h"

class QLabel;
class QPushButton;

namespace coldframe::ui {

class ReplayForm;
class ReplayView;

/// One recording: what is to be other than it was, and what comes of it beside what was recorded.
class ReplayPage : public StudyPage {
    Q_OBJECT
public:
    /// `path`: of a recording, or of a workspace that was run: its newest one.
    ReplayPage(QString path, QString resourceFolder, QWidget* parent = nullptr);

    void setTheme(const Theme& theme) override;
    void run() override;
    void cancel() override;
    void exportResult() override;
    bool canRun() const override;
    bool isRunning() const override { return m_job.isRunning(); }
    bool hasResult() const override;
    /// Reads the recording again, which may have grown.
    void open();
    /// Puts the focus into the form, as soon as there is something to be set.
    void focusForm();
    QString path() const { return m_path; }
    QString about() const; ///< when it was recorded, and whether it is decided as it was
    ReplayForm* form() const { return m_form; }
    ReplayView* view() const { return m_view; }
    StudyPtr study() const { return m_study; }

private:
    QWidget* buildBar();
    void connectJob();
    void showOpened(const StudyPtr& study);
    void showFailed(const Error& error);
    void showCancelled();
    void refresh();
    bool isEmpty() const; ///< no event came while it was recorded

    QString m_path, m_resources;
    QPushButton* m_run;
    QPushButton* m_cancel;
    QPushButton* m_again;
    QLabel* m_about;
    ReplayForm* m_form;
    ReplayView* m_view;
    StudyPtr m_study;
    QStringList m_playing; ///< settings of the replay under way
    bool m_opening = false, m_wantsFocus = false;
    ReplayJob m_job;
};

} // namespace coldframe::ui
