#include "ui/session_bridge/live_session.h"

#include <QPointer>

#include <map>
#include <mutex>
#include <utility>

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
      m_queues(m_session->queueDesk(), m_mailbox), m_snapshot(m_session->snapshot()),
      m_seen(m_session->snapshotNumber())
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

void LiveSession::send(session::SendRequest request, QObject* context, AnswerHandler done,
                       StartHandler started)
{
    const QPointer<QObject> guard(context);
    session::Session::Started onStart;
    if (started)
        onStart
            = [mailbox = m_mailbox, guard, handler = std::move(started)](std::uint32_t invocation) {
                  mailbox->post([guard, handler, invocation] {
                      if (guard)
                          handler(invocation);
                  });
              };
    m_session->send(
        std::move(request),
        [mailbox = m_mailbox, guard, handler = std::move(done)](const session::Answer& answer) {
            mailbox->post([guard, handler, answer] {
                if (guard && handler)
                    handler(answer);
            });
        },
        std::move(onStart));
}

/// Thousands of answers a second would drown the event loop: the live thread leaves each function's
/// newest one in a slot, and only the first after a look posts a reminder to fetch them.
SessionPort::AgainHandler LiveSession::newestOfEach(QObject* context, AgainHandler newest)
{
    struct Slots {
        std::mutex mutex;
        std::map<std::string, session::Answer> answers;
    };
    return [mailbox = m_mailbox, guard = QPointer<QObject>(context), handler = std::move(newest),
            kept = std::make_shared<Slots>()](const std::string& function,
                                              const session::Answer& answer) {
        {
            const std::lock_guard lock(kept->mutex);
            const bool alreadyPosted = !kept->answers.empty();
            kept->answers[function] = answer;
            if (alreadyPosted)
                return;
        }
        mailbox->post([guard, handler, kept] {
            if (!guard)
                return;
            QTimer::singleShot(kWatchedMs, guard, [handler, kept] {
                std::unique_lock lock(kept->mutex);
                const auto latest = std::exchange(kept->answers, {});
                lock.unlock();
                if (handler)
                    for (const auto& [name, of] : latest)
                        handler(name, of);
            });
        });
    };
}

session::Session::Done LiveSession::newestOnly(QObject* context, AnswerHandler newest)
{
    auto each = newestOfEach(
        context, [handler = std::move(newest)](const std::string&, const session::Answer& answer) {
            if (handler)
                handler(answer);
        });
    return [each = std::move(each)](const session::Answer& answer) { each({}, answer); };
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

void LiveSession::sendAgain(std::vector<history::AttemptRow> attempts, QObject* context,
                            AgainHandler newest)
{
    m_session->sendAgain(std::move(attempts), newestOfEach(context, std::move(newest)));
}

void LiveSession::stopSending()
{
    m_session->stopSending();
}

void LiveSession::debugNext(const std::string& function, bool on)
{
    m_session->debugNext(function, on);
}

void LiveSession::releaseDebugger(std::uint32_t invocation)
{
    m_session->releaseDebugger(invocation);
}

void LiveSession::cancel(std::uint32_t invocation)
{
    m_session->cancel(invocation);
}

void LiveSession::followLog(std::uint32_t invocation)
{
    m_session->followLog(invocation);
}

void LiveSession::capture(session::CaptureRequest request, QObject* context, CaptureHandler done)
{
    m_session->capture(std::move(request),
                       [mailbox = m_mailbox, guard = QPointer<QObject>(context),
                        handler = std::move(done)](Result<session::CaptureView> view) {
                           mailbox->post([guard, handler, view = std::move(view)] {
                               if (guard)
                                   handler(view);
                           });
                       });
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
