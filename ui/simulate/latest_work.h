#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace coldframe::ui {

class Mailbox;

/// Work on a thread of its own, one piece at a time. A newer piece replaces the older: that is
/// asked to stop, nobody waits for it, and what it found is dropped.
class LatestWork : public QObject {
    Q_OBJECT
public:
    /// Something to do on the window's thread.
    using Deed = std::function<void()>;
    /// Does a deed soon, unless the work was replaced by then.
    using Tell = std::function<void(Deed)>;
    /// Runs on the other thread. What it returns is done as by Tell, when the work has ended.
    using Work = std::function<Deed(const std::stop_token&, const Tell&)>;

    explicit LatestWork(QObject* parent = nullptr);
    /// Asks the work under way to stop and waits until it has.
    ~LatestWork() override;

    void start(Work work);
    /// Asks the newest piece to stop; it still tells what it found.
    void stop();

private:
    void begin();
    void ended(const Deed& found, quint64 serial);

    std::shared_ptr<Mailbox> m_mailbox;
    Work m_next;
    quint64 m_newest = 0;
    bool m_running = false, m_stopNext = false;
    std::jthread m_worker;
};

} // namespace coldframe::ui
