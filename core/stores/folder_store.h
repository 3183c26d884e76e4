#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "model/time.h"
#include "stores/file_handle.h"
#include "stores/object_key.h"

namespace coldframe::stores {

/// One object of a store.
struct Object {
    std::string key;
    std::uint64_t bytes = 0;
    TimePoint modified{};
};

/// A folder used as a store of objects: the key is the path below it. Safe to use from any thread.
/// All calls may block on the disk. Errors carry the file and what to do.
class FolderStore {
public:
    struct Options {
        bool sync = false; ///< put() returns only when the bytes would survive a loss of power
    };

    /// Opens the folder, creating it and its parents where they are missing, and removes what
    /// writers that died left behind.
    static Result<FolderStore> open(const std::filesystem::path& folder, Options options);
    static Result<FolderStore> open(const std::filesystem::path& folder)
    {
        return open(folder, Options{});
    }

    /// Writes or replaces an object. Whoever looks sees the old bytes or all of the new ones, also
    /// after a crash: they are written to a hidden file beside it, which is then renamed.
    /// Never follows a symbolic link.
    Result<void> put(const std::string& key, std::string_view bytes) const;
    /// Error::LimitReached when the object is larger than `maxBytes`. A symbolic link in the last
    /// part of the key is followed, as the folder's owner put it there; none before it is.
    Result<std::string> get(const std::string& key, std::uint64_t maxBytes) const;
    /// Error::Missing when there is no such object. Folders that become empty stay.
    Result<void> remove(const std::string& key) const;

    /// The first `limit` objects whose keys begin with `prefix`, by the bytes of their keys.
    Result<std::vector<Object>> list(std::string_view prefix, std::size_t limit) const;
    /// How many objects a person would count: hidden files (".gitkeep") are not among them.
    Result<std::uint64_t> count() const;

    const std::filesystem::path& folder() const { return m_folder; }

private:
    FolderStore(std::filesystem::path folder, Options options)
        : m_folder(std::move(folder)), m_options(options)
    { }
    /// Opened anew for each call: a folder deleted and made again is the same store.
    Result<FileHandle> openFolder() const;
    Result<void> write(int parent, const std::string& key, std::string_view bytes) const;
    void removeLeftovers() const;

    std::filesystem::path m_folder;
    Options m_options;
};

} // namespace coldframe::stores
