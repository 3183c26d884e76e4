#pragma once

#include "ui/widgets/card.h"

#include <QHash>
#include <QList>

#include "session/session.h"

class QPlainTextEdit;
class QStackedLayout;
class QTabWidget;

namespace coldframe::ui {

class JsonView;
class LifeView;
class StatBox;
class StatusDot;
struct LifeStage;
struct Theme;

/// What became of the last invocation: figures with their origin, why it ran as it did, what it
/// returned and said.
class ResultPane : public Card {
    Q_OBJECT
public:
    explicit ResultPane(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Shows this function's last result, or how to get one.
    void setFunction(const QString& name);
    void forgetAll();
    void showRunning(const QString& function);
    void showAnswer(const QString& function, const session::Answer& answer);
    /// An attempt from the table, with the event it was given. Not kept: the next answer of the
    /// function takes its place.
    void showAttempt(const session::Answer& answer, const QString& event);

Q_SIGNALS:
    /// The shown attempt's event is wanted in the editor.
    void eventWanted(const QString& event);

private:
    void buildResult(QWidget* page);
    QWidget* buildEmpty();
    QLayout* buildStats(QWidget* page);
    void buildTabs(QWidget* page);
    void buildEventPage();
    void showEventTab(const QString& event);
    void fill(const session::Answer& answer);
    void fillStats(const session::Answer& answer);
    void fillState(const session::Answer& answer);
    JsonView* output();

    QString m_function;
    QHash<QString, session::Answer> m_answers; ///< the last one of each function
    QStackedLayout* m_pages = nullptr;
    StatusDot* m_state = nullptr;
    StatBox *m_platform = nullptr, *m_desk = nullptr, *m_init = nullptr, *m_memory = nullptr,
            *m_cost = nullptr, *m_instance = nullptr;
    QLabel* m_reason = nullptr;
    QTabWidget* m_tabs = nullptr;
    QWidget* m_outputPage = nullptr;
    QWidget* m_eventPage = nullptr; ///< a tab only while an attempt from the table is shown
    JsonView* m_event = nullptr;
    JsonView* m_output = nullptr; ///< made with the first result
    QPlainTextEdit* m_logs = nullptr;
    LifeView* m_life = nullptr;
    const Theme* m_theme;
};

/// The stages of this attempt, in order, each with where its time comes from.
QList<LifeStage> lifeStages(const session::Answer& answer);

} // namespace coldframe::ui
