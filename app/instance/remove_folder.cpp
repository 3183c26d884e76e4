#include "remove_folder.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coldframe::instance {
namespace {

/// Each level holds one descriptor and one stack frame. What lies deeper is moved up first.
constexpr int kDepth = 32;

/// Opens a folder for reading whatever its permissions, and never through a symbolic link.
int openFolder(int parent, const char* name)
{
    const int handle = ::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (handle < 0)
        return -1;
    struct stat status = {};
    char self[40];
    std::snprintf(self, sizeof self, "/proc/self/fd/%d", handle);
    // Through the handle: the name could have become a link in the meantime.
    if (::fstat(handle, &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU)
        ::chmod(self, S_IRWXU);
    const int folder = ::open(self, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int error = errno;
    ::close(handle);
    errno = error;
    return folder;
}

class Remover {
public:
    explicit Remover(int root) : m_root(root) { }

    /// Returns whether anything was removed or moved up.
    bool pass() { return empty(openFolder(m_root, "."), 0); }

private:
    /// Takes over `folder`.
    bool empty(int folder, int depth)
    {
        bool progress = false;
        DIR* entries = ::fdopendir(folder);
        if (entries == nullptr) {
            ::close(folder);
            return false;
        }
        while (const dirent* entry = ::readdir(entries)) {
            const char* name = entry->d_name;
            if (std::strcmp(name, ".") != 0 && std::strcmp(name, "..") != 0)
                progress |= removeEntry(::dirfd(entries), name, depth);
        }
        ::closedir(entries);
        return progress;
    }

    bool removeEntry(int parent, const char* name, int depth)
    {
        if (::unlinkat(parent, name, 0) == 0)
            return true;
        if (errno != EISDIR && errno != EPERM)
            return false;
        const int folder = openFolder(parent, name); // also makes it ours to move
        if (folder < 0)
            return false;
        if (depth == kDepth) {
            ::close(folder);
            char higher[48];
            std::snprintf(higher, sizeof higher, ".coldframe-deep-%ld", m_moved++);
            return ::renameat(parent, name, m_root, higher) == 0;
        }
        const bool progress = empty(folder, depth + 1);
        return ::unlinkat(parent, name, AT_REMOVEDIR) == 0 || progress;
    }

    int m_root;
    long m_moved = 0;
};

} // namespace

bool removeFolder(const char* path)
{
    if (::rmdir(path) == 0 || errno == ENOENT)
        return true;
    const int root = openFolder(AT_FDCWD, path);
    if (root < 0)
        return false;
    // One pass leaves what was moved up, and a folder being listed may hide an entry from it.
    Remover remover(root);
    while (remover.pass() && ::rmdir(path) != 0) { }
    ::close(root);
    return ::rmdir(path) == 0 || errno == ENOENT;
}

} // namespace coldframe::instance
