#pragma once

#include <QHash>
#include <QWidget>

#include "model/workspace_edit.h"
#include "ui/session_bridge/session_port.h"

class QTabBar;

namespace coldframe::ui {

class AttentionBars;
class DebugBars;
class DatabasePage;
class EventPane;
class LimitsBar;
class PageScroll;
class QueuePage;
class ResultPane;
class ReplayPage;
class SimulatePage;
class StorePage;
class StudyPage;
class TriggerPage;
struct Theme;

/// The middle of the window: a tab for each thing that was opened, and below it the page of the one
/// in front.
class WorkspaceArea : public QWidget {
    Q_OBJECT
public:
    explicit WorkspaceArea(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void showNotices(); ///< of the run, in a window of their own
    void openFunction(const QString& name);
    void openTrigger(const QString& name);
    void openStore(const QString& name);
    void openScenario(const QString& path);
    /// A recording, or a workspace whose newest one is meant.
    void openRecording(const QString& path);
    /// Puts a test event before the function in front.
    void openEvent(const QString& path);
    /// Shows an attempt that ended, with the event it was given.
    void showAttempt(const QString& function, const session::Answer& answer, const QString& event);

    void closeCurrentTab();

    /// The function whose event is being edited; empty when none is open.
    QString currentFunction() const;
    /// Of the entry of the workspace file in front; empty when it is none of them.
    QString currentName() const;
    EntryKind currentKind() const; ///< of the same
    StudyPage* currentStudy() const; ///< a scenario or a recording; null when neither is in front
    SimulatePage* currentScenario() const; ///< null when another kind is in front
    ReplayPage* currentReplay() const; ///< likewise
    EventPane* events() const { return m_events; }
    ResultPane* results() const { return m_results; }
    LimitsBar* limits() const { return m_limits; }

Q_SIGNALS:
    void currentChanged();
    /// The settings of the entry in front are to be changed.
    void editWanted();
    /// The scenario or recording in front began or ended a run, or has another result.
    void studyChanged();
    /// The workspace file is wanted in the editor.
    void fileWanted(const QString& file, int line, int column);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Kind { Function, Store, Trigger, Scenario, Recording };
    void open(Kind kind, const QString& name);
    void openFirstFunction();
    StorePage* storePage();
    QueuePage* queuePage();
    DatabasePage* databasePage();
    bool isQueue(const QString& store) const;
    bool isDatabase(const QString& store) const;
    QString firstFunction() const;
    void showTab(int tab);
    void tintTabs();
    void closeTab(int tab);
    int findTab(Kind kind, const QString& name) const;
    Kind kindOf(int tab) const;
    QString nameOf(int tab) const;
    QString iconOf(int tab) const;
    StudyPage* studyPage(Kind kind, const QString& path);
    StudyPage* makeStudyPage(Kind kind, const QString& path);
    void showModified(const QString& scenario, bool modified);
    QString titleOf(Kind kind, const QString& name) const;
    bool isThere(int tab) const;
    void removeTab(int tab);
    void dropMissing(const SnapshotPtr& snapshot);

    AttentionBars* m_bars;
    DebugBars* m_debugBars;
    QTabBar* m_tabs;
    PageScroll* m_pages;
    EventPane* m_events;
    ResultPane* m_results;
    TriggerPage* m_trigger;
    LimitsBar* m_limits;
    QHash<QString, StudyPage*> m_studies; ///< by path; those with a tab
    StorePage* m_store = nullptr; ///< made with the first store that is opened
    QueuePage* m_queue = nullptr; ///< likewise, with the first queue
    DatabasePage* m_database = nullptr; ///< likewise, with the first database
    SessionPort* m_port = nullptr;
    std::shared_ptr<const Workspace> m_workspace;
    const Theme* m_theme;
};

} // namespace coldframe::ui
