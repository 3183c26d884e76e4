#include "session/queue_server.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/input.h"
#include "model/workspace_limits.h"
#include "session/bucket_server.h"
#include "session/queues.h"
#include "session/run.h"
#include "session/store_accounts.h"
#include "sources/queue_event.h"
#include "sqs/endpoint.h"

namespace coldframe::session {

namespace {

constexpr std::string_view kFifoEnding = ".fifo";
constexpr const char* kSenderId = "AIDACOLDFRAME"; ///< as in events of queues

std::string storeNameOf(std::string_view queue)
{
    if (queue.ends_with(kFifoEnding))
        queue.remove_suffix(kFifoEnding.size());
    return std::string(queue);
}

/// Why a message was not taken, for a caller far from the window.
sqs::SqsError errorOf(const Error& refused, std::uint32_t hops)
{
    switch (refused.code) {
    case Error::Code::Missing:
        return sqs::queueDoesNotExist(refused.message);
    case Error::Code::LimitReached: // of the chain, or of the message
        return hops >= static_cast<std::uint32_t>(kMaxHops)
            ? sqs::overLimit(describe(refused))
            : sqs::invalidParameter(describe(refused));
    default:
        return sqs::internalError(describe(refused));
    }
}

} // namespace

std::string sqsName(const std::string& store, bool fifo)
{
    return fifo ? store + std::string(kFifoEnding) : store;
}

class QueueServer::Backend final : public sqs::QueueBackend {
public:
    explicit Backend(Run& run) : m_run(run), m_begun(run.civilNow()) { }

    Result<std::uint16_t> listen(std::uint16_t port)
    {
        auto endpoint = sqs::Endpoint::listen(m_run.io(), port, *this);
        if (!endpoint)
            return tl::unexpected(endpoint.error());
        m_endpoint = std::move(*endpoint);
        return m_endpoint->port();
    }

    void adopt()
    {
        m_run.queues().onArrival([this](const std::string& store) { arrived(store); });
    }

    void beat()
    {
        for (const std::string& queue : m_endpoint->awaited()) {
            const engine::QueueCounts now = m_run.queues().counts(storeNameOf(queue));
            const Seen seen{now.visible, now.inFlight};
            if (std::exchange(m_seen[queue], seen) != seen)
                m_endpoint->ready(queue);
        }
    }

    void close()
    {
        m_closed = true;
        m_endpoint->close();
    }

private:
    std::string newRequestId() override { return m_run.newId(); }

    std::vector<std::string> names() override
    {
        std::vector<std::string> all;
        if (!m_run.trusted())
            return all; // of a workspace that nobody vouches for nothing is served
        const auto workspace = m_run.workspace();
        for (const Store& store : workspace->stores)
            if (const auto* queue = std::get_if<QueueStore>(&store.kind))
                all.push_back(sqsName(store.name, queue->fifo));
        std::ranges::sort(all);
        return all;
    }

    /// A FIFO queue is found by its store's name, too.
    std::optional<sqs::QueueFacts> find(std::string_view name) override
    {
        const auto workspace = m_run.workspace();
        const Store* store = workspace->findStore(storeNameOf(name));
        const auto* queue = store ? std::get_if<QueueStore>(&store->kind) : nullptr;
        if (!queue || !m_run.trusted() || (name.ends_with(kFifoEnding) && !queue->fifo))
            return std::nullopt;
        const engine::QueueCounts now = m_run.queues().counts(store->name);
        return sqs::QueueFacts{.name = sqsName(store->name, queue->fifo),
                               .fifo = queue->fifo,
                               .contentDeduplication = queue->contentBasedDeduplication,
                               .visibility = std::chrono::seconds(queue->visibilityTimeoutS),
                               .delay = std::chrono::seconds(queue->delayS),
                               .retention = std::chrono::seconds(queue->retentionS),
                               .maxReceives = static_cast<std::uint32_t>(queue->maxReceives),
                               .deadLetters = sqsName(queue->deadLetters, queue->fifo),
                               .since = m_begun,
                               .visible = now.visible,
                               .inFlight = now.inFlight,
                               .delayed = now.delayed};
    }

    /// Gathers what becomes of each message of a request.
    struct Sends {
        std::vector<sqs::Expected<sqs::Accepted>> outcomes;
        std::size_t left = 0;
        std::function<void(const std::vector<sqs::Expected<sqs::Accepted>>&)> then;
    };
    void send(const std::string& queue, std::vector<sqs::Draft> drafts,
              const std::string& accessKey,
              std::function<void(const std::vector<sqs::Expected<sqs::Accepted>>&)> then) override
    {
        const auto sends = std::make_shared<Sends>();
        sends->outcomes.resize(drafts.size());
        sends->left = drafts.size();
        sends->then = std::move(then);
        const Caller caller = callerOf(accessKey);
        const bool fifo = queue.ends_with(kFifoEnding);
        for (std::size_t i = 0; i < drafts.size(); ++i) {
            sqs::Draft& draft = drafts[i];
            const std::uint64_t bytes = draft.body.size();
            MessageDraft message{.queue = storeNameOf(queue),
                                 .body = std::move(draft.body),
                                 .attributes = sqs::toEventText(draft.attributes),
                                 .group = std::move(draft.group),
                                 .deduplication = std::move(draft.deduplication),
                                 .delay = draft.delay,
                                 .sender = caller.name,
                                 .hops = caller.hops};
            m_run.queues().send(
                std::move(message),
                [this, sends, i, fifo, caller, bytes,
                 store = storeNameOf(queue)](const MessageReceipt& receipt) {
                    if (receipt.refused) {
                        sends->outcomes[i] = tl::unexpected(errorOf(*receipt.refused, caller.hops));
                    } else {
                        sends->outcomes[i]
                            = sqs::Accepted{receipt.messageId,
                                            fifo ? sources::queueSequence(receipt.sequence) : ""};
                        noteOutput(caller, store, receipt.messageId, bytes);
                    }
                    if (--sends->left == 0)
                        sends->then(sends->outcomes);
                });
        }
    }

