#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "journal/message_table.h"
#include "live/driver.h"
#include "session/first_sends.h"
#include "session/message_draft.h"
#include "session/obstacle.h"
#include "session/queue_filters.h"
#include "session/queue_plan.h"
#include "session/queue_series.h"
#include "session/queue_view.h"

namespace coldframe::session {

class Run;

/// A message as somebody received it. Names it in deletions and changes of visibility.
struct ReceivedMessage {
    std::uint64_t key = 0;
    std::uint32_t receive = 0; ///< with the key, its receipt
    std::uint64_t sequence = 0; ///< its place in order
    std::uint32_t receives = 1; ///< in this queue
    TimePoint firstReceivedAt{};
    std::shared_ptr<const journal::QueuedMessage> message; ///< with its body
    std::string from; ///< the queue it was given up in; empty: none
};

/// The messages of all queues: keeps their bodies, in memory and in the journal, tells the engine
/// of them and carries out what it decides. A message is in the journal before it is acknowledged,
/// and leaves it when it is deleted; one that was in flight when the program ended is visible at
/// the next start. On the live thread; functions are not for calls from within those of the driver
/// unless they say so.
class Queues final : public live::MessageKeeper {
public:
    explicit Queues(Run& run);
    ~Queues() override;

    /// What an earlier run left in the journal. Blocks; before the live thread runs.
    Result<void> open();
    /// Tells the engine of it. Those of queues that are not there stay in the journal, and are told
    /// of by another call once they are.
    void restore();
    /// Fills in queues and mappings before they take effect.
    void plan(const Workspace& workspace, engine::Configuration& configuration);
    /// Why a workspace cannot be taken over now: a queue that holds messages keeps its kind.
    std::vector<Error> problemsOf(const Workspace& workspace) const;
    void enable(const std::string& trigger, bool on);
    void durable(std::span<const std::uint64_t> keys); ///< told by the journal
    void beat(); ///< ten times a second

    /// `done` comes once the message is in the journal and its queue, or was refused. From
    /// anywhere on the live thread.
    void send(MessageDraft draft, std::function<void(const MessageReceipt&)> done = {});
    /// Up to `most` messages, maybe none.
    std::vector<ReceivedMessage> receive(const std::string& queue, std::uint32_t most,
                                         std::optional<Duration> visibility);
    /// Whether the message lies in that queue.
    bool holds(const std::string& queue, std::uint64_t key) const;
    /// Errors: Missing for a message that is gone, Conflict for a receipt that holds no longer,
    /// OutOfRange for a timeout past twelve hours since the receive.
    Result<void> erase(std::uint64_t key, std::uint32_t receive);
    Result<void> changeVisibility(std::uint64_t key, std::uint32_t receive, Duration timeout);
    /// Drops all messages of the queue.
    void purge(const std::string& queue);
    /// Messages that may be received go back to the queue they were given up in, or to `to`.
    void redrive(const std::string& from, const std::string& to, std::uint32_t most);
    /// By a person: whatever its state. Errors: Missing; Conflict while it is in flight.
    Result<void> remove(std::uint64_t key);
    Result<void> edit(std::uint64_t key, std::string body);
    /// Like redrive(), of one message.
    Result<void> redriveOne(std::uint64_t key, const std::string& to);

    bool has(const std::string& queue) const { return m_plan.id(queue) != kNoQueue; }
    engine::QueueCounts counts(const std::string& queue) const;
    /// The first `most` messages in the order they were sent.
    std::vector<MessageView> list(const std::string& queue, std::size_t most);
    /// One of them with its body. Errors: Missing.
    Result<journal::QueuedMessage> read(std::uint64_t key);
    /// Called whenever a message may have become visible in that queue.
    void onArrival(std::function<void(const std::string& queue)> told)
    {
        m_arrival = std::move(told);
    }
    /// Somebody reads messages that are there, or some are on their way in.
    bool busy() const;
    std::optional<QueueView> view(const std::string& queue) const;
    /// The oldest message that has failed and comes again to this trigger.
    std::optional<Obstacle> obstacle(const std::string& trigger) const;
    /// The attempt of a batch has ended; what becomes of its messages is told next.
    void attempted(const live::Event& batch);

private:
    /// A message in a queue. Its body may be in the journal only.
    struct Kept {
        MessageId id; ///< serial 0: none
        std::shared_ptr<const journal::QueuedMessage> message;
        QueueId queue = 0;
        std::string from, problem;
        std::optional<std::string> beginning; ///< of its body; none: not looked at yet
        std::uint64_t sequence = 0; ///< its place in order: in the journal and as it is told
        engine::Why returnedFor
            = engine::Why::None; ///< why its batch gave it back; None: it did not
        TimePoint failingSince{}; ///< the first of these, in this run
        bool atWork = false; ///< in a batch that a function has
    };
    struct Sending {
        std::shared_ptr<journal::QueuedMessage> message;
        std::optional<Duration> delay;
        std::function<void(const MessageReceipt&)> done;
        bool restored = false;
    };

