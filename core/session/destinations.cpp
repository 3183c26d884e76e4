#include "session/destinations.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/workspace_limits.h"
#include "session/run.h"
#include "sources/event_text.h"
#include "sources/file_event.h"
#include "stores/object_key.h"

namespace coldframe::session {

namespace {

using Json = nlohmann::ordered_json;

std::string hopKey(const std::string& store, const std::string& key)
{
    return store + '\0' + key;
}

/// Bodies are JSON already; what is not is carried as text.
Json parsed(const std::string& text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
}

/// The record that asynchronous destinations get.
/// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records, read 2026-11.
std::string destinationRecord(const live::Event& event, const std::string& function,
                              const char* condition, std::uint32_t attempts, TimePoint now)
{
    Json record{{"version", "1.0"},
                {"timestamp", sources::isoMilliseconds(now)},
                {"requestContext",
                 {{"requestId", event.requestId},
                  {"functionArn",
                   "arn:aws:lambda:us-east-1:000000000000:function:" + function + ":$LATEST"},
                  {"condition", condition},
                  {"approximateInvokeCount", attempts}}},
                {"requestPayload", parsed(*event.body)}};
    if (event.result) {
        record["responseContext"] = {{"statusCode", 200}, {"executedVersion", "$LATEST"}};
        if (!event.resultError.empty())
            record["responseContext"]["functionError"] = "Unhandled";
        record["responsePayload"] = parsed(*event.result);
    }
    return record.dump(-1, ' ', false, Json::error_handler_t::replace);
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

} // namespace

void Destinations::adopt(const Workspace& workspace)
{
    m_order.clear();
    for (const Store& store : workspace.stores) {
        m_order.push_back(store.name);
        const auto& path = std::get<FolderStore>(store.kind).path;
        Opened& opened = m_stores[store.name];
        if (opened.store && opened.store->folder() == path)
            continue;
        opened = {};
        auto result = stores::FolderStore::open(path);
        if (result) {
            opened.store = std::make_shared<const stores::FolderStore>(std::move(*result));
        } else {
            opened.problem = describe(result.error());
            m_run.notice(result.error(), Notice::Severity::Error);
        }
    }
    count();
}

void Destinations::succeeded(const live::Event& event)
{
    const Function& function = m_run.workspace()->functions[event.function];
    if (!function.onSuccess)
        return;
    // A store keeps the result itself; a function gets the platform's record around it.
    std::string payload = std::holds_alternative<StoreDestination>(*function.onSuccess)
        ? *event.result
        : destinationRecord(event, function.name, "Success", 1, m_run.driver().now());
    deliver(*function.onSuccess, event, std::move(payload));
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
    deliver(*function.onFailure, event,
            destinationRecord(event, function.name, conditionOf(letter.reason.why),
                              letter.attemptsDone, m_run.driver().now()));
}

void Destinations::deliver(const Destination& destination, const live::Event& event,
                           std::string payload)
{
    if (const auto* store = std::get_if<StoreDestination>(&destination)) {
        m_run.holdJournal(event.journalKey);
        Put job{store->store,
                stores::resultKey(event.sourceKey, event.requestId, m_run.driver().now()),
                std::move(payload), event.journalKey};
        expectWrite(job.store, job.key, event.hops + 1);
        put(std::move(job));
    } else {
        invoke(std::get<FunctionDestination>(destination).function, event, std::move(payload));
    }
}

void Destinations::keep(const Destination& destination, FunctionId from, std::string payload,
                        const std::string& name, std::function<void()> kept)
{
    if (const auto* store = std::get_if<StoreDestination>(&destination)) {
        Put job{store->store, stores::resultKey(name, {}, m_run.driver().now()), std::move(payload),
                0};
        job.kept = std::move(kept);
        expectWrite(job.store, job.key, 1);
        return put(std::move(job));
    }
    live::Event event;
    event.function = from;
    event.sourceKey = name;
    invoke(std::get<FunctionDestination>(destination).function, event, std::move(payload));
    kept();
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

void Destinations::put(Put job)
{
    ++m_underWay;
    auto store = m_stores[job.store].store;
    m_run.inBackground([this, store, job = std::move(job)]() mutable {
        std::optional<Error> error;
        if (!store)
            error = Error{.code = Error::Code::Unavailable,
                          .message = "the store " + job.store + " is not available",
                          .hint = "make its folder writable"};
        else if (auto done = store->put(job.key, job.bytes); !done)
            error = done.error();
        m_run.post([this, error = std::move(error), job = std::move(job)]() mutable {
            --m_underWay;
            if (error) {
                again(std::move(job), *error);
                return;
            }
            if (job.kept)
                job.kept();
            else
                m_run.releaseJournal(job.journalKey);
            if (job.tries > 0)
                m_run.notice(Notice::Severity::Info, job.store + ": results are stored again");
        });
    });
}

/// Said once, then tried with growing pauses: a full disk may be emptied.
void Destinations::again(Put job, const Error& error)
{
    if (job.tries++ == 0) {
        m_stores[job.store].problem = describe(error);
        m_run.notice(error, Notice::Severity::Error);
    }
    ++m_underWay;
    auto timer = std::make_shared<boost::asio::steady_timer>(m_run.io());
    timer->expires_after(std::chrono::milliseconds(250) * std::min(1 << job.tries, 64));
    timer->async_wait([this, timer, job = std::move(job)](auto code) mutable {
        --m_underWay;
        if (!code)
            put(std::move(job));
    });
}

std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>>
Destinations::stores() const
{
    std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>> all;
    for (const std::string& name : m_order)
        if (const auto it = m_stores.find(name); it != m_stores.end() && it->second.store)
            all[name] = it->second.store;
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
    if (watched)
        m_hops[hopKey(store, key)] = hops;
}

std::uint32_t Destinations::hopsOf(const std::string& store, const std::string& key)
{
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
    std::vector<std::pair<std::string, std::shared_ptr<const stores::FolderStore>>> list;
    for (const auto& [name, opened] : m_stores)
        list.emplace_back(name, opened.store);
    m_run.aside([this, list = std::move(list)] {
        std::map<std::string, std::uint64_t> counts;
        for (const auto& [name, store] : list)
            if (store)
                counts[name] = store->count().value_or(0);
        m_run.post([this, counts = std::move(counts)] {
            m_counting = false;
            for (const auto& [name, objects] : counts)
                if (std::exchange(m_stores[name].objects, objects) != objects)
                    m_run.changed();
        });
    });
}

void Destinations::fill(Snapshot& snapshot)
{
    for (const std::string& name : m_order)
        snapshot.stores.push_back({m_stores[name].objects, m_stores[name].problem});
}

/// Files come and go without the run: every two seconds while anything moves, else every ten.
void Destinations::beat()
{
    if (++m_beats % (m_run.idle() ? 100 : 20) == 0)
        count();
}

} // namespace coldframe::session
