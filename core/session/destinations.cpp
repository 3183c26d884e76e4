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

std::string hopKey(const std::string& store, const std::string& key)
{
    return store + '\0' + key;
}

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
        [this](const std::string& store, const std::string& key, std::uint32_t hops) {
            expectWrite(store, key, hops);
        },
        [this](MessageDraft draft, std::function<void(const MessageReceipt&)> done) {
            m_run.queues().send(std::move(draft), std::move(done));
        },
        [this](const Error& error) { m_run.post([this, error] { m_run.notice(error); }); },
        workspace.folder,
        m_run.options().stores.empty()};
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
    if (const auto* next = std::get_if<FunctionDestination>(&to)) {
        invoke(next->function, event, recordOf(outgoing));
        // The next one's event is in the journal's hands when this turn is over, not before.
        return m_run.post([this, key = event.journalKey] { m_run.releaseJournal(key); });
    }
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
    if (const auto* next = std::get_if<FunctionDestination>(&*function.onSuccess)) {
        invoke(next->function, event, recordOf(outgoing));
        return m_run.post(std::move(kept));
    }
    send({std::make_shared<const Outgoing>(std::move(outgoing)), event.function,
          *function.onSuccess, 0, 0, std::move(kept)});
}

void Destinations::keep(const Destination& destination, FunctionId from, std::string payload,
                        const std::string& name, std::function<void()> kept)
{
    if (const auto* next = std::get_if<FunctionDestination>(&destination)) {
        live::Event event;
        event.function = from;
        event.sourceKey = name;
        invoke(next->function, event, std::move(payload));
        return kept();
    }
    Outgoing outgoing;
    outgoing.function = m_run.workspace()->functions[from].name;
    outgoing.requestId = outgoing.sourceKey = name;
    outgoing.hops = 1;
    outgoing.acceptedAt = outgoing.endedAt = m_run.driver().now();
    outgoing.event = outgoing.record = std::make_shared<const std::string>(std::move(payload));
    send({std::make_shared<const Outgoing>(std::move(outgoing)), from, destination, 0, 0,
          std::move(kept)});
}

void Destinations::invoke(const std::string& function, const live::Event& event,
                          std::string payload)
{
    if (event.hops + 1 >= kMaxHops)
        return m_run.chainStopped(function);
    live::Event next;
    next.body = std::make_shared<const std::string>(std::move(payload));
    next.source = m_run.workspace()->functions[event.function].name;
    next.sourceKey = event.sourceKey;
    next.hops = event.hops + 1;
    const FunctionId id = m_run.workspace()->functionId(function);
    if (id == kNoFunction)
        return;
    if (auto refused = m_run.submit(id, engine::Delivery::Async, std::move(next)))
        m_run.notice(*refused, Notice::Severity::Error);
}

Destinations::Place* Destinations::placeOf(const Destination& destination)
{
    if (const auto* http = std::get_if<HttpDestination>(&destination)) {
        Place& place = m_addresses[http->url];
        place.store.name = http->url;
        if (!m_http)
            m_http = std::make_shared<HttpSink>(m_run.workspace()->folder);
        place.sink = m_http;
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
    if (now && placeOf(*now))
        job.to = *now;
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
        if (trouble->retries && job.tries >= *trouble->retries)
            return giveUp(std::move(job), afterRetries(trouble->error, job.tries));
        const Error& error = trouble->error;
        if (std::exchange(job.told, error.message) != error.message && place->told != error.message)
            m_run.notice(error, Notice::Severity::Error);
        place->told = error.message;
        place->problem = describe(error);
        return again(std::move(job), trouble->wait);
    }
    finish(job);
    if (job.tries > 0 && !place->problem.empty()) {
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
        auto kept = keepUndelivered(m_run.state().path(), *job.outgoing);
        m_run.post([this, kept = std::move(kept), job = std::move(job),
                    error = std::move(error)]() mutable {
            --m_underWay;
            if (!kept)
                return ended(std::move(job), Trouble{kept.error()});
            error.hint += fmt::format("; the record is kept in {}", kept->string());
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

std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>>
Destinations::stores() const
{
    std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>> all;
    for (const std::string& name : m_order)
        if (const auto it = m_places.find(name); it != m_places.end())
            if (auto folder = it->second.sink->folder())
                all[name] = std::move(folder);
    return all;
}

/// Only where somebody will ask for it: a store that triggers nothing is never asked for.
void Destinations::expectWrite(const std::string& store, const std::string& key, std::uint32_t hops)
{
    const auto workspace = m_run.workspace();
    const bool watched = std::ranges::any_of(workspace->triggers, [&](const Trigger& trigger) {
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        return file && file->store == store && sources::matches(*file, key);
    });
    if (!watched)
        return;
    const std::lock_guard lock(m_hopsMutex);
    m_hops[hopKey(store, key)] = hops;
}

std::uint32_t Destinations::hopsOf(const std::string& store, const std::string& key)
{
    const std::lock_guard lock(m_hopsMutex);
    const auto it = m_hops.find(hopKey(store, key));
    if (it == m_hops.end())
        return 0;
    const std::uint32_t hops = it->second;
    m_hops.erase(it);
    return hops;
}

/// Counts the objects of all stores, off the live thread; one count at a time.
void Destinations::count()
{
    if (m_counting)
        return;
    m_counting = true;
    std::vector<std::pair<std::string, std::shared_ptr<Sink>>> list;
    for (const auto& [name, place] : m_places)
        list.emplace_back(name, place.sink);
    m_run.aside([this, list = std::move(list)] {
        std::map<std::string, std::uint64_t> counts;
        for (const auto& [name, sink] : list)
            counts[name] = sink->count();
        m_run.post([this, counts = std::move(counts)] {
            m_counting = false;
            for (const auto& [name, objects] : counts)
                if (std::exchange(m_places[name].objects, objects) != objects)
                    m_run.changed();
        });
    });
}

void Destinations::fill(Snapshot& snapshot)
{
    for (const std::string& name : m_order)
        snapshot.stores.push_back(
            {m_places[name].objects, m_places[name].problem, m_run.queues().view(name)});
}

/// Files come and go without the run: every two seconds while anything moves, else every ten.
void Destinations::beat()
{
    if (++m_beats % (m_run.idle() ? 100 : 20) == 0)
        count();
}

} // namespace coldframe::session
