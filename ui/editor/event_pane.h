#pragma once

#include "ui/widgets/card.h"

#include <QHash>

#include <memory>

class QPushButton;
class QTimer;

namespace coldframe {
struct Workspace;
}

namespace coldframe::ui {

class EventChooser;
class EventCompleter;
class JsonView;
class WrappedLabel;
struct Theme;

/// The event that *Send* sends: one text per function, checked while it is typed.
class EventPane : public Card {
    Q_OBJECT
public:
    EventPane(QString resourceFolder, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Another workspace: forgets the drafts of the old one and reads those of the new.
    void setWorkspace(const QString& folder);
    /// The workspace as it is now: its triggers and stores are what events tell of.
    void setModel(std::shared_ptr<const Workspace> workspace);
    /// Shows this function's event; the one before keeps its text.
    void setFunction(const QString& name);
    QString function() const { return m_function; }

    QString eventText() const;
    bool isValid() const { return m_problem.isEmpty(); }
    void setEventText(const QString& text);
    /// Another event in place of the one that is there, which undo brings back. It is none of the
    /// list's.
    void replaceEvent(const QString& text);
    /// Puts a test event or template into the editor.
    void loadEvent(const QString& path);
    void format();
    void saveAsTestEvent();
    /// Looks again at which test events there are.
    void refreshEvents();
    void storeDrafts();
    void focusEditor();
    /// The width below which its head would be cut.
    int narrowest() const;

Q_SIGNALS:
    void validityChanged(bool valid);
    void testEventsChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitHeader();
    void buildHeader(QVBoxLayout* column);
    JsonView* editor();
    void check();
    void startWithFirstEvent();
    void putIn(const QString& text);
    void describeChosen();

    QString m_resources, m_workspace, m_function, m_problem;
    std::shared_ptr<const Workspace> m_model;
    QHash<QString, QString> m_drafts; ///< by function
    QLabel* m_title = nullptr;
    EventChooser* m_events = nullptr;
    QPushButton* m_format = nullptr;
    QPushButton* m_save = nullptr;
    WrappedLabel* m_note = nullptr; ///< what the chosen template is
    QLabel* m_message = nullptr;
    JsonView* m_editor = nullptr; ///< made when first needed: it costs start-up time
    EventCompleter* m_completer = nullptr; ///< made with the editor
    QTimer* m_checkLater = nullptr;
    const Theme* m_theme;
};

} // namespace coldframe::ui
