#pragma once

#include <vector>

#include "model/error.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

class QPushButton;

namespace coldframe::ui {

class EventCompleter;
class JsonView;
class WrappedLabel;

/// The text of one scenario file, with what is wrong with it. Changes that were not saved come back
/// when the file is opened again.
class ScenarioEditor : public Card {
    Q_OBJECT
public:
    ScenarioEditor(QString path, const QString& resourceFolder, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    QString path() const { return m_path; }
    QString text() const;
    void setText(const QString& text); ///< one undo takes it back
    /// Gives a place of the text another value; says why when it cannot.
    QString set(const QString& pointer, const QString& json);
    bool isModified() const { return text() != m_saved; }
    void save();
    void storeDraft();
    /// What others changed in the file, unless it was changed here, too.
    void readAgain();
    void setErrors(const std::vector<Error>& errors);
    /// What is to be simulated, when nothing is wrong.
    void setNote(const QString& note);
    QString message() const;
    void showFirstError(); ///< puts the cursor there
    bool isCompleting() const; ///< a list of suggestions is open, which has the keys
    JsonView* view() const { return m_view; }

Q_SIGNALS:
    void textChanged();
    void modifiedChanged(bool modified);

private:
    void open();
    void say(const QString& words, bool problem);
    void showModified();

    QString m_path, m_saved;
    bool m_shownModified = false;
    std::vector<Error> m_errors;
    QLabel* m_title;
    QPushButton* m_save;
    JsonView* m_view;
    EventCompleter* m_completer;
    WrappedLabel* m_message;
};

} // namespace coldframe::ui
