#pragma once

#include <filesystem>
#include <memory>

#include "model/error.h"

namespace coldframe::session {

/// Where a workspace keeps what it needs to run: journal, recordings, instances' folders. One
/// process at a time owns it; the lock goes with the process, however it ends.
class StateFolder {
public:
    /// Errors: Unavailable, naming the pid that owns it; Io.
    static Result<std::unique_ptr<StateFolder>> own(const std::filesystem::path& folder);
    /// A folder of this process alone, under the system's temporary one, removed at the end.
    static Result<std::unique_ptr<StateFolder>> makePrivate();
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path journal() const { return m_path / "journal.db"; }
    std::filesystem::path recordings() const { return m_path / "recordings"; }
    std::filesystem::path instances() const { return m_path / "instances"; }
    bool isPrivate() const { return m_private; }

private:
    StateFolder(std::filesystem::path path, int lock, bool isPrivate)
        : m_path(std::move(path)), m_lock(lock), m_private(isPrivate)
    { }
    std::filesystem::path m_path;
    int m_lock = -1;
    bool m_private = false;
};

} // namespace coldframe::session