    void makeBatch(live::Event& batch) override;
    void ended(const engine::BatchEnded& end, live::Event& batch) override;
    void received(const engine::Receive& receive) override;
    void enqueued(const engine::Enqueue& enqueue) override;
    void returned(const engine::Return& back) override;
    void dropped(const engine::Drop& drop) override;
    void moved(const engine::Move& move) override;
    void refused(const engine::Refuse& refuse) override;

    void tellSome();
    void tell(Sending sending);
    std::optional<Error> problemOf(const MessageDraft& draft) const;
    static std::uint32_t bytesOf(const journal::QueuedMessage& message); ///< in memory
    static std::uint32_t recordBytes(const journal::QueuedMessage& message,
                                     const std::string& queue);
    static std::optional<Error> sizeProblemOf(const std::string& body,
                                              const std::string& attributes);
    void redriveSome(QueueId from, std::shared_ptr<const std::vector<std::uint64_t>> keys,
                     std::size_t begin);
    Kept* find(MessageId id);
    Result<MessageId> idOf(std::uint64_t key) const;
    using Message = std::shared_ptr<const journal::QueuedMessage>;
    Result<Message> whole(const Message& message);
    void stand(const Kept& kept, std::uint32_t receives, TimePoint visibleAt);
    std::uint64_t placeIn(QueueId queue, std::uint64_t own);
    static constexpr std::size_t kBeginning = 200;
    std::string beginningOf(Kept& kept);
    enum class Body : std::uint8_t { WhereThereIsRoom, InMemory };
    void keepBody(Kept& kept, std::shared_ptr<journal::QueuedMessage> message,
                  Body where = Body::WhereThereIsRoom);
    void forget(Kept& kept);
    void comesAgain(Kept& kept, engine::Why why);
    void comesAgainNoMore(Kept& kept);
    template <typename Input> Result<void> ask(const Input& input);
    Tally& tally(QueueId queue);
    engine::Unwanted verdictOf(QueueId queue, const Message& message);
    void judge(const Kept& kept);
    void tellOutcome(const engine::BatchEnded& end, const live::Event& batch,
                     const std::string& problem);

    Run& m_run;
    QueuePlan m_plan;
    QueueFilters m_filters;
    std::set<std::string> m_started; ///< triggers
    std::unique_ptr<journal::MessageReader> m_reader;
    std::vector<journal::QueuedMessage> m_restored; ///< that no queue is there for yet
    std::size_t m_left = 0; ///< of them was told

    std::deque<Sending> m_sending; ///< given to the journal, in order of key
    std::deque<std::uint64_t> m_durable; ///< keys whose turn comes
    std::uint64_t m_unwrittenBytes = 0; ///< of m_sending
    std::size_t m_unwritten = 0; ///< at the end of m_sending: the journal was full
    std::unordered_map<std::uint32_t, Sending> m_told; ///< by tag: the engine has yet to answer
    std::uint32_t m_tag = 0;

    std::deque<Kept> m_kept; ///< by slot of MessageId
    std::unordered_map<std::uint64_t, MessageId> m_byKey;
    std::map<QueueId, std::set<std::uint64_t>> m_comingAgain; ///< keys of what has failed
    std::size_t m_bodyBytes = 0; ///< of bodies in memory
    std::vector<Tally> m_tallies; ///< by QueueId
    std::vector<std::uint64_t> m_lastPlaces; ///< by QueueId, of FIFO queues
    FirstSends m_firsts;
    QueueSeries m_series;
    std::vector<ReceivedMessage> m_received; ///< for who asks right now
    std::optional<engine::Reason> m_refused; ///< likewise
    std::string m_problem; ///< of the batch whose messages come back right now
    std::vector<std::uint64_t> m_finished; ///< messages of the batch that ends right now
    std::set<std::string> m_failing; ///< triggers, since their last success
    int m_delivering = 0;
    std::function<void(const std::string&)> m_arrival;
};

} // namespace coldframe::session
