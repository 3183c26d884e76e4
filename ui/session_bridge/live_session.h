#pragma once

#include "ui/session_bridge/live_queues.h"
#include "ui/session_bridge/session_port.h"

#include <QTimer>

#include <memory>

namespace coldframe::ui {

class Mailbox;

/// A real session behind the port: polls its snapshot number and brings its callbacks, which run on
/// the live thread, to the GUI thread.
class LiveSession : public SessionPort {
    Q_OBJECT
public:
    static Result<std::unique_ptr<SessionPort>> open(session::Options options);
    ~LiveSession() override;

    SnapshotPtr snapshot() const override { return m_snapshot; }
    void trust() override;
    void setFidelity(Fidelity fidelity) override;
    void startTriggers() override;
    void stopTriggers() override;
    void setTriggerEnabled(const std::string& trigger, bool enabled) override;
    void resumeTrigger(const std::string& trigger) override;
    void fireNow(const std::string& trigger) override;
    void backfill(const std::string& trigger) override;
    void capture(session::CaptureRequest request, QObject* context, CaptureHandler done) override;
    void send(session::SendRequest request, QObject* context, AnswerHandler done,
              StartHandler started) override;
    void sendMany(session::SendRequest request, std::uint64_t count, QObject* context,
                  AnswerHandler newest) override;
    Result<void> sendAtRate(session::SendRequest request, session::SendPlan plan, QObject* context,
                            AnswerHandler newest) override;
    void sendAgain(std::vector<history::AttemptRow> attempts, QObject* context,
                   AgainHandler newest) override;
    void stopSending() override;
    void cancel(std::uint32_t invocation) override;
    void debugNext(const std::string& function, bool on) override;
    void releaseDebugger(std::uint32_t invocation) override;
    void followLog(std::uint32_t invocation) override;
    void loadAttempt(const history::AttemptRow& row, QObject* context,
                     AttemptHandler done) override;
    QueuePort* queues() override { return &m_queues; }
    void setWatched(bool watched) override;

private:
    explicit LiveSession(std::unique_ptr<session::Session> session);
    void poll();
    AgainHandler newestOfEach(QObject* context, AgainHandler newest);
    session::Session::Done newestOnly(QObject* context, AnswerHandler newest);

    std::shared_ptr<Mailbox> m_mailbox;
    std::unique_ptr<session::Session> m_session;
    LiveQueues m_queues;
    SnapshotPtr m_snapshot;
    std::uint64_t m_seen = 0;
    QTimer m_timer;
};

} // namespace coldframe::ui
