#pragma once

#include <memory>

#include "session/changes_hub.h"
#include "session/shard_runner.h"
#include "session/trigger_set.h"

namespace coldframe::session {

/// Hands the changes of a table to a function, as the platform's poller does with a stream of a
/// table: one shard, whose positions are those of the table's own log.
class ChangesRunner final : public TriggerRunner {
public:
    ChangesRunner(Run& run, ChangesHub& hub, const Trigger& trigger, const ChangesTrigger& changes,
                  const Workspace& workspace);
    ~ChangesRunner() override;

    void start() override;
    void stop() override;
    void beat() override;
    void capture(const CaptureRequest& request, CaptureDone done) override;
    bool busy() const override;
    bool atWork() const override { return m_shard.atWork(); }
    void fill(TriggerView& view) const override;

private:
    struct Alive; ///< shared with the reader; knows whether we still exist
    TableReader::Taker taker(const Workspace& workspace, const ChangesTrigger& changes);
    void opened(const ShardMarks& kept, const std::string& beginning, bool anew);
    void given(ShardReading reading, TimePoint since);
    void giveRoom();

    Run& m_run;
    ChangesHub& m_hub;
    const Trigger m_trigger;
    std::shared_ptr<Alive> m_alive;
    std::shared_ptr<ChangesHub::Table> m_table;
    ShardRunner m_shard;
    TableReader::Place m_place;
    bool m_started = false;
    bool m_opened = false; ///< the shard knows where it begins
    bool m_looked = false, m_more = false;
    bool m_asking = false; ///< the reader knows how much room there is
};

} // namespace coldframe::session
