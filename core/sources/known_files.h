#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sources/file_change.h"
#include "sources/file_probe.h"

namespace coldframe::sources {

/// What a watcher last told of each file, or found when it started. Written by the watcher's
/// thread, read by any.
class KnownFiles {
public:
    struct Known {
        Fingerprint fingerprint;
        bool atStart = false; ///< lay there when watching began, no event was made of it
        bool racy = false; ///< told so soon after its last change that the next may look the same
    };

    std::optional<Known> find(const std::string& key) const;
    void set(const std::string& key, const Known& known);
    void erase(const std::string& key);

    /// Marks the beginning of a scan: what is neither set() nor seen() from now on is unseen.
    void beginScan();
    void seen(const std::string& key);
    std::vector<std::string> unseenBelow(const std::string& folder) const;
    std::vector<std::string> below(const std::string& folder) const; ///< all keys; "" is the root

    std::vector<FileChange> present() const;
    std::vector<FileChange> takePresent(); ///< and marks them as told
    std::size_t presentCount() const;

private:
    struct Entry {
        Known known;
        std::uint32_t scan = 0;
    };
    using Map = std::map<std::string, Entry>;
    template <typename Wanted>
    std::vector<std::string> keysBelow(const std::string& folder, Wanted wanted) const;

    mutable std::mutex m_mutex;
    Map m_files;
    std::uint32_t m_scan = 0;
    std::size_t m_present = 0;
};

} // namespace coldframe::sources
