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

enum class Order { AsItComes, ByKey };

struct Named {
    std::string name; ///< of a folder with a slash behind it, which is how its keys sort
    bool isFolder;
};

/// Calls `each` for the files and folders of an open folder until it returns false. In order they
/// are read to the last one first.
template <typename Each> bool forEachEntry(DIR* folder, Order order, Each&& each)
{
    std::vector<Named> entries;
    while (const dirent* entry = ::readdir(folder)) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..")
            continue;
        const Entry kind = kindOf(::dirfd(folder), *entry);
        if (kind == Entry::Other)
            continue;
        Named named{std::string(name), kind == Entry::Folder};
        if (named.isFolder)
            named.name += '/';
        if (order == Order::ByKey)
            entries.push_back(std::move(named));
        else if (!each(named))
            return false;
    }
    std::ranges::sort(entries, {}, &Named::name);
    return std::ranges::all_of(entries, each);
}

/// Goes on below an open folder; `prefix` is its key with a trailing slash, or empty.
bool walk(FileHandle handle, std::string& prefix, int depth, Order order, TreeVisitor& visitor)
{
    const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(handle.get()));
    if (!folder)
        return true;
    handle.release(); // closedir() closes it
    const int descriptor = ::dirfd(folder.get());
    const std::size_t length = prefix.size();
    return forEachEntry(folder.get(), order, [&](Named& entry) {
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
                goOn = !child || walk(std::move(child), prefix, depth + 1, order, visitor);
            }
        }
        prefix.resize(length);
        return goOn;
    });
}

bool walkFrom(int root, Order order, TreeVisitor& visitor)
{
    FileHandle handle(::openat(root, ".", kFolderFlags));
    if (!handle)
        return false;
    std::string prefix;
    walk(std::move(handle), prefix, 0, order, visitor);
    return true;
}

class FilesOnly final : public TreeVisitor {
public:
    explicit FilesOnly(const std::function<bool(const TreeFile&)>& visit) : m_visit(visit) { }
    bool file(const TreeFile& file) override { return m_visit(file); }
    Entering folder(const TreeFile&) override { return Entering::Enter; }

private:
    const std::function<bool(const TreeFile&)>& m_visit;
};

} // namespace

bool walkInOrder(int root, TreeVisitor& visitor)
{
    return walkFrom(root, Order::ByKey, visitor);
}

bool walkFiles(int root, const std::function<bool(const TreeFile&)>& visit)
{
    FilesOnly visitor(visit);
    return walkFrom(root, Order::AsItComes, visitor);
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

FileHandle openParent(int root, const std::string& key, Missing missing)
{
    FileHandle folder(::openat(root, ".", kFolderFlags));
    for (std::size_t begin = 0, slash = 0;
         folder && (slash = key.find('/', begin)) != std::string::npos; begin = slash + 1) {
        const std::string part = key.substr(begin, slash - begin);
        FileHandle child = openChild(folder.get(), part.c_str());
        if (!child && errno == ENOENT && missing != Missing::Stays
            && (::mkdirat(folder.get(), part.c_str(), 0777) == 0 || errno == EEXIST))
            child = openChild(folder.get(), part.c_str());
        // Also of one that is there: who made it may have been killed before this.
        if (child && missing == Missing::MadeForGood && ::fsync(folder.get()) != 0)
            child = {};
        folder = std::move(child);
    }
    return folder;
}

std::error_code makeFolders(const std::filesystem::path& folder, bool forGood)
{
    std::error_code problem;
    std::vector<std::filesystem::path> made;
    for (auto path = folder.lexically_normal();
         forGood && !path.empty() && !std::filesystem::exists(path, problem);
         path = path.parent_path())
        made.push_back(path);
    std::filesystem::create_directories(folder, problem);
    for (auto path = made.rbegin(); !problem && path != made.rend(); ++path) {
        const auto parent = path->has_parent_path() ? path->parent_path() : ".";
        const FileHandle handle(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!handle || ::fsync(handle.get()) != 0)
            problem.assign(errno, std::generic_category());
    }
    return problem;
}

const char* nameOf(const std::string& key)
{
    const auto slash = key.rfind('/');
    return key.c_str() + (slash == std::string::npos ? 0 : slash + 1);
}

} // namespace coldframe::stores
