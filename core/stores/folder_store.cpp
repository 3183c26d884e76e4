#include "stores/folder_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include <fmt/format.h>

#include "stores/file_stamp.h"
#include "stores/folder_tree.h"
#include "stores/system_error.h"

namespace coldframe::stores {

namespace {

Missing missingFolders(const FolderStore::Options& options)
{
    return options.sync ? Missing::MadeForGood : Missing::Made;
}

bool isTemporary(const TreeFile& file)
{
    return std::string_view(file.name).starts_with(kTemporaryPrefix);
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

/// Opens a symbolic link, if it leads to a place below `root`. What counts is the file that was
/// opened, so nobody can change the link in between. An empty handle sets errno.
FileHandle openLinked(int root, int parent, const char* name)
{
    FileHandle file(::openat(parent, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file)
        return file;
    std::error_code problem;
    const auto place = [&](int descriptor) {
        return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor), problem)
            .string();
    };
    const std::string folder = place(root) + '/', target = place(file.get());
    if (!problem && target.starts_with(folder))
        return file;
    errno = EXDEV;
    return {};
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
    if (const std::error_code problem = makeFolders(folder, options.sync))
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
        if (leftover && lockFile(leftover.get()))
            ::unlinkat(file.folder, file.name, 0);
        return true;
    });
}

Result<ObjectWriter> FolderStore::begin(const std::string& key) const
{
    if (auto checked = checkKey(key); !checked)
        return tl::unexpected(checked.error());
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    FileHandle parent = openParent(root->get(), key, missingFolders(m_options));
    if (!parent)
        return tl::unexpected(systemError("open the folder to write to", m_folder / key, errno));
    ObjectWriter writer(m_folder / key, key, m_options.sync);
    if (auto created = writer.create(std::move(parent)); !created)
        return tl::unexpected(created.error());
    return writer;
}

Result<void> FolderStore::put(const std::string& key, std::string_view bytes) const
{
    auto writer = begin(key);
    if (!writer)
        return tl::unexpected(writer.error());
    if (auto written = writer->append(bytes); !written)
        return written;
    if (auto done = writer->commit(); !done)
        return tl::unexpected(done.error());
    return {};
}

Result<OpenObject> FolderStore::openObject(const std::string& key) const
{
    if (auto checked = checkKey(key); !checked)
        return tl::unexpected(checked.error());
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    OpenObject object;
    const FileHandle parent = openParent(root->get(), key, Missing::Stays);
    if (parent) {
        constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
        object.file = FileHandle(::openat(parent.get(), nameOf(key), kFlags));
        if (!object.file && errno == ELOOP)
            object.file = openLinked(root->get(), parent.get(), nameOf(key));
    }
    struct stat status { };
    if (!object.file || ::fstat(object.file.get(), &status) != 0) {
        const int problem = errno == ENOTDIR ? ENOENT : errno; // a file where a folder would be
        return tl::unexpected(systemError("read the object", m_folder / key, problem));
    }
    if (!S_ISREG(status.st_mode))
        return tl::unexpected(systemError("read the object", m_folder / key, ENOENT));
    object.stamp = stampOf(status);
    return object;
}

Result<std::string> FolderStore::get(const std::string& key, std::uint64_t maxBytes) const
{
    if (auto checked = checkKey(key); !checked)
        return tl::unexpected(checked.error());
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const std::filesystem::path path = m_folder / key;
    const FileHandle parent = openParent(root->get(), key, Missing::Stays);
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
    const FileHandle parent = openParent(root->get(), key, Missing::Stays);
    if (!parent || ::unlinkat(parent.get(), nameOf(key), 0) != 0)
        return tl::unexpected(systemError("remove the object", m_folder / key, errno));
    return {};
}

namespace {

Result<void> checkFolderKey(const std::string& key)
{
    return checkKey(std::string_view(key).substr(0, key.size() - (key.ends_with('/') ? 1 : 0)));
}

} // namespace

Result<void> FolderStore::makeFolder(const std::string& key) const
{
    if (auto checked = checkFolderKey(key); !checked)
        return checked;
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    if (!openParent(root->get(), key, missingFolders(m_options))) // of a name that is not there
        return tl::unexpected(systemError("make the folder", m_folder / key, errno));
    return {};
}

Result<bool> FolderStore::hasFolder(const std::string& key) const
{
    if (auto checked = checkFolderKey(key); !checked)
        return tl::unexpected(checked.error());
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    return static_cast<bool>(openParent(root->get(), key, Missing::Stays));
}

Result<void> FolderStore::removeFolder(const std::string& key) const
{
    if (auto checked = checkFolderKey(key); !checked)
        return checked;
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    const std::string name = key.substr(0, key.size() - 1);
    const FileHandle parent = openParent(root->get(), name, Missing::Stays);
    if (parent)
        ::unlinkat(parent.get(), nameOf(name), AT_REMOVEDIR);
    return {};
}

Result<std::vector<Object>> FolderStore::list(std::string_view prefix, std::size_t limit) const
{
    auto page = list(ListQuery{.prefix = std::string(prefix), .limit = limit});
    if (!page)
        return tl::unexpected(page.error());
    return std::move(page->objects);
}

Result<ListPage> FolderStore::list(const ListQuery& query) const
{
    const auto root = openFolder();
    if (!root)
        return tl::unexpected(root.error());
    ListPage page;
    if (!listFolder(root->get(), query, page))
        return tl::unexpected(systemError("list the store", m_folder, errno));
    return page;
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
