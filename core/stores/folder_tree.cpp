#include "stores/folder_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

namespace coldframe::stores {

namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
/// Every level holds a descriptor; keys of 1024 bytes cannot be deeper than this.
constexpr int kMaxDepth = 512;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

enum class Entry { Folder, File, Other };

Entry kindOf(int folder, const dirent& entry)
{
    unsigned char type = entry.d_type;
    struct stat status { };
    if (type == DT_UNKNOWN && ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        type = S_ISDIR(status.st_mode) ? DT_DIR
            : S_ISREG(status.st_mode)  ? DT_REG
            : S_ISLNK(status.st_mode)  ? DT_LNK
                                       : DT_UNKNOWN;
    if (type == DT_LNK && ::fstatat(folder, entry.d_name, &status, 0) == 0
        && !S_ISREG(status.st_mode))
        return Entry::Other; // to a folder, or to something that is no file
    return type == DT_DIR                  ? Entry::Folder
        : type == DT_REG || type == DT_LNK ? Entry::File
                                           : Entry::Other;
}

/// Goes on below an open folder; `prefix` is its key with a trailing slash, or empty.
bool walk(FileHandle handle, std::string& prefix, int depth,
          const std::function<bool(const TreeFile&)>& visit)
{
    const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(handle.get()));
    if (!folder)
        return true;
    handle.release(); // closedir() closes it
    const int descriptor = ::dirfd(folder.get());
    const std::size_t length = prefix.size();
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..")
            continue;
        const Entry kind = kindOf(descriptor, *entry);
        prefix += name;
        bool goOn = true;
        if (kind == Entry::File) {
            goOn = visit({descriptor, entry->d_name, prefix});
        } else if (kind == Entry::Folder && depth < kMaxDepth) {
            FileHandle child(::openat(descriptor, entry->d_name, kFolderFlags));
            prefix += '/';
            goOn = !child || walk(std::move(child), prefix, depth + 1, visit);
        }
        prefix.resize(length);
        if (!goOn)
            return false;
    }
    return true;
}

} // namespace

namespace {

struct Named {
    std::string name; ///< of a folder with a slash behind it, which is how its keys sort
    bool isFolder;
};

std::vector<Named> entriesInOrder(DIR* folder)
{
    std::vector<Named> entries;
    const int descriptor = ::dirfd(folder);
    while (const dirent* entry = ::readdir(folder)) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..")
            continue;
        const Entry kind = kindOf(descriptor, *entry);
        if (kind == Entry::File)
            entries.push_back({std::string(name), false});
        else if (kind == Entry::Folder)
            entries.push_back({std::string(name) + '/', true});
    }
    std::ranges::sort(entries, {}, &Named::name);
    return entries;
}

bool walkOrdered(FileHandle handle, std::string& prefix, int depth, OrderedVisitor& visitor)
{
    const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(handle.get()));
    if (!folder)
        return true;
    handle.release(); // closedir() closes it
    const int descriptor = ::dirfd(folder.get());
    const std::size_t length = prefix.size();
    for (Named& entry : entriesInOrder(folder.get())) {
        prefix += entry.name;
        bool goOn = true;
        if (!entry.isFolder) {
            goOn = visitor.file({descriptor, entry.name.c_str(), prefix});
        } else if (depth < kMaxDepth) {
            entry.name.pop_back();
            const Entering entering = visitor.folder({descriptor, entry.name.c_str(), prefix});
            goOn = entering != Entering::Stop;
            if (entering == Entering::Enter) {
                FileHandle child(::openat(descriptor, entry.name.c_str(), kFolderFlags));
                goOn = !child || walkOrdered(std::move(child), prefix, depth + 1, visitor);
            }
        }
        prefix.resize(length);
        if (!goOn)
            return false;
    }
    return true;
}

} // namespace

bool walkInOrder(int root, OrderedVisitor& visitor)
{
    FileHandle handle(::openat(root, ".", kFolderFlags));
    if (!handle)
        return false;
    std::string prefix;
    walkOrdered(std::move(handle), prefix, 0, visitor);
    return true;
}

bool walkFiles(int root, const std::function<bool(const TreeFile&)>& visit)
{
    FileHandle handle(::openat(root, ".", kFolderFlags));
    if (!handle)
        return false;
    std::string prefix;
    walk(std::move(handle), prefix, 0, visit);
    return true;
}

namespace {

FileHandle openChild(int folder, const char* name)
{
    FileHandle child(::openat(folder, name, kFolderFlags));
    struct stat status { };
    if (!child && errno == ENOTDIR) { // Linux says this of a link to a folder, too
        const bool isLink
            = ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
        errno = isLink ? ELOOP : ENOTDIR;
    }
    return child;
}

} // namespace

FileHandle openParent(int root, const std::string& key, bool create)
{
    FileHandle folder(::openat(root, ".", kFolderFlags));
    for (std::size_t begin = 0, slash = 0;
         folder && (slash = key.find('/', begin)) != std::string::npos; begin = slash + 1) {
        const std::string part = key.substr(begin, slash - begin);
        FileHandle child = openChild(folder.get(), part.c_str());
        if (!child && errno == ENOENT && create
            && (::mkdirat(folder.get(), part.c_str(), 0777) == 0 || errno == EEXIST))
            child = openChild(folder.get(), part.c_str());
        folder = std::move(child);
    }
    return folder;
}

const char* nameOf(const std::string& key)
{
    const auto slash = key.rfind('/');
    return key.c_str() + (slash == std::string::npos ? 0 : slash + 1);
}

} // namespace coldframe::stores
