#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "stores/file_handle.h"
#include "stores/folder_listing.h"
#include "stores/object.h"
#include "stores/object_key.h"
#include "stores/object_writer.h"

namespace coldframe::stores {

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
    /// Begins an object that is written piece by piece and seen once it is committed.
    Result<ObjectWriter> begin(const std::string& key) const;
    /// Error::LimitReached when the object is larger than `maxBytes`. A symbolic link in the last
    /// part of the key is followed, as the folder's owner put it there; none before it is.
    Result<std::string> get(const std::string& key, std::uint64_t maxBytes) const;
    /// Opens an object for reading. Error::Missing also for what is no file; Error::Conflict when
    /// the key leads out of the folder: a symbolic link to a file is followed only to one inside.
    Result<OpenObject> openObject(const std::string& key) const;
    /// Error::Missing when there is no such object. Folders that become empty stay.
    Result<void> remove(const std::string& key) const;

    /// Folders as S3 has them: keys that end with a slash. A folder is only removed when it is
    /// empty; otherwise it stays, and that is no error.
    Result<void> makeFolder(const std::string& key) const;
    Result<bool> hasFolder(const std::string& key) const;
    Result<void> removeFolder(const std::string& key) const;

    /// The first `limit` objects whose keys begin with `prefix`, by the bytes of their keys.
    Result<std::vector<Object>> list(std::string_view prefix, std::size_t limit) const;
    Result<ListPage> list(const ListQuery& query) const;
    /// How many objects a person would count: hidden files (".gitkeep") are not among them.
    Result<std::uint64_t> count() const;

    const std::filesystem::path& folder() const { return m_folder; }

private:
    FolderStore(std::filesystem::path folder, Options options)
        : m_folder(std::move(folder)), m_options(options)
    { }
    /// Opened anew for each call: a folder deleted and made again is the same store.
    Result<FileHandle> openFolder() const;
    void removeLeftovers() const;

    std::filesystem::path m_folder;
    Options m_options;
};

} // namespace coldframe::stores
