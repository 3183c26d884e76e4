#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changes/capture.h"
#include "model/error.h"
#include "model/time.h"

namespace coldframe::changes {

/// The changes of one table, wherever it lies, and what is installed for them.
///
/// Used by one thread at a time; calls may block: for a lock, or for a server that does not answer.
class RowSource {
public:
    virtual ~RowSource() = default;

    /// Errors: what keeps the table from being captured at all, or the database from being read.
    virtual Result<CaptureState> inspect() = 0;
    virtual Result<CapturePlan> planInstall() = 0;
    /// `others`: tables of the same database whose changes this reader reads, too.
    virtual Result<CapturePlan> planRemoval(const std::vector<std::string>& others) = 0;
    /// Carry out what somebody has agreed to. Conflict when the plan would be another one now.
    virtual Result<void> install(const CapturePlan& agreed) = 0;
    virtual Result<void> remove(const CapturePlan& agreed, const std::vector<std::string>& others)
        = 0;

    /// The changes after that position, oldest first; nothing when there are none yet.
    /// Errors: Unavailable passes by itself; Missing when nothing is installed.
    virtual Result<ChangeBatch> read(std::int64_t after, ReadLimit limit) = 0;
    /// A number that all changes committed until now are below or have, and all later ones exceed.
    virtual Result<std::int64_t> latest() = 0;
    /// They are safe elsewhere, and the database need not keep them any more.
    virtual Result<void> forget(std::int64_t upTo) = 0;

    /// Names that the table's changes were kept under before, the latest first: a reader goes on
    /// where it was under them. Errors: as read(), but for what is not there.
    virtual Result<std::vector<std::string>> formerNames() { return std::vector<std::string>(); }

    /// Waits until there may be something to read, `wake` becomes readable, or the time is over.
    virtual void wait(int wake, Duration most) = 0;
};

} // namespace coldframe::changes
