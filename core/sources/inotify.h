#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace coldframe::sources {

/// One inotify instance and the folders it watches, by their keys: "" is the root, others end
/// without a slash. Used by one thread.
class Inotify {
public:
    struct Event {
        std::string folder; ///< key of the watched folder
        std::string name; ///< of what it happened to; empty: the folder itself
        std::uint32_t mask = 0; ///< IN_…; IN_Q_OVERFLOW comes without a folder
    };

    /// `root` is absolute. On failure number() is the errno and no call does anything.
    explicit Inotify(std::string root);
    Inotify(const Inotify&) = delete;
    ~Inotify();

    int descriptor() const { return m_descriptor; } ///< -1 when closed
    int number() const { return m_number; }
    std::size_t watches() const { return m_keyOf.size(); }

    /// Watches one folder, not what is below it. Zero or an errno.
    int watch(const std::string& key);
    /// Stops watching a folder and everything below it.
    void forget(const std::string& key);
    /// Everything that waits in the queue, at most 64 KB of it; empty when nothing does.
    std::vector<Event> read();

private:
    std::string m_root;
    int m_descriptor = -1;
    int m_number = 0;
    std::unordered_map<int, std::string> m_keyOf;
    std::map<std::string, int> m_watchOf;
};

} // namespace coldframe::sources
