#pragma once

#include <memory>

#include "changes/database_watch.h"
#include "changes/row_source.h"
#include "changes/sqlite_change_log.h"

namespace coldframe::changes {

/// A table of an SQLite file. Hears of writes from the kernel, and looks every five seconds.
class SqliteRowSource final : public RowSource {
public:
    SqliteRowSource(std::filesystem::path file, std::string table, std::string owner)
        : m_file(file), m_log(std::move(file), std::move(table), {.owner = std::move(owner)})
    { }

    Result<CaptureState> inspect() override { return m_log.inspect(); }
    Result<CapturePlan> planInstall() override { return m_log.planInstall(); }
    Result<CapturePlan> planRemoval(const std::vector<std::string>& others) override
    {
        return m_log.planRemoval(others);
    }
    Result<void> install(const CapturePlan& agreed) override { return m_log.install(agreed); }
    Result<void> remove(const CapturePlan& agreed, const std::vector<std::string>& others) override
    {
        return m_log.remove(agreed, others);
    }
    Result<ChangeBatch> read(std::int64_t after, ReadLimit limit) override;
    Result<std::int64_t> latest() override { return m_log.latest(); }
    Result<void> forget(std::int64_t upTo) override;
    Result<std::vector<std::string>> formerNames() override { return m_log.formerNames(); }
    void wait(int wake, Duration most) override;

private:
    std::filesystem::path m_file;
    SqliteChangeLog m_log;
    std::unique_ptr<DatabaseWatch> m_watch; ///< none while the folder is not there
    LookTimes m_looks;
    bool m_locked = false; ///< the last read() met a lock
};

} // namespace coldframe::changes
