#include "session/queues.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "s3/digest.h"
#include "session/run.h"
#include "session/turn.h"
#include "sources/queue_event.h"
#include "sqs/receipt_handle.h"

namespace coldframe::session {

namespace {

/// Bodies beyond this are read from the journal when they are needed.
constexpr std::size_t kMostBodiesInMemory = std::size_t{128} << 20;
constexpr std::uint64_t kMostUnwrittenBytes = std::uint64_t{256} << 20;

/// A key of a group or of a deduplication id; never 0, which means none.
std::uint64_t hashOf(const std::string& text)
{
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325; // FNV-1a: the same on every machine
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
    return hash == 0 ? 1 : hash;
}

std::string sha256Of(const std::string& text)
{
    auto digest = s3::Digest::of(s3::ChecksumKind::Sha256);
    digest.add(text);
    return s3::hex(digest.finish());
}

Error goneMessage()
{
    return {.code = Error::Code::Missing,
            .message = "there is no such message any more",
            .hint = "it was deleted, moved to another queue or dropped after its retention"};
}

} // namespace

std::uint32_t Queues::bytesOf(const journal::QueuedMessage& message)
{
    return static_cast<std::uint32_t>(message.body.size() + message.attributes.size());
}

/// Of the message in an event. The body of one that an earlier run left is not at hand: what has
/// to be escaped in it is not counted.
std::uint32_t Queues::recordBytes(const journal::QueuedMessage& message, const std::string& queue)
{
    const std::size_t around
        = sources::queueRecordBytes({.messageId = message.messageId,
                                     .body = message.body,
                                     .attributes = message.attributes,
                                     .receiptHandle = std::string(sqs::kHandleLength, ' '),
                                     .queue = queue,
                                     .group = message.group,
                                     .deduplication = message.deduplication,
                                     .deadLetterSource = message.from});
    return static_cast<std::uint32_t>(around + message.bytes - bytesOf(message));
}

Queues::Queues(Run& run) : m_run(run) { }
Queues::~Queues() = default;

Result<void> Queues::open()
{
    m_reader = std::make_unique<journal::MessageReader>(m_run.journal().file());
    auto found = m_run.journal().messages();
    if (!found)
        return tl::unexpected(found.error());
    m_restored = std::move(*found);
    return {};
}

/// Those of queues that are no longer there are not told of, and stay in the journal.
void Queues::restore()
{
    std::vector<journal::QueuedMessage> left;
    for (journal::QueuedMessage& message : std::exchange(m_restored, {})) {
        if (has(message.queue))
            tell({.message = std::make_shared<journal::QueuedMessage>(std::move(message)),
                  .restored = true});
        else
            left.push_back(std::move(message));
    }
    m_restored = std::move(left);
    if (m_restored.size() == m_left)
        return; // told before
    m_left = m_restored.size();
    if (m_left > 0)
        m_run.notice(
            Notice::Severity::Warning,
            fmt::format("{} message{} of queues that are no longer in the workspace stay{} "
                        "in the journal",
                        m_left, m_left == 1 ? "" : "s", m_left == 1 ? "s" : ""),
            "add the queues again to see them");
}

std::optional<Error> Queues::problemOf(const MessageDraft& draft) const
{
    const QueueId queue = m_plan.id(draft.queue);
    if (queue == kNoQueue)
        return Error{.code = Error::Code::Missing,
                     .message = fmt::format("there is no queue \"{}\"", draft.queue),
                     .hint = "add it to the stores of the workspace"};
    if (m_plan.isFifo(queue) && draft.group.empty())
        return Error{.code = Error::Code::Missing,
                     .message = "a message of a FIFO queue needs a message group",
                     .hint = "name it: messages of one group stay in order"};
    if (m_plan.isFifo(queue) && draft.deduplication.empty() && !m_plan.deduplicatesByContent(queue))
        return Error{.code = Error::Code::Missing,
                     .message = "a message of a FIFO queue needs a deduplication id",
                     .hint = "give it one, or set contentBasedDeduplication of the queue"};
    if (draft.hops >= kMaxHops)
        return Error{.code = Error::Code::LimitReached,
                     .message
                     = fmt::format("the message comes from a chain of {} functions", draft.hops),
                     .hint = "look for functions that feed each other in a circle"};
    if (m_unwrittenBytes + draft.body.size() > kMostUnwrittenBytes)
        return Error{.code = Error::Code::Unavailable,
                     .message = fmt::format("{} messages wait to be written to the journal already",
                                            m_sending.size()),
                     .hint = "look at its notice: its disk may be full, or slow"};
    return sizeProblemOf(draft.body, draft.attributes);
}

std::optional<Error> Queues::sizeProblemOf(const std::string& body, const std::string& attributes)
{
    const std::size_t bytes = body.size() + attributes.size();
    if (bytes <= kMaxMessageBytes)
        return std::nullopt;
    return Error{.code = Error::Code::LimitReached,
                 .message = fmt::format("the message has {} bytes, {} are the most", bytes,
                                        kMaxMessageBytes),
                 .hint = "store the data as a file and send its key"};
}

void Queues::send(MessageDraft draft, std::function<void(const MessageReceipt&)> done)
{
    if (auto problem = problemOf(draft)) {
        if (draft.hops >= kMaxHops)
            m_run.chainStopped("the queue " + draft.queue);
        if (done)
            done({.refused = std::move(problem)});
        return;
    }
    const TimePoint now = m_run.driver().now();
    const Duration wait = m_plan.rules(m_plan.id(draft.queue)).delayOf(draft.delay);
    auto message = std::make_shared<journal::QueuedMessage>();
    message->key = m_run.journal().nextKey();
    message->queue = std::move(draft.queue);
    message->messageId = m_run.newId();
    message->body = std::move(draft.body);
    message->attributes = std::move(draft.attributes);
    message->group = std::move(draft.group);
    message->deduplication = std::move(draft.deduplication);
    if (message->deduplication.empty() && m_plan.deduplicatesByContent(m_plan.id(message->queue)))
        message->deduplication = sha256Of(message->body);
    message->sender = std::move(draft.sender);
    message->sentAt = now;
    message->visibleAt = now + m_run.scaled(wait);
    message->hops = draft.hops;
    message->sequence = message->key;
    message->bytes = bytesOf(*message);
    // Nothing overtakes what the journal had no room for.
    if (m_unwritten > 0 || !m_run.journal().append(*message))
        ++m_unwritten;
    m_unwrittenBytes += message->bytes;
    m_sending.push_back({std::move(message), draft.delay, std::move(done)});
}

void Queues::beat()
{
    if (const TimePoint now = m_run.driver().now(); m_series.isDue(now)) {
        m_series.begin(now);
        for (QueueId queue = 0; queue < m_plan.size(); ++queue)
            m_series.add(queue, m_run.driver().engine().queue(queue), m_tallies[queue]);
    }
    for (; m_unwritten > 0; --m_unwritten)
        if (!m_run.journal().append(*m_sending[m_sending.size() - m_unwritten].message))
            return;
}

void Queues::durable(std::span<const std::uint64_t> keys)
{
    const bool underWay = !m_durable.empty();
    m_durable.insert(m_durable.end(), keys.begin(), keys.end());
    if (!underWay)
        tellSome();
}

void Queues::tellSome()
{
    for (const Turn turn; !m_durable.empty() && !turn.over(); m_durable.pop_front()) {
        if (m_sending.empty() || m_sending.front().message->key != m_durable.front())
            continue;
        Sending sending = std::move(m_sending.front());
        m_sending.pop_front();
        m_unwrittenBytes -= sending.message->bytes;
        tell(std::move(sending));
    }
    if (!m_durable.empty())
        m_run.post([this] { tellSome(); });
}

void Queues::tell(Sending sending)
{
    const journal::QueuedMessage& message = *sending.message;
    const std::uint32_t tag = ++m_tag;
    const QueueId queue = m_plan.id(message.queue);
    const std::uint64_t group = message.group.empty() ? 0 : hashOf(message.group);
    const std::uint64_t id = message.deduplication.empty() ? 0 : hashOf(message.deduplication);
    const std::uint32_t bytes = recordBytes(message, message.queue);
    const Duration delay = sending.delay.value_or(engine::kQueueDefault);
    const engine::Unwanted unwanted = verdictOf(queue, sending.message);
    if (sending.restored) {
        const engine::MessageRestored input{.queue = queue,
                                            .bytes = bytes,
                                            .receives = message.receives,
                                            .tag = tag,
                                            .group = group,
                                            .deduplication = message.moved ? 0 : id,
                                            .sentAt = message.sentAt,
                                            .firstReceivedAt = message.firstReceivedAt,
                                            .visibleAt = message.visibleAt,
                                            .receipt = message.receipt,
                                            .unwanted = unwanted};
        m_told.emplace(tag, std::move(sending));
        m_run.driver().tell(input);
        return;
    }
    const engine::MessageSent input{.queue = queue,
                                    .bytes = bytes,
                                    .group = group,
                                    .deduplication = id,
                                    .delay = delay,
                                    .tag = tag,
                                    .unwanted = unwanted,
                                    .sentAt = message.sentAt};
    m_told.emplace(tag, std::move(sending));
    m_run.driver().tell(input);
}

void Queues::enqueued(const engine::Enqueue& enqueue)
{
    const auto it = m_told.find(enqueue.tag);
    if (it == m_told.end())
        return;
    Sending sending = std::move(it->second);
    m_told.erase(it);
    MessageReceipt receipt{sending.message->messageId, sending.message->sequence, {}};
    if (enqueue.reason.why == engine::Why::DuplicateMessage) {
        ++tally(enqueue.queue).duplicates;
        m_run.journal().change(journal::MessageRemoved{sending.message->key});
        if (const auto* first = m_firsts.find(enqueue.message))
            receipt = {first->messageId, first->sequence, {}};
    } else {
        if (enqueue.message.slot >= m_kept.size())
            m_kept.resize(enqueue.message.slot + 1);
        journal::QueuedMessage& message = *sending.message;
        Kept& kept = m_kept[enqueue.message.slot];
        kept = {.id = enqueue.message,
                .message = nullptr,
                .queue = enqueue.queue,
                .from = message.from,
                .problem = message.problem,
                .beginning = {},
                .sequence = message.sequence};
        m_byKey[message.key] = enqueue.message;
        const Duration window = m_plan.rules(kept.queue).deduplication;
        if (m_plan.isFifo(kept.queue)) {
            // What was moved while it was written has gone ahead of it.
            receipt.sequence = kept.sequence = placeIn(kept.queue, kept.sequence);
            m_firsts.add(message.sentAt, window, kept.id, {message.messageId, kept.sequence});
        }
        keepBody(kept, std::move(sending.message));
        if (!kept.problem.empty() && kept.from.empty())
            comesAgain(kept, engine::Why::BatchReturned); // in an earlier run
        if (kept.sequence != kept.message->sequence)
            stand(kept, kept.message->receives, enqueue.visibleAt);
        tally(enqueue.queue).sent += sending.restored ? 0 : 1;
        if (m_arrival)
            m_arrival(m_plan.name(enqueue.queue));
    }
    if (sending.done)
        sending.done(receipt);
}

/// A message that comes from the journal's list has no body yet, and says how large it is.
void Queues::keepBody(Kept& kept, std::shared_ptr<journal::QueuedMessage> message, Body where)
{
    if (kept.message)
        m_bodyBytes -= bytesOf(*kept.message);
    if (bytesOf(*message) == message->bytes)
        kept.beginning = message->body.substr(0, kBeginning);
    if (where == Body::WhereThereIsRoom && m_bodyBytes + message->bytes > kMostBodiesInMemory)
        message->body = message->attributes = {};
    m_bodyBytes += bytesOf(*message);
    kept.message = std::move(message);
}

Tally& Queues::tally(QueueId queue)
{
    return m_tallies[queue];
}

Queues::Kept* Queues::find(MessageId id)
{
    const bool there = id.slot < m_kept.size() && m_kept[id.slot].id == id;
    return there ? &m_kept[id.slot] : nullptr;
}

Result<MessageId> Queues::idOf(std::uint64_t key) const
{
    const auto it = m_byKey.find(key);
    if (it == m_byKey.end())
        return tl::unexpected(goneMessage());
    return it->second;
}

/// Its body may have to be read: a look into a file that is mostly in the page cache.
Result<Queues::Message> Queues::whole(const Message& message)
{
    if (bytesOf(*message) == message->bytes)
        return message;
    auto copy = std::make_shared<journal::QueuedMessage>(*message);
    if (auto read = m_reader->read(*copy); !read)
        return tl::unexpected(read.error());
    return copy;
}

/// The place of a message that comes to the end of a queue now: `own`, unless others that are there
/// already have come behind that.
std::uint64_t Queues::placeIn(QueueId queue, std::uint64_t own)
{
    std::uint64_t& last = m_lastPlaces[queue];
    last = own > last ? own : m_run.journal().nextKey();
    return last;
}

/// What an action says of it, and what else the engine knows.
void Queues::stand(const Kept& kept, std::uint32_t receives, TimePoint visibleAt)
{
    const auto state = m_run.driver().engine().message(kept.id);
    m_run.journal().change(journal::MessageStands{
        .key = kept.message->key,
        .queue = m_plan.name(kept.queue),
        .receives = receives,
        .sentAt = state ? state->sentAt : kept.message->sentAt,
        .firstReceivedAt = state ? state->firstReceivedAt : TimePoint{},
        .visibleAt = visibleAt,
        .from = kept.from,
        .problem = kept.problem,
        .receipt = state ? state->receipt : 0,
        .sequence = kept.sequence,
    });
}

void Queues::forget(Kept& kept)
{
    comesAgainNoMore(kept);
    m_bodyBytes -= bytesOf(*kept.message);
    m_byKey.erase(kept.message->key);
    kept = {};
}

} // namespace coldframe::session
