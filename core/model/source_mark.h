#pragma once

#include <string>

namespace coldframe {

/// How far a source of events has come, or what it knows of one of its things. Kept in the journal
/// across restarts.
struct SourceMark {
    std::string source; ///< whose it is; a source replaces and reads its own marks only
    std::string key;
    std::string value; ///< any bytes; none: the mark is taken away
    bool operator==(const SourceMark&) const = default;
};

} // namespace coldframe
