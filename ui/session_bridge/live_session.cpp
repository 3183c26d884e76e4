#include "ui/session_bridge/live_session.h"

#include <QPointer>

#include <mutex>
#include <optional>

#include "ui/session_bridge/mailbox.h"

namespace coldframe::ui {

namespace {

constexpr int kWatchedMs = 125; ///< eight looks a second
constexpr int kHiddenMs = 1000;

} // namespace

Result<std::unique_ptr<SessionPort>> LiveSession::open(session::Options options)
{
    auto session = session::Session::open(std::move(options));
    if (!session)
        return tl::unexpected(session.error());
    return std::unique_ptr<SessionPort>(new LiveSession(std::move(*session)));
}

LiveSession::LiveSession(std::unique_ptr<session::Session> session)
    : m_mailbox(std::make_shared<Mailbox>(this)), m_session(std::move(session)),
      m_snapshot(m_session->snapshot()), m_seen(m_session->snapshotNumber())
{
    connect(&m_timer, &QTimer::timeout, this, &LiveSession::poll);
    m_timer.start(kWatchedMs);
}

LiveSession::~LiveSession()
{
    m_mailbox->close(); // before the session joins its thread, which may be posting just now
}

void LiveSession::poll()
{
    const std::uint64_t number = m_session->snapshotNumber();
    if (number == m_seen)
        return;
    m_seen = number;
    m_snapshot = m_session->snapshot();
    Q_EMIT snapshotChanged(m_snapshot);
}

void LiveSession::setWatched(bool watched)
{
    m_timer.setInterval(watched ? kWatchedMs : kHiddenMs);
}

void LiveSession::trust()
{
    m_session->trust();
}

void LiveSession::setFidelity(Fidelity fidelity)
{
    m_session->setFidelity(fidelity);
}

void LiveSession::startTriggers()
{
    m_session->startTriggers();
}

void LiveSession::stopTriggers()
{
    m_session->stopTriggers();
}

void LiveSession::setTriggerEnabled(const std::string& trigger, bool enabled)
{
    m_session->setTriggerEnabled(trigger, enabled);
}

void LiveSession::resumeTrigger(const std::string& trigger)
{
    m_session->resumeTrigger(trigger);
}

void LiveSession::fireNow(const std::string& trigger)
{
    m_session->fireNow(trigger);
}

void LiveSession::backfill(const std::string& trigger)
{
    m_session->backfill(trigger);
}

void LiveSession::send(session::SendRequest request, QObject* context, AnswerHandler done)
{
    m_session->send(std::move(request),
                    [mailbox = m_mailbox, guard = QPointer<QObject>(context),
                     handler = std::move(done)](const session::Answer& answer) {
                        mailbox->post([guard, handler, answer] {
                            if (guard && handler)
                                handler(answer);
                        });
                    });
}

/// Thousands of answers a second would drown the event loop: the live thread leaves the newest one
/// in a slot, and only the first after a look posts a reminder to fetch it.
session::Session::Done LiveSession::newestOnly(QObject* context, AnswerHandler newest)
{
    struct Slot {
        std::mutex mutex;
        std::optional<session::Answer> answer;
    };
    return [mailbox = m_mailbox, guard = QPointer<QObject>(context), handler = std::move(newest),
            slot = std::make_shared<Slot>()](const session::Answer& answer) {
        {
            const std::lock_guard lock(slot->mutex);
            const bool alreadyPosted = slot->answer.has_value();
            slot->answer = answer;
            if (alreadyPosted)
                return;
        }
        mailbox->post([guard, handler, slot] {
            if (!guard)
                return;
            QTimer::singleShot(kWatchedMs, guard, [handler, slot] {
                std::unique_lock lock(slot->mutex);
                const std::optional<session::Answer> latest = std::move(slot->answer);
                slot->answer.reset();
                lock.unlock();
                if (latest && handler)
                    handler(*latest);
            });
        });
    };
}

void LiveSession::sendMany(session::SendRequest request, std::uint64_t count, QObject* context,
                           AnswerHandler newest)
{
    m_session->sendMany(std::move(request), count, newestOnly(context, std::move(newest)));
}

Result<void> LiveSession::sendAtRate(session::SendRequest request, session::SendPlan plan,
                                     QObject* context, AnswerHandler newest)
{
    return m_session->sendAtRate(std::move(request), plan, newestOnly(context, std::move(newest)));
}

void LiveSession::stopSending()
{
    m_session->stopSending();
}

void LiveSession::loadAttempt(const history::AttemptRow& row, QObject* context, AttemptHandler done)
{
    m_session->loadAttempt(
        row,
        [mailbox = m_mailbox, guard = QPointer<QObject>(context),
         handler = std::move(done)](session::Answer answer, std::string event) {
            mailbox->post([guard, handler, answer = std::move(answer), event = std::move(event)] {
                if (guard && handler)
                    handler(answer, event);
            });
        });
}

} // namespace coldframe::ui
