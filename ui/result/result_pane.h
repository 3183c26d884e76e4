#pragma once

#include "ui/widgets/card.h"

#include <QHash>
#include <QList>

#include <optional>

#include "session/session.h"
#include "ui/result/life_stages.h"
#include "ui/support/source_links.h"

class QAction;
class QStackedLayout;
class QTabWidget;
class QTimer;
class QToolButton;

namespace coldframe::ui {

class DiffView;
class FilesView;
class JsonView;
class LifeView;
class LogView;
class StatBox;
class StatusDot;
class WrappedLabel;
struct Theme;

/// What became of the last invocation: figures with their origin, why it ran as it did, what it
/// returned and said.
class ResultPane : public Card {
    Q_OBJECT
public:
    explicit ResultPane(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Where the stores lie, by name: for previews of what attempts write. And which are queues.
    void setStores(const QHash<QString, QString>& folders, const QSet<QString>& queues = {});
    /// A button beside *Running*, there while the action can be used.
    void setCancelAction(QAction* action);
    /// Shows this function's last result, or how to get one. Its code is in `folder`.
    void setFunction(const QString& name, const QString& folder = {});
    void forgetAll();
    void showRunning(const QString& function);
    /// What it prints while it runs. `text` grows; whole lines are shown.
    void showRunningLog(const QString& function, std::uint32_t invocation, const std::string& text);
    void showAnswer(const QString& function, const session::Answer& answer);
    /// An attempt from the table, with the event it was given. Not kept: the next answer of the
    /// function takes its place.
    /// `more`: stages of its life that are not its own but its event's.
    void showAttempt(const session::Answer& answer, const QString& event,
                     const QList<LifeStage>& more = {});
    bool shows(const std::string& requestId, std::uint32_t attempt) const
    {
        return m_shown && m_shown->requestId == requestId && m_shown->attempt == attempt;
    }
    /// The shown output is compared with this one from now on, and how is shown.
    void compareWith(const session::Answer& answer);

Q_SIGNALS:
    /// A place in a source file was clicked.
    void sourceWanted(const coldframe::ui::SourceLink& link);
    /// A message that the shown attempt has sent is wanted.
    void messageWanted(const QString& queue, const QString& messageId);
    /// The shown attempt's event is wanted in the editor.
    void eventWanted(const QString& event);

private:
    void buildResult(QWidget* page);
    QWidget* buildEmpty();
    QWidget* buildStats(QWidget* page);
    void buildTabs(QWidget* page);
    void buildEventPage();
    void showEventTab(const QString& event);
    void fill(const session::Answer& answer);
    void fillStats(const session::Answer& answer);
    void fillState(const session::Answer& answer);
    void showFiles(const StoreWork& work);
    JsonView* output();
    void keepForDiff(const session::Answer& answer);
    void fillDiff();
    void clearForRunning();

    QString m_function, m_folder;
    QSet<QString> m_queues;
    QHash<QString, session::Answer> m_answers; ///< the last one of each function
    QString m_shownFunction;
    std::optional<session::Answer> m_shown; ///< on the screen
    QHash<QString, session::Answer> m_before; ///< what each function's pane showed before
    std::optional<session::Answer> m_pinned; ///< chosen to compare with
    QToolButton* m_cancel = nullptr;
    QStackedLayout* m_pages = nullptr;
    StatusDot* m_state = nullptr;
    StatBox *m_platform = nullptr, *m_desk = nullptr, *m_init = nullptr, *m_memory = nullptr,
            *m_cost = nullptr, *m_instance = nullptr;
    WrappedLabel* m_reason = nullptr;
    QTabWidget* m_tabs = nullptr;
    QWidget* m_outputPage = nullptr;
    QWidget* m_eventPage = nullptr; ///< a tab only while an attempt from the table is shown
    JsonView* m_event = nullptr;
    JsonView* m_output = nullptr; ///< made with the first result
    LogView* m_logs = nullptr;
    LifeView* m_life = nullptr;
    FilesView* m_files = nullptr;
    DiffView* m_diff = nullptr;
    QTimer* m_runningLong = nullptr;
    std::uint32_t m_following = 0; ///< invocation whose log is growing on the screen
    std::size_t m_followedBytes = 0;
    bool m_logsWhileRunning = false; ///< their tab came to the front by itself
    bool m_diffIsStale = true; ///< it is made when its tab is looked at
    const Theme* m_theme;
};

} // namespace coldframe::ui
