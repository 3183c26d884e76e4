#include "stores/folder_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <queue>

#include <fmt/format.h>

#include "stores/folder_tree.h"
#include "stores/system_error.h"

namespace coldframe::stores {

namespace {

/// A file under construction. It is locked as long as its writer lives, so that a leftover is told
/// from one in work; unless it was renamed it goes with this object.
struct Temporary {
    FileHandle file;
    int parent = -1;
    std::string name;
    bool renamed = false;

    ~Temporary()
    {
        if (file && !renamed)
            ::unlinkat(parent, name.c_str(), 0);
    }
};

bool isTemporary(const TreeFile& file)
{
    return std::string_view(file.name).starts_with(kTemporaryPrefix);
}

bool lock(int file)
{
    return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

/// Locks a file just made, unless somebody who cleans up was faster and has removed it.
bool lockNew(int file)
{
    struct stat status { };
    return lock(file) && ::fstat(file, &status) == 0 && status.st_nlink > 0;
}

/// Creates and locks a hidden file in `parent`; false sets errno.
bool createTemporary(int parent, Temporary& temporary)
{
    static std::atomic<std::uint64_t> serial{0};
    constexpr int kTries = 100; // a name can be taken by what a process with our id left behind
    temporary.parent = parent;
    for (int i = 0; i < kTries; ++i) {
        temporary.name = fmt::format("{}{}-{}.tmp", kTemporaryPrefix, ::getpid(), ++serial);
        temporary.file = FileHandle(::openat(parent, temporary.name.c_str(),
                                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (temporary.file && lockNew(temporary.file.get()))
            return true;
        if (!temporary.file && errno != EEXIST)
            return false;
    }
    return false;
}

/// False sets errno.
bool writeAll(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Reads to the end, or one byte past `maxBytes`; false sets errno.
bool readUpTo(int file, std::uint64_t maxBytes, std::string& bytes)
{
    std::size_t length = 0;
    while (length <= maxBytes) {
        if (length == bytes.size()) // the file grew, or it is of a kind that has no size
            bytes.resize(length + 65'536);
        const ssize_t got = ::read(file, bytes.data() + length, bytes.size() - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        length += static_cast<std::size_t>(got);
    }
    bytes.resize(length);
    return true;
}

TimePoint timeOf(const timespec& time)
{
    return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

Error tooLarge(const std::filesystem::path& file, std::uint64_t bytes, std::uint64_t maxBytes)
{
    return Error{.code = Error::Code::LimitReached,
                 .message
                 = fmt::format("the object has {} bytes; the limit here is {}", bytes, maxBytes),
                 .hint = "read it in parts through its path, or split it",
                 .file = file.string()};
}

} // namespace

Result<FolderStore> FolderStore::open(const std::filesystem::path& folder, Options options)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return tl::unexpected(
            systemError("create the folder of the store", folder, problem.value()));
    FolderStore store(folder, options);
    auto handle = store.openFolder();
    if (!handle)
        return tl::unexpected(handle.error());
    store.removeLeftovers();
    return store;
}

Result<FileHandle> FolderStore::openFolder() const
{
    FileHandle handle(::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle)
        return tl::unexpected(systemError("open the folder of the store", m_folder, errno));
    return handle;
}

void FolderStore::removeLeftovers() const
{
    const auto root = openFolder();
    if (!root)
        return;
    walkFiles(root->get(), [](const TreeFile& file) {
        if (!isTemporary(file))
            return true;
        const FileHandle leftover(
            ::openat(file.folder, file.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (leftover && lock(leftover.get()))
            ::unlinkat(file.folder, file.name, 0);
        return true;
    });
}

Result<void> FolderStore::put(const std::string& key, std::string_view bytes) const
{
    if (auto checked = checkKey(key); !checked)
        return checked;
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const FileHandle parent = openParent(root->get(), key, true);
    if (!parent)
        return tl::unexpected(systemError("open the folder to write to", m_folder / key, errno));
    return write(parent.get(), key, bytes);
}

Result<void> FolderStore::write(int parent, const std::string& key, std::string_view bytes) const
{
    const auto failed
        = [&] { return tl::unexpected(systemError("write the object", m_folder / key, errno)); };
    Temporary temporary;
    if (!createTemporary(parent, temporary))
        return failed();
    if (!writeAll(temporary.file.get(), bytes))
        return failed();
    if (m_options.sync && ::fsync(temporary.file.get()) != 0)
        return failed();
    if (::renameat(parent, temporary.name.c_str(), parent, nameOf(key)) != 0)
        return failed();
    temporary.renamed = true;
    if (m_options.sync && ::fsync(parent) != 0) // the new name must survive as well
        return failed();
    return {};
}

Result<std::string> FolderStore::get(const std::string& key, std::uint64_t maxBytes) const
{
    if (auto checked = checkKey(key); !checked)
        return tl::unexpected(checked.error());
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const std::filesystem::path path = m_folder / key;
    const FileHandle parent = openParent(root->get(), key, false);
    const FileHandle file(
        parent ? ::openat(parent.get(), nameOf(key), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1);
    struct stat status { };
    if (!file || ::fstat(file.get(), &status) != 0)
        return tl::unexpected(systemError("read the object", path, errno));
    if (!S_ISREG(status.st_mode))
        return tl::unexpected(systemError("read the object", path, EISDIR));
    if (static_cast<std::uint64_t>(status.st_size) > maxBytes)
        return tl::unexpected(tooLarge(path, static_cast<std::uint64_t>(status.st_size), maxBytes));
    std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
    if (!readUpTo(file.get(), maxBytes, bytes))
        return tl::unexpected(systemError("read the object", path, errno));
    if (bytes.size() > maxBytes)
        return tl::unexpected(tooLarge(path, bytes.size(), maxBytes));
    return bytes;
}

Result<void> FolderStore::remove(const std::string& key) const
{
    if (auto checked = checkKey(key); !checked)
        return checked;
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const FileHandle parent = openParent(root->get(), key, false);
    if (!parent || ::unlinkat(parent.get(), nameOf(key), 0) != 0)
        return tl::unexpected(systemError("remove the object", m_folder / key, errno));
    return {};
}

Result<std::vector<Object>> FolderStore::list(std::string_view prefix, std::size_t limit) const
{
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const auto byKey = [](const Object& a, const Object& b) { return a.key < b.key; };
    // Holds the smallest keys so far, the largest of them on top: memory stays within the limit.
    std::priority_queue<Object, std::vector<Object>, decltype(byKey)> smallest(byKey);
    const bool walked = walkFiles(root->get(), [&](const TreeFile& file) {
        if (!file.key.starts_with(prefix) || isTemporary(file) || limit == 0)
            return true;
        if (smallest.size() == limit && file.key > smallest.top().key)
            return true;
        struct stat status { };
        if (::fstatat(file.folder, file.name, &status, 0) != 0)
            return true; // gone since, or a link to nothing
        smallest.push(
            {file.key, static_cast<std::uint64_t>(status.st_size), timeOf(status.st_mtim)});
        if (smallest.size() > limit)
            smallest.pop();
        return true;
    });
    if (!walked)
        return tl::unexpected(systemError("list the store", m_folder, errno));
    std::vector<Object> objects;
    for (; !smallest.empty(); smallest.pop())
        objects.push_back(smallest.top());
    std::ranges::reverse(objects);
    return objects;
}

Result<std::uint64_t> FolderStore::count() const
{
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    std::uint64_t files = 0;
    const bool walked = walkFiles(root->get(), [&](const TreeFile& file) {
        files += *file.name == '.' ? 0 : 1; // our temporary files are hidden too
        return true;
    });
    if (!walked)
        return tl::unexpected(systemError("count the store", m_folder, errno));
    return files;
}

} // namespace coldframe::stores
