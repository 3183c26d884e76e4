#pragma once

#include <QWidget>

#include <vector>

#include "model/error.h"
#include "study/sweep.h"

class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace coldframe::ui {

class SweepEdit;
class WrappedLabel;

/// What is changed from run to run, without touching the text: seed, replications, duration, and
/// what to sweep; with *Run* and *Cancel*.
class QuickBar : public QWidget {
    Q_OBJECT
public:
    explicit QuickBar(QWidget* parent = nullptr);

    /// Shows what the text says. Controls are off while it is no JSON.
    void setScenario(const std::string& text);
    /// Takes over what is typed in a field that has the focus still.
    void commit();
    void setRunning(bool running);
    /// Errors: of values that cannot be read; they are shown, too.
    tl::expected<std::vector<study::Sweep>, Error> sweeps();
    void setSweep(int which, const QString& path, const QString& values); ///< 0 or 1
    /// What is wrong with the sweeps; empty when nothing is.
    void setProblem(const QString& problem);
    QString problem() const;

Q_SIGNALS:
    void runWanted();
    void cancelWanted();
    /// A setting of the file was changed: its JSON Pointer and value.
    void settingChanged(const QString& pointer, const QString& json);
    void sweepsChanged();

private:
    void buildSettings(QHBoxLayout* row);
    void durationEdited();
    void seedEdited();

    QPushButton* m_run;
    QPushButton* m_cancel;
    QLineEdit* m_seed;
    QSpinBox* m_replications;
    QLineEdit* m_duration;
    SweepEdit* m_first;
    SweepEdit* m_second;
    WrappedLabel* m_problem;
    double m_durationS = 0;
};

} // namespace coldframe::ui
