#pragma once

#include <QPointer>
#include <QTimer>

#include <optional>
#include <set>

#include "ui/queues/messages_model.h"
#include "ui/session_bridge/queue_port.h"
#include "ui/session_bridge/session_port.h"
#include "ui/widgets/card.h"

class QAction;
class QPushButton;
class QStackedLayout;
class QStackedWidget;
class QTabBar;
class QTreeView;

namespace coldframe::ui {

class MessageBar;
class MessagePane;
class QueueCharts;
class WrappedLabel;

/// A queue: its messages as they come and go, what each says, what can be done with it, and how the
/// queue went over the last two minutes.
class QueuePage : public Card {
    Q_OBJECT
public:
    static constexpr std::size_t kMostListed = 2'000; ///< the oldest ones

    explicit QueuePage(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void setQueue(const QString& name);
    /// Chooses this message once it is listed, or says that it is not there.
    void lookFor(const QString& messageId);
    MessagesModel& model() { return m_model; }
    MessagePane& messagePane() { return *m_message; }
    QueueCharts& charts() { return *m_charts; }

Q_SIGNALS:
    /// The settings of the queue are to be changed.
    void editWanted();
    void queueWanted(const QString& name);

protected:
    void showEvent(QShowEvent* event) override;

private:
    // queue_page_build.cpp: what is made once
    void addActions();
    void buildHead(QVBoxLayout* column);
    void buildList(QVBoxLayout* column);
    QWidget* buildListSide();
    QWidget* buildDetailSide();

    QueuePort* queues() const { return m_port ? m_port->queues() : nullptr; }
    const Store* store() const;
    const QueueStore* rules() const;
    void follow(const SnapshotPtr& snapshot);
    void showDepth(const session::QueueView& view);
    void showRules();
    void showGivenUp();
    void ask();
    void take(const std::vector<session::MessageView>& messages);
    void refreshColumns();
    void refreshList();
    void refreshActions();
    void say(Tone tone, const QString& text);

    const session::MessageView* current() const; ///< null: none is chosen, or it is gone
    std::vector<std::uint64_t> selectedKeys() const;
    std::vector<std::uint64_t> meantKeys() const; ///< the selected ones, or else the current one
    void choose(const QModelIndex& index);
    void chooseWanted();
    void keepChosen(const std::set<std::uint64_t>& selected, std::uint64_t first);
    void showChosen();
    void readChosen();

    // queue_page_actions.cpp
    void openMenu(const QPoint& at);
    void newMessage();
    void sendCopy();
    void openSendDialog(session::MessageDraft draft);
    void edit();
    void save();
    void removeSelected();
    void sendBackSelected();
    void sendAllBack();
    void purge();
    bool ask(const QString& title, const QString& question, const QString& more,
             const QString& yes);
    QueuePort::DoneHandler countedAnswers(std::size_t asked, const QString& one,
                                          const QString& many);

    QPointer<SessionPort> m_port;
    SnapshotPtr m_snapshot;
    QString m_name, m_rulesShown;
    QString m_wanted; ///< id of the message that is looked for
    MessagesModel m_model;
    std::optional<session::MessageView> m_chosen; ///< as it was seen last
    std::uint64_t m_read = 0; ///< key of the message whose text is shown
    quint64 m_number = 0; ///< of the queue shown: answers about those before are dropped
    std::uint32_t m_depth = 0; ///< as the snapshot has it
    bool m_waiting = false, m_updating = false;
    QTimer m_look;

    QLabel *m_title = nullptr, *m_rules = nullptr, *m_summary = nullptr;
    MessageBar *m_bar = nullptr, *m_deadBar = nullptr, *m_givenUpBar = nullptr;
    QPushButton* m_openDead = nullptr;
    QTreeView* m_list = nullptr;
    QStackedLayout* m_pages = nullptr;
    WrappedLabel* m_empty = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_detail = nullptr;
    MessagePane* m_message = nullptr;
    QueueCharts* m_charts = nullptr;
    QAction *m_new = nullptr, *m_copy = nullptr, *m_edit = nullptr, *m_remove = nullptr,
            *m_sendBack = nullptr, *m_sendAllBack = nullptr, *m_purge = nullptr,
            *m_limits = nullptr;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
