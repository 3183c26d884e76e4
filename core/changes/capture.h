#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/time.h"
#include "sources/row_change.h"

namespace coldframe::changes {

/// How the capture of one table stands.
struct CaptureState {
    enum class Kind {
        Absent, ///< nothing is installed for this table
        Ready, ///< every change is captured
        Outdated, ///< changes are captured, but the table is no longer what it was
        Renamed, ///< changes are captured, under another name than the table has now
        Broken, ///< changes are not captured, or writing the table fails
    };
    Kind kind = Kind::Absent;
    std::vector<std::string> reasons; ///< sentences, for all but Ready and Absent
    std::string owner; ///< for whom it was installed; empty when Absent
};

/// What would be done to the database, to be shown before anybody agrees to it.
struct CapturePlan {
    std::string table;
    std::vector<std::string> statements; ///< SQL without semicolons; empty: nothing to do
    std::vector<std::string> warnings; ///< what will not work, or be lost, or whose it was
    /// Changes in the log that not all have read yet; of a removal: which are lost. Nothing where
    /// the database does not count them.
    std::optional<std::int64_t> waiting{};

    /// As a script that sqlite3 runs.
    std::string script() const;
};

/// What read() found.
struct ChangeBatch {
    std::vector<sources::RowChange> changes; ///< in the order of commits
    TimePoint since{}; ///< when the capture was installed; the epoch where that is not known
    std::int64_t position = 0; ///< read after this the next time; forget up to it once it is safe
    bool more = false; ///< there is more, or may be: read again before it counts as all
    /// The log ends before the position that was given: the file was put back from a copy. What is
    /// in it was read from its beginning, so some changes may come again.
    bool rewound = false;
    CaptureState state;
    std::vector<std::string> notices; ///< what happened that no change tells
};

/// How much one read() takes.
struct ReadLimit {
    std::size_t changes = 1000;
    std::size_t bytes = 16'000'000; ///< of text and blobs; a larger row still comes, alone
};

} // namespace coldframe::changes
