#pragma once

#include <memory>

#include "session/shard_runner.h"
#include "session/trigger_set.h"
#include "sources/stream_tail.h"

namespace coldframe::session {

/// Reads a growing file record by record and gives what it says to a ShardRunner, as the one shard
/// of a stream.
class StreamRunner final : public TriggerRunner {
public:
    StreamRunner(Run& run, Trigger trigger, StreamTrigger stream);
    ~StreamRunner() override;

    void start() override;
    void stop() override;
    void beat() override;
    bool busy() const override;
    bool atWork() const override { return m_shard.atWork(); }
    void fill(TriggerView& view) const override;

private:
    struct Alive; ///< shared with work in the background; knows whether we still exist
    /// What work in the background has read.
    struct Look {
        ShardReading reading;
        std::vector<std::string> told;
        std::string problem;
        std::optional<sources::StreamPosition> began;
    };

    void open();
    void read();
    void taken(Look look);

    Run& m_run;
    Trigger m_trigger;
    StreamTrigger m_stream;
    ShardRunner m_shard;
    std::shared_ptr<Alive> m_alive;
    std::shared_ptr<sources::StreamTail> m_tail; ///< used by one piece of work at a time
    std::string m_problem;
    bool m_started = false, m_reading = false, m_more = false;
    bool m_looked = false; ///< at the file, at least once
    std::uint64_t m_told = 0; ///< things to know about the file
};

} // namespace coldframe::session
