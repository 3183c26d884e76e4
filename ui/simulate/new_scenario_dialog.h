#pragma once

#include <QDialog>

#include <memory>

#include "model/workspace.h"
#include "ui/simulate/new_scenario.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace coldframe::ui {

/// *New scenario*: what it begins with, and the file it becomes.
class NewScenarioDialog : public QDialog {
    Q_OBJECT
public:
    /// `workspace` may be null.
    NewScenarioDialog(std::shared_ptr<const Workspace> workspace, QWidget* parent = nullptr);
    QString path() const { return m_path; } ///< of the file that was written

protected:
    void accept() override;

private:
    void suggestName();
    Result<std::string> text() const;

    std::shared_ptr<const Workspace> m_workspace;
    QComboBox* m_from;
    QLineEdit* m_file;
    QLabel* m_problem;
    QString m_folder, m_path;
};

} // namespace coldframe::ui
