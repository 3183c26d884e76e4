#include "session/session.h"

#include "session/answer.h"
#include "session/api_server.h"
#include "session/destinations.h"
#include "session/idle_skipper.h"
#include "session/reloader.h"
#include "session/resender.h"
#include "session/run.h"
#include "session/sender.h"
#include "session/trigger_set.h"

#include "history/recording_reader.h"

namespace coldframe::session {

namespace {

/// Empty when no trigger made the event.
std::string triggerName(const Workspace& workspace, const history::AttemptRow& row)
{
    const bool known = row.trigger > 0 && row.trigger <= workspace.triggers.size();
    return known ? workspace.triggers[row.trigger - 1U].name : std::string();
}

} // namespace

class Session::Impl {
public:
    Run run;
    QueueDesk queues{run};
};

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) { }

Session::~Session()
{
    m_impl->run.close();
}

Result<std::unique_ptr<Session>> Session::open(Options options)
{
    auto impl = std::make_unique<Impl>();
    if (auto opened = impl->run.open(std::move(options)); !opened)
        return tl::unexpected(opened.error());
    return std::unique_ptr<Session>(new Session(std::move(impl)));
}

std::shared_ptr<const Snapshot> Session::snapshot() const
{
    return m_impl->run.snapshot();
}

std::uint64_t Session::snapshotNumber() const
{
    return m_impl->run.snapshotNumber();
}

QueueDesk& Session::queueDesk()
{
    return m_impl->queues;
}

bool Session::idle() const
{
    return m_impl->run.idle();
}

void Session::endSkipping()
{
    m_impl->run.post([run = &m_impl->run] {
        if (IdleSkipper* skipper = run->skipper())
            skipper->end();
    });
}

bool Session::timeIsOver() const
{
    const IdleSkipper* skipper = m_impl->run.skipper();
    return skipper && skipper->over();
}

void Session::setFidelity(Fidelity fidelity)
{
    Run* run = &m_impl->run;
    run->post([run, fidelity] { run->setFidelity(fidelity); });
}

void Session::trust()
{
    m_impl->run.post([run = &m_impl->run] { run->trust(); });
}

void Session::startTriggers()
{
    m_impl->run.post([run = &m_impl->run] { run->triggers().start(); });
}

void Session::stopTriggers()
{
    m_impl->run.post([run = &m_impl->run] { run->triggers().stop(); });
}

void Session::setTriggerEnabled(const std::string& trigger, bool enabled)
{
    m_impl->run.post(
        [run = &m_impl->run, trigger, enabled] { run->triggers().setEnabled(trigger, enabled); });
}

void Session::resumeTrigger(const std::string& trigger)
{
    m_impl->run.post([run = &m_impl->run, trigger] { run->triggers().resume(trigger); });
}

void Session::fireNow(const std::string& trigger)
{
    m_impl->run.post([run = &m_impl->run, trigger] { run->triggers().fireNow(trigger); });
}

void Session::backfill(const std::string& trigger)
{
    m_impl->run.post([run = &m_impl->run, trigger] { run->triggers().backfill(trigger); });
}

void Session::capture(CaptureRequest request, CaptureDone done)
{
    m_impl->run.post([run = &m_impl->run, request = std::move(request), done = std::move(done)] {
        run->triggers().capture(request, done);
    });
}

void Session::send(SendRequest request, Done done, Started started)
{
    m_impl->run.post([run = &m_impl->run, request = std::move(request), done = std::move(done),
                      started = std::move(started)]() mutable {
        run->sender().send(request, 1, std::move(done), std::move(started));
    });
}

void Session::sendAgain(std::vector<history::AttemptRow> attempts, AgainDone each)
{
    m_impl->run.post(
        [run = &m_impl->run, attempts = std::move(attempts), each = std::move(each)]() mutable {
            run->resender().send(attempts, std::move(each));
        });
}

void Session::sendMany(SendRequest request, std::uint64_t count, Done each)
{
    m_impl->run.post([run = &m_impl->run, request = std::move(request), count,
                      each = std::move(each)]() mutable {
        run->sender().send(request, count, std::move(each));
    });
}

Result<void> Session::sendAtRate(SendRequest request, SendPlan plan, Done each)
{
    sources::ArrivalPlan arrivals;
    using Shape = sources::ArrivalPlan::Shape;
    arrivals.perSecond = plan.perSecond;
    arrivals.toPerSecond = plan.toPerSecond;
    arrivals.length = plan.length;
    arrivals.count = plan.count;
    switch (plan.shape) {
    case SendPlan::Shape::Constant:
        arrivals.shape = Shape::Constant;
        break;
    case SendPlan::Shape::Poisson:
        arrivals.shape = Shape::Poisson;
        break;
    case SendPlan::Shape::Ramp:
        arrivals.shape = Shape::Ramp;
        break;
    case SendPlan::Shape::Burst:
        arrivals.shape = Shape::Burst;
        arrivals.burstSize = static_cast<std::uint64_t>(std::max(plan.burstSize, 0));
        arrivals.burstEvery
            = Duration(static_cast<Duration::rep>(1e9 / std::max(plan.perSecond, 1e-6)));
        break;
    }
    auto made = sources::Arrivals::make(arrivals, m_impl->run.workspace()->seed);
    if (!made)
        return tl::unexpected(made.error());
    m_impl->run.post([run = &m_impl->run, request = std::move(request), made = std::move(*made),
                      each = std::move(each)]() mutable {
        run->sender().sendAtRate(std::move(request), std::move(made), std::move(each));
    });
    return {};
}

void Session::stopSending()
{
    m_impl->run.post([run = &m_impl->run] {
        run->sender().stop();
        run->resender().stop();
    });
}

void Session::cancel(std::uint32_t invocation)
{
    m_impl->run.post([run = &m_impl->run, invocation] { run->driver().cancel(invocation); });
}

void Session::debugNext(const std::string& function, bool on)
{
    m_impl->run.post([run = &m_impl->run, function, on] { run->debugNext(function, on); });
}

void Session::releaseDebugger(std::uint32_t invocation)
{
    m_impl->run.post(
        [run = &m_impl->run, invocation] { run->driver().releaseDebugger(invocation); });
}

void Session::followLog(std::uint32_t invocation)
{
    m_impl->run.post([run = &m_impl->run, invocation] { run->follow(invocation); });
}

void Session::loadAttempt(const history::AttemptRow& row,
                          std::function<void(Answer answer, std::string event)> done)
{
    Run* run = &m_impl->run;
    run->post([run, row, done = std::move(done)]() mutable {
        const Duration sandbox = run->board().sandbox();
        run->inBackground([run, row, source = run->recorder().source(), sandbox,
                           trigger = triggerName(*run->workspace(), row),
                           done = std::move(done)]() mutable {
            AttemptBodies bodies = source.load(row);
            std::string event = std::move(bodies.event);
            auto answer = std::make_shared<Answer>(makeAnswer(row, std::move(bodies), sandbox));
            answer->source = trigger;
            run->post([answer, event = std::move(event), done = std::move(done)]() mutable {
                done(std::move(*answer), std::move(event));
            });
        });
    });
}

} // namespace coldframe::session