    bool gives(const std::string& queue) override
    {
        return m_run.queues().counts(storeNameOf(queue)).visible > 0;
    }

    std::vector<sqs::Received> receive(const std::string& queue, std::uint32_t most,
                                       std::optional<std::chrono::seconds> visibility) override
    {
        const bool fifo = queue.ends_with(kFifoEnding);
        std::vector<sqs::Received> all;
        for (const ReceivedMessage& one :
             m_run.queues().receive(storeNameOf(queue), most, visibility)) {
            const journal::QueuedMessage& message = *one.message;
            all.push_back({.messageId = message.messageId,
                           .receipt = {one.key, one.receive},
                           .body = message.body,
                           .attributes = sqs::fromEventText(message.attributes),
                           .sender = kSenderId,
                           .sentAt = message.sentAt,
                           .firstReceivedAt = one.firstReceivedAt,
                           .receives = one.receives,
                           .group = message.group,
                           .deduplication = message.deduplication,
                           .sequenceNumber = fifo ? sources::queueSequence(one.sequence) : "",
                           .deadLetterOf = one.from.empty() ? "" : sqsName(one.from, fifo)});
        }
        return all;
    }

    /// A message that lies in another queue by now is gone from this one.
    bool holds(const std::string& queue, const sqs::ReceiptHandle& receipt) const
    {
        return receipt.receive != engine::kByHand
            && m_run.queues().holds(storeNameOf(queue), receipt.message);
    }

    static sqs::ReceiptOutcome outcomeOf(const Result<void>& done, const std::string& queue)
    {
        if (done)
            return sqs::ReceiptOutcome::Done;
        if (done.error().code == Error::Code::Missing)
            return sqs::ReceiptOutcome::Gone;
        if (done.error().code == Error::Code::OutOfRange)
            return sqs::ReceiptOutcome::TooLong;
        return queue.ends_with(kFifoEnding) ? sqs::ReceiptOutcome::Expired
                                            : sqs::ReceiptOutcome::NotInFlight;
    }

    sqs::ReceiptOutcome erase(const std::string& queue, const sqs::ReceiptHandle& receipt) override
    {
        if (!holds(queue, receipt))
            return sqs::ReceiptOutcome::Gone;
        return outcomeOf(m_run.queues().erase(receipt.message, receipt.receive), queue);
    }

    sqs::ReceiptOutcome changeVisibility(const std::string& queue,
                                         const sqs::ReceiptHandle& receipt,
                                         std::chrono::seconds timeout) override
    {
        if (!holds(queue, receipt))
            return sqs::ReceiptOutcome::Gone;
        return outcomeOf(m_run.queues().changeVisibility(receipt.message, receipt.receive, timeout),
                         queue);
    }

    void purge(const std::string& queue) override { m_run.queues().purge(storeNameOf(queue)); }

    struct Caller {
        std::string name;
        std::uint32_t hops = 0;
        std::uint32_t instance = 0, invocation = 0; ///< serials; 0: it cannot be followed
    };
    /// A function that sends a message adds a hop to the chain it is part of. Its key tells which
    /// instance it is; one that signs with credentials of the user's own cannot be followed.
    Caller callerOf(const std::string& accessKey)
    {
        const auto instance = instanceOf(accessKey);
        const live::Event* event = instance ? m_run.driver().servedBy(*instance) : nullptr;
        if (!event)
            return {"sqs"};
        return {m_run.workspace()->functions[event->function].name, event->hops + 1, *instance,
                event->id.serial};
    }

    /// Of the attempt that sent it: one that did not wait for the answer may have ended since.
    void noteOutput(const Caller& caller, const std::string& store, const std::string& messageId,
                    std::uint64_t bytes)
    {
        const live::Event* event
            = caller.instance != 0 ? m_run.driver().servedBy(caller.instance) : nullptr;
        if (event && event->id.serial == caller.invocation)
            m_run.buckets().sent(caller.instance, store, messageId, bytes);
    }

    /// From within the engine's driver: those that wait are told once it is done.
    void arrived(const std::string& store)
    {
        if (m_closed || m_endpoint->awaited().empty() || !m_arrived.insert(store).second
            || m_arrived.size() > 1)
            return;
        m_run.post([this] {
            for (const std::string& name : std::exchange(m_arrived, {})) {
                m_endpoint->ready(name);
                m_endpoint->ready(sqsName(name, true));
            }
        });
    }

    using Seen = std::pair<std::uint32_t, std::uint32_t>; ///< messages visible and in flight
    Run& m_run;
    TimePoint m_begun;
    std::unique_ptr<sqs::Endpoint> m_endpoint;
    std::set<std::string> m_arrived; ///< queues that may have messages for those that wait
    std::map<std::string, Seen> m_seen; ///< at the last beat
    bool m_closed = false;
};

QueueServer::QueueServer(Run& run) : m_backend(std::make_unique<Backend>(run)) { }

QueueServer::~QueueServer() = default;

Result<std::uint16_t> QueueServer::listen(std::uint16_t port)
{
    return m_backend->listen(port);
}

void QueueServer::adopt()
{
    m_backend->adopt();
}

void QueueServer::beat()
{
    m_backend->beat();
}

void QueueServer::close()
{
    m_backend->close();
}

} // namespace coldframe::session
