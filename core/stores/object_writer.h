#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "model/error.h"
#include "stores/file_handle.h"
#include "stores/object.h"

namespace coldframe::stores {

/// An object under construction: a hidden file beside its place. It is locked as long as its
/// writer lives, so that what a dead writer left is told from what is in work. Unless commit()
/// succeeds, it goes with this object and nobody has seen it. For one thread at a time.
class ObjectWriter {
public:
    enum class IfThere { Replace, Refuse };

    ObjectWriter(ObjectWriter&& other) noexcept;
    ObjectWriter& operator=(ObjectWriter&& other) noexcept;
    ~ObjectWriter();

    Result<void> append(std::string_view bytes);
    /// Makes the object visible under its key, all at once. With Refuse an object that is there
    /// already stays, and the error is a Duplicate.
    Result<ObjectStamp> commit(IfThere ifThere = IfThere::Replace);
    std::uint64_t bytes() const { return m_bytes; }
    /// What the object will have once it is visible, if nothing more is appended.
    Result<ObjectStamp> stamp() const;

private:
    friend class FolderStore;
    ObjectWriter(std::filesystem::path path, std::string key, bool sync)
        : m_path(std::move(path)), m_key(std::move(key)), m_sync(sync)
    { }
    Result<void> create(FileHandle parent);
    tl::unexpected<Error> failed() const;
    void discard();

    std::filesystem::path m_path; ///< for messages
    std::string m_key;
    bool m_sync;
    FileHandle m_parent, m_file;
    std::string m_temporary; ///< name in m_parent; empty when there is none
    std::uint64_t m_bytes = 0;
};

/// Locks a file just made, or one that its writer may have left. False when somebody holds it.
bool lockFile(int file);

} // namespace coldframe::stores
