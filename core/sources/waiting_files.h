#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sources/file_probe.h"

namespace coldframe::sources {

/// Files that are to be looked at again at some time: still being written, or settling. Changed by
/// the watcher's thread, asked about by any.
class WaitingFiles {
public:
    using Clock = std::chrono::steady_clock;

    struct Waiting {
        Clock::time_point due;
        bool settled = false; ///< when due it will have lain still as long as it shall
        int checks = 0; ///< how often it was looked at and had to go on waiting
        Fingerprint seen; ///< at the last of these
    };

    void add(const std::string& key, const Waiting& waiting); ///< replaces an earlier one
    void erase(const std::string& key);
    void clear();
    bool anyOf(const std::function<bool(const std::string& key)>& wanted) const;
    std::optional<Clock::time_point> nextDue() const;
    /// Removes and returns those that are due.
    std::vector<std::pair<std::string, Waiting>> takeDue(Clock::time_point now);

private:
    std::optional<Clock::time_point> next() const;

    mutable std::mutex m_mutex;
    std::map<std::string, Waiting> m_files;
    Clock::time_point m_next = Clock::time_point::max(); ///< not after the earliest due time
    Clock::time_point m_lastSweep{};
};

} // namespace coldframe::sources
