#pragma once

#include "session/snapshot.h"

namespace coldframe::ui::attempts_test {

/// Attempts of a made-up workspace with four functions and three triggers. Row n is always the
/// same, whenever it is made.
class MadeUpRun {
public:
    explicit MadeUpRun(std::uint64_t maxRows = 32 * history::AttemptLog::kChunkRows);
    void append(std::uint64_t count);
    void append(const history::AttemptRow& row) { m_log.append(row); }
    std::shared_ptr<session::Snapshot> snapshot() const;

    static history::AttemptRow row(std::uint64_t number);
    static std::shared_ptr<const Workspace> workspace();

private:
    history::AttemptLog m_log;
    std::shared_ptr<const Workspace> m_workspace = workspace();
    TimePoint m_startedAt;
    std::uint64_t m_next = 0;
};

} // namespace coldframe::ui::attempts_test
