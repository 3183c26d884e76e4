#pragma once

#include "ui/session_bridge/session_port.h"

#include <QStringList>

#include <utility>

namespace coldframe::ui::sample {

/// A port without a session: shows the snapshot it is given, answers every send at once with the
/// same answer, and keeps what it was asked, in words.
class MadeUpPort : public SessionPort {
    Q_OBJECT
public:
    explicit MadeUpPort(SnapshotPtr first) : m_snapshot(std::move(first)) { }

    void publish(SnapshotPtr next)
    {
        m_snapshot = std::move(next);
        Q_EMIT snapshotChanged(m_snapshot);
    }
    session::Answer answer;
    session::SendRequest lastRequest;
    session::SendPlan lastPlan;
    session::CaptureRequest lastCapture;
    Result<session::CaptureView> captured; ///< of every table
    std::vector<history::AttemptRow> again; ///< the attempts last sent again
    std::uint32_t followed = 0;
    bool answers = true; ///< false: what is sent goes on running
    std::string event = "{}"; ///< of every attempt
    bool numbersAsOutput = false; ///< an attempt's output is the number of its invocation
    QStringList asked;

    SnapshotPtr snapshot() const override { return m_snapshot; }
    void setFidelity(Fidelity fidelity) override
    {
        note("fidelity ", std::string(nameOf(fidelity)));
    }
    void trust() override { asked << QStringLiteral("trust"); }
    void startTriggers() override { asked << QStringLiteral("start triggers"); }
    void stopTriggers() override { asked << QStringLiteral("stop triggers"); }
    void setTriggerEnabled(const std::string& trigger, bool enabled) override
    {
        note(enabled ? "enable " : "disable ", trigger);
    }
    void resumeTrigger(const std::string& trigger) override { note("resume ", trigger); }
    void fireNow(const std::string& trigger) override { note("fire ", trigger); }
    void backfill(const std::string& trigger) override { note("backfill ", trigger); }
    void capture(session::CaptureRequest request, QObject*, CaptureHandler done) override
    {
        using What = session::CaptureRequest::What;
        if (request.what != What::Look) {
            note(request.what == What::Install ? "install " : "remove ", request.trigger);
            lastCapture = request;
        }
        done(captured);
    }
    void send(session::SendRequest request, QObject*, AnswerHandler done,
              StartHandler started) override
    {
        note("send ", request.function);
        lastRequest = std::move(request);
        if (started)
            started(++m_serial);
        if (answers)
            done(answer);
        else
            m_waiting = std::move(done);
    }
    void sendAgain(std::vector<history::AttemptRow> attempts, QObject*,
                   AgainHandler newest) override
    {
        note("send again ", std::to_string(attempts.size()));
        again = std::move(attempts);
        newest(m_snapshot->workspace->functions[again.back().function].name, answer);
    }
    void followLog(std::uint32_t invocation) override { followed = invocation; }
    void debugNext(const std::string& function, bool on) override
    {
        note(on ? "debugNext " : "no debugNext ", function);
    }
    void releaseDebugger(std::uint32_t invocation) override
    {
        note("releaseDebugger ", std::to_string(invocation));
    }
    void cancel(std::uint32_t invocation) override
    {
        note("cancel ", std::to_string(invocation));
        if (m_waiting)
            std::exchange(m_waiting, {})(answer);
    }
    void sendMany(session::SendRequest request, std::uint64_t count, QObject*,
                  AnswerHandler newest) override
    {
        note("send " + std::to_string(count) + " to ", request.function);
        newest(answer);
    }
    Result<void> sendAtRate(session::SendRequest request, session::SendPlan plan, QObject*,
                            AnswerHandler) override
    {
        note("send at rate to ", request.function);
        lastPlan = plan;
        publishSending(true);
        return {};
    }
    void stopSending() override
    {
        asked << QStringLiteral("stop sending");
        publishSending(false);
    }
    void loadAttempt(const history::AttemptRow& row, QObject*, AttemptHandler done) override
    {
        session::Answer loaded = answer;
        if (numbersAsOutput) {
            loaded.payload = std::to_string(row.invocation);
            loaded.requestId = history::toText(row.requestId);
            loaded.attempt = row.attempt;
        }
        done(loaded, event);
    }
    void setWatched(bool) override { }

private:
    void publishSending(bool sending)
    {
        auto next = std::make_shared<session::Snapshot>(*m_snapshot);
        next->sending = sending;
        publish(std::move(next));
    }
    void note(const std::string& what, const std::string& name)
    {
        asked << QString::fromStdString(what + name);
    }

    SnapshotPtr m_snapshot;
    std::uint32_t m_serial = 40;
    AnswerHandler m_waiting;
};

} // namespace coldframe::ui::sample
