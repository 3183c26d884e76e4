#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "changes/capture_catalog.h"
#include "sqlite/sqlite.h"

namespace coldframe::changes {

struct ChangeLogOptions {
    std::string owner; ///< who reads the changes, for people, too: a workspace's folder
    int lockWaitMs = 100; ///< how long a call waits for another writer before it says Unavailable
};

/// The changes of one table of an SQLite database, whoever makes them.
///
/// Triggers write every change into a log in the same file, within the transaction that makes it:
/// what is rolled back was never there, and what is committed cannot be missed. The log is the
/// queue: a change stays in it until forget(). The position is the caller's: it keeps it beside the
/// events it has made durable, in one commit of its own, and so can tell a change that comes again
/// after a crash. A position in this file could not be committed together with them. A caller that
/// has lost it begins at 0, and gets what is still in the log.
///
/// Nothing is installed or removed but by install() and remove(), which do exactly what the plan
/// says that somebody has agreed to. A table's changes have one owner.
///
/// Used by one thread at a time; it has none of its own. Calls block for the file, and for a lock
/// no longer than the options say: Unavailable means try again. A file that was moved away, deleted
/// or replaced is opened anew by the next call.
class SqliteChangeLog {
public:
    SqliteChangeLog(std::filesystem::path file, std::string table, ChangeLogOptions options);

    /// Errors: Missing when the file is not there; Malformed when it is no database; Conflict for
    /// views, virtual tables and the like, and Missing for no table, when nothing is installed.
    Result<CaptureState> inspect();

    Result<CapturePlan> planInstall();
    /// `others`: tables whose changes the owner reads, too; what waits of them stays.
    Result<CapturePlan> planRemoval(const std::vector<std::string>& others = {});
    /// Carries out a plan in one transaction. Conflict when the database has changed since, so that
    /// the plan would be another one now; then nothing was done.
    Result<void> install(const CapturePlan& agreed);
    Result<void> remove(const CapturePlan& agreed, const std::vector<std::string>& others = {});

    /// Names that the table's changes were kept under before it was renamed, the latest first. None
    /// for a file that is not there. Errors: as inspect(), those of the file.
    Result<std::vector<std::string>> formerNames();

    /// The changes after that position, oldest first.
    /// Errors: as inspect(); Missing when nothing is installed; Conflict for another owner's.
    Result<ChangeBatch> read(std::int64_t after, ReadLimit limit = {});

    /// The number of the newest change, read or not, of whatever table. Errors: as read().
    Result<std::int64_t> latest();

    /// Takes changes off the log, in steps short enough for other writers. Returns how many.
    Result<std::size_t> forget(std::int64_t upTo);

    /// Whether another connection has committed something since the last call: a question to
    /// shared memory or to the file's first page. True at first, and when it cannot be told.
    bool touched();

private:
    Error problem(int code) const;
    Result<void> open();
    Result<void> prepareToRead();
    /// Reads what is installed, within a transaction.
    Result<void> refresh();
    Result<void> refreshIfChanged();
    using Others = std::vector<std::string>;
    /// `removal`: the others of a removal; null for an installation.
    Result<CapturePlan> plan(const Others* removal);
    Result<CapturePlan> planWithin(const Others* removal);
    Result<void> carryOut(const CapturePlan& agreed, const Others* removal);
    Result<ChangeBatch> readOnce(std::int64_t after, ReadLimit limit);
    Result<ChangeBatch> readWithin(std::int64_t after, ReadLimit limit);
    Result<std::size_t> forgetSome(std::int64_t upTo);

    std::filesystem::path m_file;
    std::string m_table;
    ChangeLogOptions m_options;
    sqlite::Database m_db;
    sqlite::Statement m_read;
    std::int64_t m_schema = -1; ///< SQLite's schema_version that m_catalog is of
    std::int64_t m_data = -1; ///< its data_version at the last touched()
    CaptureCatalog m_catalog;
    TableShapes m_shapes;
    CaptureState m_state;
    std::map<std::int64_t, std::shared_ptr<const sources::RowColumns>> m_columns;
};

} // namespace coldframe::changes
