#pragma once

#include <map>

#include "ui/replay/replay_job.h"
#include "ui/widgets/card.h"

class QComboBox;
class QFormLayout;
class QPushButton;

namespace coldframe::ui {

class ReplayField;
class WrappedLabel;

/// What is to be other than it was recorded: settings of the run, and of one function after the
/// other. An empty field stays as recorded. It gives what `coldframe replay --set` is given.
class ReplayForm : public Card {
    Q_OBJECT
public:
    explicit ReplayForm(const QString& resourceFolder, QWidget* parent = nullptr);

    /// Null while there is none: nothing can be set then.
    void setStudy(StudyPtr study);
    /// "functions.orders.memoryMb=512", "pool.keepAliveS=60" …, in a fixed order.
    std::vector<std::string> settings() const;
    /// Puts a value into the field of a path; empty: as recorded.
    void set(const std::string& path, const QString& value);
    void clear();
    /// What is wrong with the settings; empty when nothing is.
    QString problem() const;
    bool hasProblem() const;
    void setProblem(const QString& problem); ///< found when it was to be played

Q_SIGNALS:
    void changed();
    void runWanted();

private:
    ReplayField* addField(QFormLayout* form, ReplayField* field, bool ofFunction);
    QComboBox* addChoice(QFormLayout* form, const QString& title, const QString& path,
                         const QStringList& values);
    void orderTabs();
    QString pathOf(const ReplayField& field) const;
    void showFunction();
    void edited();
    void showHelp(const ReplayField* field);
    void copyCommand();

    StudyPtr m_study;
    std::map<QString, QString> m_values; ///< by path
    QList<ReplayField*> m_ofRun, m_ofFunction;
    QComboBox* m_platform = nullptr;
    QComboBox* m_dispatch = nullptr;
    QComboBox* m_function;
    QWidget* m_fields;
    QPushButton* m_clear;
    QPushButton* m_copy;
    WrappedLabel* m_help;
    WrappedLabel* m_changes;
    WrappedLabel* m_problem;
    bool m_filling = false;
};

} // namespace coldframe::ui
