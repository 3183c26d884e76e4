#include "stores/object_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include "stores/file_stamp.h"
#include "stores/folder_tree.h"
#include "stores/object_key.h"
#include "stores/system_error.h"

namespace coldframe::stores {

namespace {

/// Locks a file just made, unless somebody who cleans up was faster and has removed it.
bool lockNew(int file)
{
    struct stat status { };
    return lockFile(file) && ::fstat(file, &status) == 0 && status.st_nlink > 0;
}

/// Renames, but never over a file. False sets errno: EEXIST.
bool renameToNew(int parent, const char* from, const char* to)
{
    if (::renameat2(parent, from, parent, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    // A file system that cannot do it at once: a link is never made over a file either.
    if (::linkat(parent, from, parent, to, 0) != 0)
        return false;
    ::unlinkat(parent, from, 0);
    return true;
}

} // namespace

bool lockFile(int file)
{
    return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

ObjectWriter::ObjectWriter(ObjectWriter&& other) noexcept
    : m_path(std::move(other.m_path)), m_key(std::move(other.m_key)), m_sync(other.m_sync),
      m_parent(std::move(other.m_parent)), m_file(std::move(other.m_file)),
      m_temporary(std::exchange(other.m_temporary, {})), m_bytes(other.m_bytes)
{ }

ObjectWriter& ObjectWriter::operator=(ObjectWriter&& other) noexcept
{
    discard();
    m_path = std::move(other.m_path);
    m_key = std::move(other.m_key);
    m_sync = other.m_sync;
    m_parent = std::move(other.m_parent);
    m_file = std::move(other.m_file);
    m_temporary = std::exchange(other.m_temporary, {});
    m_bytes = other.m_bytes;
    return *this;
}

ObjectWriter::~ObjectWriter()
{
    discard();
}

void ObjectWriter::discard()
{
    if (!m_temporary.empty())
        ::unlinkat(m_parent.get(), m_temporary.c_str(), 0);
    m_temporary.clear();
}

tl::unexpected<Error> ObjectWriter::failed() const
{
    return tl::unexpected(systemError("write the object", m_path, errno));
}

Result<void> ObjectWriter::create(FileHandle parent)
{
    static std::atomic<std::uint64_t> serial{0};
    constexpr int kTries = 100; // a name can be taken by what a process with our id left behind
    m_parent = std::move(parent);
    for (int i = 0; i < kTries; ++i) {
        std::string name = fmt::format("{}{}-{}.tmp", kTemporaryPrefix, ::getpid(), ++serial);
        m_file = FileHandle(
            ::openat(m_parent.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (m_file && lockNew(m_file.get())) {
            m_temporary = std::move(name);
            return {};
        }
        if (!m_file && errno != EEXIST)
            return failed();
    }
    return failed();
}

Result<void> ObjectWriter::append(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed();
        bytes.remove_prefix(static_cast<std::size_t>(written));
        m_bytes += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<ObjectStamp> ObjectWriter::stamp() const
{
    struct stat status { };
    if (::fstat(m_file.get(), &status) != 0)
        return failed();
    return stampOf(status);
}

Result<ObjectStamp> ObjectWriter::commit(IfThere ifThere)
{
    if (m_sync && ::fsync(m_file.get()) != 0)
        return failed();
    const Result<ObjectStamp> made = stamp();
    if (!made)
        return made;
    const char* const name = nameOf(m_key);
    if (ifThere == IfThere::Refuse) {
        if (!renameToNew(m_parent.get(), m_temporary.c_str(), name)) {
            Error error = systemError("write the object", m_path, errno);
            if (errno == EEXIST)
                error = {.code = Error::Code::Duplicate,
                         .message = "the object is there already",
                         .hint = "choose another key, or replace it without the condition",
                         .file = m_path.string()};
            return tl::unexpected(std::move(error));
        }
    } else if (::renameat(m_parent.get(), m_temporary.c_str(), m_parent.get(), name) != 0) {
        return failed();
    }
    m_temporary.clear();
    if (m_sync && ::fsync(m_parent.get()) != 0) // the new name must survive as well
        return failed();
    return made;
}

} // namespace coldframe::stores
