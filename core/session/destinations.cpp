#include "session/destinations.h"

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "session/http_sink.h"
#include "session/queues.h"
#include "session/run.h"
#include "session/undelivered.h"
#include "sources/event_text.h"
#include "sources/file_event.h"
#include "stores/object_key.h"

namespace coldframe::session {

namespace {

const char* conditionOf(engine::Why why)
{
    switch (why) {
    case engine::Why::EventTooOld:
        return "EventAgeExceeded";
    case engine::Why::ReservedZero:
        return "ZeroReservedConcurrency";
    default:
        return "RetriesExhausted";
    }
}

/// What every destination is told of an event.
Outgoing outgoingOf(const live::Event& event, const std::string& function, TimePoint now)
{
    Outgoing outgoing;
    outgoing.function = function;
    outgoing.requestId = event.requestId;
    outgoing.trigger = event.source;
    outgoing.sourceKey = event.sourceKey;
    outgoing.hops = event.hops + 1;
    outgoing.acceptedAt = event.acceptedAt;
    outgoing.endedAt = now;
    outgoing.event = event.body;
    outgoing.result = event.result;
    outgoing.errorType = event.resultError;
    return outgoing;
}

Error afterRetries(Error error, int retries)
{
    error.message += fmt::format(", also after {} {}", retries, retries == 1 ? "retry" : "retries");
    return error;
}

bool isFifo(const Store& store)
{
    const auto* queue = std::get_if<QueueStore>(&store.kind);
    return queue && queue->fifo;
}

std::string serverOf(const Store& store)
{
    const auto* server = std::get_if<PostgresStore>(&store.kind);
    return server ? server->connection : std::string();
}

const std::optional<Destination>& wayOf(const Function& function, bool succeeded)
{
    return succeeded ? function.onSuccess : function.onFailure;
}

} // namespace

void Destinations::adopt(const Workspace& workspace)
{
    const SinkHands hands{
        [this](std::function<void()> work) { m_run.inBackground(std::move(work)); },
        [this](std::function<void()> work) { m_servers.run(std::move(work)); },
        m_servers.stop(),
        [this](const std::string& store, const std::string& key, std::uint32_t hops) {
            expectWrite(store, key, hops);
        },
        [this](MessageDraft draft, std::function<void(const MessageReceipt&)> done) {
            m_run.queues().send(std::move(draft), std::move(done));
        },
        [this](const Error& error) { m_run.post([this, error] { m_run.notice(error); }); },
        workspace.folder,
        m_run.options().stores.empty(),
        m_run.options().powerDurability};
    m_order.clear();
    for (const Store& store : workspace.stores) {
        m_order.push_back(store.name);
        Place& place = m_places[store.name];
        const bool same = place.sink && place.store.kind.index() == store.kind.index()
            && pathOf(place.store) == pathOf(store) && serverOf(place.store) == serverOf(store)
            && isFifo(place.store) == isFifo(store);
        if (same && !place.sink->problem())
            continue;
        place = {store, makeSink(store, hands)};
        if (const auto problem = place.sink->problem()) {
            place.problem = describe(*problem);
            m_run.notice(*problem, Notice::Severity::Error);
        }
    }
    count();
}

void Destinations::succeeded(const live::Event& event)
{
    const Function& function = m_run.workspace()->functions[event.function];
    if (!function.onSuccess)
        return;
    Outgoing outgoing = outgoingOf(event, function.name, m_run.driver().now());
    outgoing.succeeded = true;
    outgoing.condition = "Success";
    outgoing.attempts = 1;
    deliver(event, std::move(outgoing));
}

void Destinations::failed(const live::Event& event, const engine::DeadLetter& letter)
{
    const Function& function = m_run.workspace()->functions[event.function];
    if (!function.onFailure) {
        m_run.notice(Notice::Severity::Warning,
                     fmt::format("{}: {} ({})", function.name, engine::describe(letter.reason),
                                 event.resultError.empty() ? "no attempt" : event.resultError),
                     "set onFailure to keep such events");
        return;
    }
    Outgoing outgoing = outgoingOf(event, function.name, m_run.driver().now());
    outgoing.condition = conditionOf(letter.reason.why);
    outgoing.attempts = letter.attemptsDone;
    deliver(event, std::move(outgoing));
}

void Destinations::deliver(const live::Event& event, Outgoing outgoing)
{
    const auto workspace = m_run.workspace();
    const Destination& to = *wayOf(workspace->functions[event.function], outgoing.succeeded);
    m_run.holdJournal(event.journalKey);
    send({std::make_shared<const Outgoing>(std::move(outgoing)), event.function, to,
          event.journalKey});
}

void Destinations::deliverResult(const live::Event& event, std::function<void()> kept)
{
    const Function& function = m_run.workspace()->functions[event.function];
    if (!function.onSuccess)
        return kept();
    Outgoing outgoing = outgoingOf(event, function.name, m_run.driver().now());
    outgoing.succeeded = true;
    outgoing.condition = "Success";
    outgoing.attempts = 1;
    send({std::make_shared<const Outgoing>(std::move(outgoing)), event.function,
          *function.onSuccess, 0, 0, std::move(kept)});
}

void Destinations::keep(const Destination& destination, FunctionId from, std::string payload,
                        const std::string& name, std::function<void()> kept)
{
    Outgoing outgoing;
    outgoing.function = m_run.workspace()->functions[from].name;
    outgoing.requestId = outgoing.sourceKey = name;
    outgoing.hops = 1;
    outgoing.acceptedAt = outgoing.endedAt = m_run.driver().now();
    outgoing.event = outgoing.record = std::make_shared<const std::string>(std::move(payload));
    send({std::make_shared<const Outgoing>(std::move(outgoing)), from, destination, 0, 0,
          std::move(kept)});
}

/// Done once the next function's event is in the journal.
void Destinations::invoke(Job job, const std::string& function)
{
    const Outgoing& outgoing = *job.outgoing;
    if (outgoing.hops >= kMaxHops)
        return giveUp(std::move(job),
                      {.code = Error::Code::LimitReached,
                       .message = fmt::format("A chain of {} functions was stopped before {}",
                                              kMaxHops, function),
                       .hint = "look for functions that call each other in a circle"});
    const FunctionId id = m_run.workspace()->functionId(function);
    if (id == kNoFunction)
        return giveUp(std::move(job),
                      {.code = Error::Code::Missing,
                       .message = fmt::format("there is no function \"{}\" any more", function)});
    live::Event next;
    next.body = std::make_shared<const std::string>(recordOf(outgoing));
    next.source = outgoing.function;
    next.sourceKey = outgoing.sourceKey;
    next.hops = outgoing.hops;
    ++m_underWay;
    const auto waiting = std::make_shared<Job>(std::move(job));
    const auto invoked = [this, waiting](std::optional<Error> refused) {
        m_run.post([this, waiting, refused = std::move(refused)] {
            --m_underWay;
            refused ? giveUp(std::move(*waiting), *refused) : finish(*waiting);
        });
    };
    next.done = [invoked](const live::Ending& ending) {
        invoked(ending.reject ? std::optional(Error{.code = Error::Code::Unavailable,
                                                    .message
                                                    = engine::describe(ending.reject->reason)})
                              : std::nullopt);
    };
    if (auto refused = m_run.submit(id, engine::Delivery::Async, std::move(next)))
        invoked(std::move(refused));
}

Destinations::Place* Destinations::placeOf(const Destination& destination)
{
    if (const auto* http = std::get_if<HttpDestination>(&destination)) {
        Place& place = m_addresses[http->url];
        place.store.name = http->url;
        if (!place.sink) // one each: a server that is slow keeps no other waiting
            place.sink = std::make_shared<HttpSink>(m_run.workspace()->folder);
        return &place;
    }
    const std::string* store = storeOf(destination);
    const auto found = store ? m_places.find(*store) : m_places.end();
    return found == m_places.end() ? nullptr : &found->second;
}

void Destinations::send(Job job)
{
    // As the workspace says now: what was wrong with the destination may have been put right.
    const auto workspace = m_run.workspace();
    const auto& now = wayOf(workspace->functions[job.function], job.outgoing->succeeded);
    if (now && (std::holds_alternative<FunctionDestination>(*now) || placeOf(*now)))
        job.to = *now;
    if (const auto* next = std::get_if<FunctionDestination>(&job.to))
        return invoke(std::move(job), std::string(next->function));
    Place* place = placeOf(job.to);
    if (!place)
        return finish(job);
    ++m_underWay;
    const auto outgoing = job.outgoing;
    const Destination to = job.to;
    place->sink->write(outgoing, to,
                       [this, job = std::move(job)](std::optional<Trouble> trouble) mutable {
                           m_run.post([this, job = std::move(job), trouble] {
                               --m_underWay;
                               ended(job, trouble);
                           });
                       });
}

/// What is wrong with a place is said once, however many jobs wait for it.
void Destinations::ended(Job job, const std::optional<Trouble>& trouble)
{
    Place* place = placeOf(job.to);
    if (trouble) {
        if (trouble->final)
            return giveUp(std::move(job), trouble->error);
        if (trouble->retries && job.refusals++ >= *trouble->retries)
            return giveUp(std::move(job), afterRetries(trouble->error, *trouble->retries));
        const Error& error = trouble->error;
        if (std::exchange(job.told, error.message) != error.message
            && (!place || place->told != error.message))
            m_run.notice(error, Notice::Severity::Error);
        if (place) {
            place->told = error.message;
            place->problem = describe(error);
        }
        return again(std::move(job), trouble->wait);
    }
    finish(job);
    if (place && job.tries > 0 && !place->problem.empty()) {
        m_run.notice(
            Notice::Severity::Info,
            place->store.name
                + (storeOf(job.to) ? ": results are stored again" : ": results are taken again"));
        place->problem.clear();
        place->told.clear();
    }
}

void Destinations::finish(const Job& job)
{
    if (job.kept)
        job.kept();
    else
        m_run.releaseJournal(job.journalKey);
}

/// Its record is kept, so that nothing is lost; until it is, the event stays in the journal.
void Destinations::giveUp(Job job, Error error)
{
    error.message
        += fmt::format(" (request {} of {})", job.outgoing->requestId, job.outgoing->function);
    ++m_underWay;
    m_run.inBackground([this, job = std::move(job), error = std::move(error)]() mutable {
        auto kept = keepUndelivered(m_run.state().path(), *job.outgoing,
                                    m_run.options().powerDurability);
        m_run.post([this, kept = std::move(kept), job = std::move(job),
                    error = std::move(error)]() mutable {
            --m_underWay;
            if (!kept)
                return ended(std::move(job), Trouble{kept.error()});
            error.hint += fmt::format("{}the record is kept in {}",
                                      error.hint.empty() ? "" : "; ", kept->string());
            tellGivenUp(error);
            finish(job);
        });
    });
}

void Destinations::tellGivenUp(const Error& error)
{
    constexpr std::uint64_t kMostTold = 20;
    if (++m_givenUp <= kMostTold)
        m_run.notice(error, Notice::Severity::Error);
    if (m_givenUp == kMostTold)
        m_run.notice(Notice::Severity::Warning, "Further results that are given up are not told",
                     "look into " + (m_run.state().path() / "undelivered").string());
}

/// With growing pauses: a full disk may be emptied.
void Destinations::again(Job job, Duration atLeast)
{
    ++m_underWay;
    auto timer = std::make_shared<boost::asio::steady_timer>(m_run.io());
    const Duration pause = std::chrono::milliseconds(250) * (1 << std::min(++job.tries, 6));
    timer->expires_after(std::max(pause, atLeast));
    timer->async_wait([this, timer, job = std::move(job)](auto code) mutable {
        --m_underWay;
        if (!code)
            send(std::move(job));
    });
}

} // namespace coldframe::session
