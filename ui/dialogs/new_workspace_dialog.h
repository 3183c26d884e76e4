#pragma once

#include <QDialog>

#include "session/new_workspace.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace coldframe::ui {

class WrappedLabel;

/// Makes a new workspace of a template or of a shipped example, in a folder that is not there yet.
/// It is made when *Create* is pressed, whole or not at all; what is in the way stands in the
/// dialog.
class NewWorkspaceDialog : public QDialog {
    Q_OBJECT
public:
    explicit NewWorkspaceDialog(QWidget* parent);

    /// The folder of the workspace that was made.
    QString target() const;
    void accept() override;

private:
    void fillList();
    void addHeading(const QString& title);
    void addTemplate(const QString& title, const QString& about, session::StarterCode code);
    void addExample(const QString& folder);
    QWidget* makeForm();
    void choose();
    void check();
    void showPlace(const QString& text, bool isProblem);
    void browse();
    void proposeName();
    QString example() const; ///< its folder; empty when a template is chosen
    Result<void> make() const;

    QListWidget* m_list;
    QLabel* m_title;
    WrappedLabel* m_about;
    QComboBox* m_trigger;
    WrappedLabel* m_triggerAbout;
    QLineEdit* m_name;
    QLineEdit* m_folder;
    WrappedLabel* m_place;
    QPushButton* m_create = nullptr;
    QFormLayout* m_form = nullptr;
};

} // namespace coldframe::ui
