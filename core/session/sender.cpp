#include "session/sender.h"

#include <nlohmann/json.hpp>

#include "session/answer.h"
#include "session/run.h"
#include "session/turn.h"
#include "sources/event_text.h"

namespace coldframe::session {

Sender::Sender(Run& run) : m_run(run), m_timer(run.io()) { }

std::optional<Error> Sender::prepare(const SendRequest& request, Session::Done each, Prepared& out)
{
    const auto workspace = m_run.workspace();
    out.function = workspace->functionId(request.function);
    if (out.function == kNoFunction || workspace->functions[out.function].removed) {
        std::string known;
        for (const Function& function : workspace->functions)
            if (!function.removed)
                known += (known.empty() ? "" : ", ") + function.name;
        return Error{.code = Error::Code::Missing,
                     .message = "there is no function \"" + request.function + '"',
                     .hint = "this workspace has " + known};
    }
    if (!nlohmann::json::accept(request.event))
        return Error{.code = Error::Code::Malformed,
                     .message = "the event is not JSON",
                     .hint = "correct it; the editor marks the place"};
    out.delivery = request.delivery;
    auto varying = std::make_shared<const EventTemplate>(request.event);
    if (varying->varies())
        out.varying = std::move(varying);
    else
        out.body = std::make_shared<const std::string>(request.event);
    out.source = request.trigger.empty() ? "send" : request.trigger;
    if (each)
        out.done = std::make_shared<const Session::Done>(std::move(each));
    return std::nullopt;
}

live::Text Sender::bodyOf(const Prepared& prepared)
{
    if (!prepared.varying)
        return prepared.body;
    return std::make_shared<const std::string>(prepared.varying->fill(
        {.now = [this] { return sources::isoMilliseconds(m_run.driver().now()); },
         .uuid = [this] { return m_uuids.next(); },
         .counter = [this] { return ++m_counter; }}));
}

void Sender::submit(const Prepared& prepared)
{
    live::Event event;
    event.body = bodyOf(prepared);
    event.source = prepared.source;
    if (prepared.done)
        event.done = [this, done = prepared.done](const live::Ending& ending) {
            (*done)(makeAnswer(ending, m_run.board().sandbox()));
        };
    if (prepared.started)
        prepared.started(m_run.driver().engine().nextInvocation().serial);
    if (auto refused = m_run.submit(prepared.function, prepared.delivery, std::move(event));
        refused && prepared.done) {
        Answer answer;
        answer.refused = std::move(refused);
        (*prepared.done)(answer);
    }
}

void Sender::send(const SendRequest& request, std::uint64_t count, Session::Done each,
                  Session::Started started)
{
    auto prepared = std::make_shared<Prepared>();
    const Session::Done told = each;
    if (auto refused = prepare(request, std::move(each), *prepared)) {
        Answer answer;
        answer.refused = std::move(refused);
        if (told)
            told(answer);
        return;
    }
    prepared->started = std::move(started);
    m_left += count;
    sendSome(std::move(prepared), count);
}

void Sender::sendSome(std::shared_ptr<const Prepared> prepared, std::uint64_t left)
{
    for (const Turn turn; left > 0 && !turn.over(); --left, --m_left)
        submit(*prepared);
    if (left > 0)
        m_run.post([this, prepared = std::move(prepared), left]() mutable {
            sendSome(std::move(prepared), left);
        });
}

void Sender::sendAtRate(SendRequest request, sources::Arrivals arrivals, Session::Done each)
{
    stop();
    m_rated = {};
    const Session::Done told = each;
    if (auto refused = prepare(request, std::move(each), m_rated)) {
        Answer answer;
        answer.refused = std::move(refused);
        if (told)
            told(answer);
        return;
    }
    m_arrivals = std::move(arrivals);
    m_nextOffset = m_arrivals->next();
    m_startedAt = std::chrono::steady_clock::now();
    arm();
}

void Sender::arm()
{
    if (!m_nextOffset) {
        m_arrivals.reset();
        return;
    }
    m_timer.expires_at(m_startedAt + *m_nextOffset);
    m_timer.async_wait([this](const boost::system::error_code& error) {
        if (error || !m_arrivals)
            return;
        const Duration elapsed = std::chrono::steady_clock::now() - m_startedAt;
        for (const Turn turn; m_nextOffset && *m_nextOffset <= elapsed && !turn.over();) {
            submit(m_rated);
            m_nextOffset = m_arrivals->next();
        }
        arm();
    });
}

void Sender::stop()
{
    m_arrivals.reset();
    m_timer.cancel();
}

} // namespace coldframe::session
