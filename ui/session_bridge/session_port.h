#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "session/session.h"

namespace coldframe::ui {

class QueuePort;

using SnapshotPtr = std::shared_ptr<const session::Snapshot>;

/// What the window may ask of a running workspace. Panes know only this, so that a test can show
/// them any snapshot without a live session. All calls and all answers are on the GUI thread; an
/// answer is dropped when its `context` is gone by then.
class SessionPort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    using AnswerHandler = std::function<void(const session::Answer&)>;
    using StartHandler = session::Session::Started;
    using AgainHandler = session::Session::AgainDone;
    using CaptureHandler = std::function<void(const Result<session::CaptureView>&)>;
    using AttemptHandler = std::function<void(const session::Answer&, const std::string& event)>;

    /// The latest picture; never null.
    virtual SnapshotPtr snapshot() const = 0;

    virtual void trust() = 0;
    virtual void setFidelity(Fidelity fidelity) = 0;
    virtual void startTriggers() = 0;
    virtual void stopTriggers() = 0;
    virtual void setTriggerEnabled(const std::string& trigger, bool enabled) = 0;
    virtual void resumeTrigger(const std::string& trigger) = 0;
    virtual void fireNow(const std::string& trigger) = 0;
    virtual void backfill(const std::string& trigger) = 0;

    virtual void capture(session::CaptureRequest request, QObject* context, CaptureHandler done)
        = 0;

    virtual void send(session::SendRequest request, QObject* context, AnswerHandler done,
                      StartHandler started = {})
        = 0;
    /// Of many events only the newest answer is passed on, a few times a second.
    virtual void sendMany(session::SendRequest request, std::uint64_t count, QObject* context,
                          AnswerHandler newest)
        = 0;
    virtual Result<void> sendAtRate(session::SendRequest request, session::SendPlan plan,
                                    QObject* context, AnswerHandler newest)
        = 0;
    /// Of each function's answers only the newest is passed on, a few times a second.
    virtual void sendAgain(std::vector<history::AttemptRow> attempts, QObject* context,
                           AgainHandler newest)
        = 0;
    virtual void stopSending() = 0;
    virtual void cancel(std::uint32_t invocation) = 0;
    virtual void debugNext(const std::string& function, bool on) = 0;
    virtual void releaseDebugger(std::uint32_t invocation) = 0;
    /// Snapshots tell what this one prints while it runs; 0: no one's.
    virtual void followLog(std::uint32_t invocation) = 0;
    virtual void loadAttempt(const history::AttemptRow& row, QObject* context, AttemptHandler done)
        = 0;

    /// The messages of queues; null where there is no session behind the port.
    virtual QueuePort* queues() { return nullptr; }

    /// Takes a picture now and then, or rarely while nobody can see the window.
    virtual void setWatched(bool watched) = 0;

Q_SIGNALS:
    void snapshotChanged(std::shared_ptr<const coldframe::session::Snapshot> snapshot);
};

} // namespace coldframe::ui
