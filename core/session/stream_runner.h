#pragma once

#include <deque>
#include <memory>

#include "session/trigger_set.h"
#include "sources/stream_tail.h"

namespace coldframe::session {

/// Hands a growing file to a function batch by batch, as the platform's poller does with a shard:
/// synchronously, one batch at a time and in order, the same again until it succeeds or may not be
/// tried any more; then what it held goes to onFailure. How far it has come is in the journal once
/// a batch is done, so a batch that was under way when the program ended comes again.
class StreamRunner final : public TriggerRunner {
public:
    StreamRunner(Run& run, Trigger trigger, StreamTrigger stream);
    ~StreamRunner() override;

    void start() override;
    void stop() override;
    void beat() override;
    bool busy() const override;
    void fill(TriggerView& view) const override;

private:
    struct Alive; ///< shared with work in the background; knows whether we still exist
    struct Item {
        std::string text; ///< JSON
        std::uint64_t sequence = 0;
        TimePoint arrival{};
        sources::StreamPosition after;
    };
    /// What work in the background has read.
    struct Step {
        std::vector<Item> items;
        std::vector<std::string> told;
        std::string problem;
        std::optional<sources::StreamPosition> began;
        sources::StreamPosition after; ///< all that was read
        bool more = false;
    };
    struct Batch {
        std::vector<Item> items;
        live::Text body;
        std::string requestId;
        TimePoint notBefore{};
        std::uint32_t attempts = 0; ///< that ran; refusals do not count
        int refusals = 0; ///< in a row
        std::string error; ///< of the last attempt
        live::Text result;
        bool underWay = false;
    };

    void open();
    void read();
    void taken(Step step);
    bool isReady() const;
    std::size_t mostBytes() const;
    void makeBatch();
    void send();
    void ended(const live::Ending& ending);
    void failed(TimePoint now);
    void giveUp(const char* condition);
    void done();
    bool isTooOld(TimePoint now) const;
    void note(const sources::StreamPosition& position);
    void backOff(TimePoint now, int times);

    Run& m_run;
    Trigger m_trigger;
    StreamTrigger m_stream;
    std::shared_ptr<Alive> m_alive;
    std::shared_ptr<sources::StreamTail> m_tail; ///< used by one piece of work at a time
    std::deque<Item> m_items; ///< read, in no batch yet
    std::size_t m_itemBytes = 0;
    TimePoint m_firstAt{}; ///< when the first of them was read
    sources::StreamPosition m_after; ///< all that was read and is in a batch or left out
    Batch m_batch; ///< no items: none
    std::string m_problem;
    bool m_started = false, m_reading = false, m_more = false;
    bool m_looked = false; ///< at the file, at least once
    std::uint64_t m_leftOut = 0;
};

} // namespace coldframe::session
