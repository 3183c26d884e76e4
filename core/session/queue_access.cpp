#include <algorithm>

#include <fmt/format.h>

#include "session/queues.h"
#include "session/run.h"
#include "session/turn.h"

// What others than functions do with messages: receivers over the network, and people.
namespace coldframe::session {

namespace {

Result<void> answerOf(const std::optional<engine::Reason>& refused)
{
    if (!refused || refused->why == engine::Why::StaleReceipt)
        return {}; // a receipt of an earlier receive does nothing, and SQS says so to nobody
    const auto code = refused->why == engine::Why::NoSuchMessage ? Error::Code::Missing
        : refused->why == engine::Why::VisibilityTooLong         ? Error::Code::OutOfRange
                                                                 : Error::Code::Conflict;
    return tl::unexpected(Error{.code = code, .message = engine::describe(*refused)});
}

} // namespace

/// The engine's answer comes before this returns.
template <typename Input> Result<void> Queues::ask(const Input& input)
{
    m_refused.reset();
    m_run.driver().tell(input);
    return answerOf(std::exchange(m_refused, std::nullopt));
}

void Queues::received(const engine::Receive& receive)
{
    const Kept* kept = find(receive.message);
    if (!kept)
        return;
    ++tally(receive.queue).received;
    if (receive.invocation.serial != 0)
        return; // read once its batch finds room
    auto message = whole(kept->message);
    if (!message) {
        m_run.notice(message.error(), Notice::Severity::Error);
        return; // it is visible again in a while
    }
    stand(*kept, receive.receives, receive.visibleAt);
    m_received.push_back({.key = (*message)->key,
                          .receive = receive.receive,
                          .sequence = kept->sequence,
                          .receives = receive.receives,
                          .firstReceivedAt = receive.firstReceivedAt,
                          .message = *message,
                          .from = kept->from});
}

std::vector<ReceivedMessage> Queues::receive(const std::string& queue, std::uint32_t most,
                                             std::optional<Duration> visibility)
{
    m_received.clear();
    if (const QueueId id = m_plan.id(queue); id != kNoQueue)
        m_run.driver().tell(engine::MessagesWanted{
            .queue = id, .most = most, .visibility = visibility.value_or(engine::kQueueDefault)});
    return std::exchange(m_received, {});
}

bool Queues::holds(const std::string& queue, std::uint64_t key) const
{
    const auto id = idOf(key);
    return id && m_kept[id->slot].queue == m_plan.id(queue);
}

Result<void> Queues::erase(std::uint64_t key, std::uint32_t receive)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    return ask(engine::MessageDeleted{*id, receive});
}

Result<void> Queues::changeVisibility(std::uint64_t key, std::uint32_t receive, Duration timeout)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    return ask(engine::VisibilityChanged{*id, receive, timeout});
}

void Queues::purge(const std::string& queue)
{
    if (const QueueId id = m_plan.id(queue); id != kNoQueue)
        m_run.driver().tell(engine::Purged{id});
}

void Queues::redrive(const std::string& from, const std::string& to, std::uint32_t most)
{
    const QueueId source = m_plan.id(from);
    if (source == kNoQueue)
        return;
    if (!to.empty()) {
        const QueueId target = m_plan.id(to);
        if (target == kNoQueue)
            return;
        for (const Kept& kept : m_kept)
            if (kept.id.serial != 0 && kept.queue == source && m_filters.has(target))
                judge(kept);
        m_run.driver().tell(engine::Redriven{.from = source, .to = target, .most = most});
        return;
    }
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found; // in order; each to where it was
    for (const Kept& kept : m_kept)
        if (kept.id.serial != 0 && kept.queue == source && !kept.from.empty())
            found.emplace_back(kept.sequence, kept.message->key);
    std::ranges::sort(found);
    found.resize(std::min<std::size_t>(found.size(), most));
    std::vector<std::uint64_t> keys;
    for (const auto& [sequence, key] : found)
        keys.push_back(key);
    redriveSome(source, std::make_shared<const std::vector<std::uint64_t>>(std::move(keys)), 0);
}

void Queues::redriveSome(QueueId from, std::shared_ptr<const std::vector<std::uint64_t>> keys,
                         std::size_t begin)
{
    for (const Turn turn; begin < keys->size() && !turn.over(); ++begin) {
        const auto id = idOf((*keys)[begin]);
        if (id && find(*id)->queue == from) // nobody has moved it since
            (void)redriveOne((*keys)[begin], {}); // one that is in flight stays
    }
    if (begin < keys->size())
        m_run.post([this, from, keys = std::move(keys), begin]() mutable {
            redriveSome(from, std::move(keys), begin);
        });
}

