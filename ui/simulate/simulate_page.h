#pragma once

#include <QWidget>

#include "ui/simulate/scenario_check.h"
#include "ui/theme/theme.h"

class QTimer;

namespace coldframe::ui {

class QuickBar;
class ResultView;
class ScenarioEditor;

/// One scenario: its text and quick settings, and what comes of it. Each has a job of its own,
/// which goes on while another tab is in front.
class SimulatePage : public QWidget {
    Q_OBJECT
public:
    SimulatePage(const QString& path, QString resourceFolder, QWidget* parent = nullptr);
    ~SimulatePage() override;

    void setTheme(const Theme& theme);
    void run();
    void cancel();
    void save();
    void format();
    void keep(); ///< or stop comparing
    void exportResult();
    void storeDraft();
    bool isRunning() const { return m_job.isRunning(); }
    bool hasResult() const;
    ScenarioEditor* editor() const { return m_editor; }
    QuickBar* bar() const { return m_bar; }
    ResultView* result() const { return m_result; }
    SimulationJob& job() { return m_job; }

Q_SIGNALS:
    /// What the commands can do may be another.
    void stateChanged();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    bool takeKey(QEvent* event);
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
