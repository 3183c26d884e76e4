#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/folder_watcher.h"
#include "sources/inotify.h"
#include "sources/known_files.h"
#include "sources/waiting_files.h"

namespace coldframe::sources {

/// What a FolderWatcher does on its thread: follows the kernel's events, scans where these leave
/// gaps, and decides what is told. Told when to run; the only clock it reads is for racy().
class FolderTracker {
public:
    using Clock = std::chrono::steady_clock;
    using Tell = std::function<void(FileChange)>;

    FolderTracker(std::string root, const FolderWatcher::Options& options, KnownFiles& known,
                  Tell tell);

    /// Watches and scans. What is there is known and not told, unless it differs from what an
    /// earlier watcher knew.
    void begin(Clock::time_point now);
    /// Handles the events that wait and whatever is due. True when more events may wait.
    bool run(Clock::time_point now);

    int descriptor() const { return m_inotify ? m_inotify->descriptor() : -1; } ///< to poll
    Clock::time_point nextDue() const;
    const FolderStatus& status() const { return m_status; }
    const WaitingFiles& waiting() const { return m_waiting; }

private:
    using State = FolderStatus::State;
    /// Which folder on disk the root's path leads to.
    struct Identity {
        std::uint64_t device = 0, inode = 0;
        bool mount = false; ///< the root of a mounted file system
        bool operator==(const Identity&) const = default;
    };

    // Watching as a whole: folder_tracker.cpp
    void establish();
    std::optional<int> openRoot(Identity& identity) const;
    bool isUnmounted(const Identity& identity, int root) const;
    bool isStillRoot() const;
    void loseMount();
    void lose(int number);
    void fallBack(int number);
    void scanAll();
    void describeUnreadable();
    void handle(const Inotify::Event& event);
    void handleFolder(const std::string& key, std::uint32_t mask);

    // Walking: folder_scan.cpp
    void scanBelow(const std::string& folder);
    void scanOne(const std::string& folder, std::vector<std::string>& left);
    void tellUnseen();

    // Single files: file_rules.cpp
    void created(const std::string& key);
    void closed(const std::string& key, bool renamed);
    void removed(const std::string& key);
    void found(const std::string& key, const Probe& file);
    void checkAgain(const std::string& key, WaitingFiles::Waiting waiting);
    void wait(const std::string& key, Clock::duration time);
    void tellCreated(const std::string& key, const Fingerprint& fingerprint, bool byEvent);

    std::string pathOf(const std::string& key) const { return m_root + '/' + key; }

    const std::string m_root;
    const FolderWatcher::Options& m_options;
    KnownFiles& m_known;
    const Tell m_tell;

    std::unique_ptr<Inotify> m_inotify;
    WaitingFiles m_waiting;
    FolderStatus m_status;
    Identity m_identity;
    Clock::time_point m_now{};
    Clock::time_point m_nextScan{}; ///< rescan, poll, or look whether the folder is back
    Clock::time_point m_nextEstablish{}; ///< while polling: try the kernel again
    bool m_mounted = false; ///< what was at the root last was a mounted file system
    bool m_rootChanged = false; ///< during a scan: it is to be looked at again at once
    bool m_starting = false; ///< what is found is not told
    int m_watchFailure = 0; ///< errno of a watch that could not be had, during a scan
    std::vector<std::string> m_unreadable; ///< folders below the root, of the last scan
};

} // namespace coldframe::sources
