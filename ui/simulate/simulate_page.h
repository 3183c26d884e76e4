#pragma once

#include "ui/simulate/scenario_check.h"
#include "ui/simulate/study_page.h"

class QTimer;

namespace coldframe::ui {

class QuickBar;
class ResultView;
class ScenarioEditor;

/// One scenario: its text and quick settings, and what comes of it. Each has a job of its own,
/// which goes on while another tab is in front.
class SimulatePage : public StudyPage {
    Q_OBJECT
public:
    SimulatePage(const QString& path, QString resourceFolder, QWidget* parent = nullptr);
    ~SimulatePage() override;

    void setTheme(const Theme& theme) override;
    void run() override;
    void cancel() override;
    void save();
    void format();
    void keep(); ///< or stop comparing
    void exportResult() override;
    void storeDraft();
    bool isRunning() const override { return m_job.isRunning(); }
    bool hasResult() const override;
    ScenarioEditor* editor() const { return m_editor; }
    QuickBar* bar() const { return m_bar; }
    ResultView* result() const { return m_result; }
    SimulationJob& job() { return m_job; }

Q_SIGNALS:
    /// The text differs from the file, or no longer does.
    void modifiedChanged(bool modified);

protected:
    bool needsEscape() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void connectJob();
    void checkSoon();
    void check();
    void showChecked(const Checked& found);
    study::ScenarioFile file() const;

    QString m_resources;
    ScenarioEditor* m_editor;
    QuickBar* m_bar;
    ResultView* m_result;
    QTimer* m_checkLater;
    SimulationJob m_job;
    ScenarioCheck m_check;
};

} // namespace coldframe::ui
