#pragma once

#include "ui/session_bridge/session_port.h"

#include <QStringList>

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
    void send(session::SendRequest request, QObject*, AnswerHandler done) override
    {
        note("send ", request.function);
        lastRequest = std::move(request);
        done(answer);
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
    void loadAttempt(const history::AttemptRow&, QObject*, AttemptHandler done) override
    {
        done(answer, "{}");
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
};

} // namespace coldframe::ui::sample