Result<void> Queues::redriveOne(std::uint64_t key, const std::string& to)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    const Kept& kept = *find(*id);
    const std::string& name = to.empty() ? kept.from : to;
    const QueueId target = m_plan.id(name);
    if (target == kNoQueue)
        return tl::unexpected(Error{.code = Error::Code::Missing,
                                    .message = name.empty()
                                        ? "the message was given up in no other queue"
                                        : fmt::format("there is no queue \"{}\"", name),
                                    .hint = "say to which queue it shall go"});
    if (m_filters.has(target))
        judge(kept);
    m_run.driver().tell(
        engine::Redriven{.from = kept.queue, .to = target, .most = 1, .message = *id});
    if (const Kept* now = find(*id); now && now->queue != target)
        return tl::unexpected(Error{.code = Error::Code::Conflict,
                                    .message = "somebody is at work on the message",
                                    .hint = "try again when its visibility timeout is over"});
    return {};
}

Result<void> Queues::remove(std::uint64_t key)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    return ask(engine::MessageDeleted{*id, engine::kByHand});
}

Result<void> Queues::edit(std::uint64_t key, std::string body)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    Kept& kept = *find(*id);
    const auto state = m_run.driver().engine().message(*id);
    if (state && state->inFlight)
        return tl::unexpected(Error{.code = Error::Code::Conflict,
                                    .message = "somebody is at work on the message",
                                    .hint = "try again when its visibility timeout is over"});
    auto old = whole(kept.message);
    if (!old)
        return tl::unexpected(old.error());
    auto edited = std::make_shared<journal::QueuedMessage>(**old);
    edited->body = std::move(body);
    if (auto problem = sizeProblemOf(edited->body, edited->attributes))
        return tl::unexpected(std::move(*problem));
    edited->bytes = bytesOf(*edited);
    m_run.journal().change(journal::MessageEdited{key, edited->body, edited->attributes});
    keepBody(kept, std::move(edited), Body::InMemory); // the file has the old one for a moment
    if (m_filters.has(kept.queue))
        judge(kept);
    return {};
}

engine::QueueCounts Queues::counts(const std::string& queue) const
{
    const QueueId id = m_plan.id(queue);
    return id == kNoQueue ? engine::QueueCounts() : m_run.driver().engine().queue(id);
}

std::vector<MessageView> Queues::list(const std::string& queue, std::size_t most)
{
    const QueueId id = m_plan.id(queue);
    std::vector<Kept*> found;
    for (Kept& kept : m_kept)
        if (kept.id.serial != 0 && kept.queue == id)
            found.push_back(&kept);
    const std::size_t shown = std::min(most, found.size());
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown), {},
                              [](const Kept* kept) { return kept->sequence; });
    std::vector<MessageView> views;
    for (std::size_t i = 0; i < shown; ++i) {
        Kept& kept = *found[i];
        const auto state = m_run.driver().engine().message(kept.id);
        if (!state)
            continue;
        views.push_back({.key = kept.message->key,
                         .messageId = kept.message->messageId,
                         .group = kept.message->group,
                         .sender = kept.message->sender,
                         .bytes = kept.message->bytes,
                         .receives = state->receives,
                         .hops = kept.message->hops,
                         .sentAt = state->sentAt,
                         .visibleAt = state->visibleAt,
                         .inFlight = state->inFlight,
                         .from = kept.from,
                         .problem = kept.problem,
                         .beginning = beginningOf(kept)});
    }
    return views;
}

/// Of one that an earlier run left it is read when somebody looks, once.
std::string Queues::beginningOf(Kept& kept)
{
    if (!kept.beginning) {
        const auto message = whole(kept.message);
        if (!message)
            return {};
        kept.beginning = (*message)->body.substr(0, kBeginning);
    }
    return *kept.beginning;
}

Result<journal::QueuedMessage> Queues::read(std::uint64_t key)
{
    const auto id = idOf(key);
    if (!id)
        return tl::unexpected(id.error());
    const auto message = whole(find(*id)->message);
    if (!message)
        return tl::unexpected(message.error());
    return **message;
}

bool Queues::busy() const
{
    if (!m_sending.empty() || !m_told.empty() || m_delivering > 0)
        return true;
    for (QueueId queue = 0; queue < m_plan.size(); ++queue)
        if (m_plan.isRead(queue) && m_run.driver().engine().queue(queue).depth() > 0)
            return true;
    return false;
}

std::optional<QueueView> Queues::view(const std::string& queue) const
{
    const QueueId id = m_plan.id(queue);
    if (id == kNoQueue)
        return std::nullopt;
    QueueView view{m_run.driver().engine().queue(id), m_tallies[id], {}, {}};
    m_series.fill(id, view);
    return view;
}

} // namespace coldframe::session
