#pragma once

#include <QObject>
#include <QSet>

#include <memory>
#include <optional>
#include <thread>

#include "ui/session_bridge/session_port.h"
#include "ui/tests_view/test_state.h"

namespace coldframe::ui {

class Mailbox;

using TestCases = std::shared_ptr<const std::vector<session::TestCase>>;

/// Finds and runs the open workspace's test events on a thread of its own and tells what comes of
/// them on the window's. Nothing of it goes on when the workspace is closed.
class TestRunner : public QObject {
    Q_OBJECT
public:
    explicit TestRunner(QObject* parent = nullptr);
    ~TestRunner() override;

    /// Null: nothing is open. Waits until the test under way, if any, has been ended.
    void setPort(SessionPort* port);
    /// Looks again at which test events there are; listed() tells.
    void list();
    /// Runs these, or all that expect something, as they are on disk now. An error when the
    /// workspace is not trusted.
    Result<void> run(const QSet<QString>& names = {});
    void stop(); ///< ends the test under way and runs no other
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void listed(coldframe::ui::TestCases tests);
    void started(const QString& name);
    void ended(const QString& name, coldframe::ui::TestResultPtr result);
    void runningChanged(bool running);

private:
    struct Job {
        bool run = false; ///< false: only looks
        QSet<QString> names; ///< empty: all
    };
    void begin(Job job);
    void finished();
    void setRunning(bool running);

    SessionPort* m_port = nullptr;
    std::shared_ptr<Mailbox> m_mailbox; ///< one for each workspace: late words are dropped
    std::unique_ptr<QObject> m_receiver;
    std::optional<Job> m_next; ///< waits for the worker
    bool m_working = false, m_running = false;
    std::jthread m_worker; ///< last: it ends before what it uses
};

} // namespace coldframe::ui
