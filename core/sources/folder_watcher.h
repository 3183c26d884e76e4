#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/error.h"
#include "sources/file_change.h"
#include "sources/file_probe.h"
#include "sources/ignore_patterns.h"

namespace coldframe::sources {

/// How watching goes.
struct FolderStatus {
    enum class State : std::uint8_t {
        Watching, ///< the kernel tells of changes
        Polling, ///< the kernel cannot, so the folder is looked at again and again
        Gone, ///< there is no such folder; watching goes on when it appears
        Unreadable, ///< we may not read it; watching goes on when we may
    };
    State state = State::Watching;
    std::string message; ///< what is wrong; empty when nothing is
    std::string hint; ///< what to do about it
    std::size_t folders = 0; ///< watched, itself included
    bool mounted = false; ///< a file system of its own is, or was last, mounted at the folder
    bool operator==(const FolderStatus&) const = default;
};

/// Tells of files that appear in, change in and vanish from a folder and the folders below it.
///
/// A file is told of when it is complete: after its writer closed it, after it was renamed or
/// linked into place. One event for each close after which size, time or inode differ from what
/// was last told; writers that are still at work when a scan meets their file are waited for.
/// Symbolic links to folders are not followed, those to files count as files. Files present at
/// start make no events, or, when it is known what was there before, those that differ from it.
/// While the folder is gone, or the file system that was mounted there is, nothing counts as
/// removed: when it is back, what it holds is compared with what is known. Delivery is complete:
/// when the kernel's queue overflows, and every `rescanEvery`, the tree is compared with what is
/// known.
class FolderWatcher {
public:
    /// What an earlier watcher of the folder knew.
    struct Before {
        std::map<std::string, Fingerprint> files; ///< by key
        bool mounted = false;
    };
    struct Options {
        std::optional<Before> before{};
        bool recursive = true; ///< false: folders below are none of its business
        std::vector<std::string> ignore = defaultIgnorePatterns();
        std::chrono::milliseconds settle{0}; ///< tell this long after the last close
        std::chrono::milliseconds rescanEvery{30'000};
        std::chrono::milliseconds pollEvery{1'000}; ///< where the kernel cannot tell
        std::size_t maxQueued = 65'536; ///< changes not yet drained; then the watcher waits
        /// Called on the watcher's thread when the queue is no longer empty and when status()
        /// changes. It must not block, throw, or destroy the watcher.
        std::function<void()> wake;
    };

    /// Scans the folder before it returns (about 2 µs a file): call it on a worker. A missing or
    /// unreadable folder is a status, not an error. Unavailable when the system has no thread or
    /// file descriptor left.
    static Result<std::unique_ptr<FolderWatcher>> start(const std::filesystem::path& folder,
                                                        Options options);
    ~FolderWatcher(); ///< stops the thread; wake is not called afterwards

    /// The changes since the last call, oldest first. From any thread.
    std::vector<FileChange> drain();
    FolderStatus status() const;
    /// Whether a file has appeared or changed and is not told of yet, because it settles or is
    /// still being written. `wanted` says which keys count. From any thread.
    bool awaits(const std::function<bool(const std::string& key)>& wanted) const;

    /// Files that lay there at start and have neither changed nor gone since, by key.
    std::vector<FileChange> present() const;
    /// The same, and forgets that they were there at start: for making events of them, once.
    std::vector<FileChange> takePresent();
    std::size_t presentCount() const;

private:
    class Impl;
    explicit FolderWatcher(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace coldframe::sources
