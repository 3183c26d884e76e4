#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "sources/folder_tracker.h"

namespace coldframe::sources {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

/// Null sets errno.
Folder openFolder(const std::string& path, int flags)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    if (descriptor < 0)
        return nullptr;
    Folder folder(::fdopendir(descriptor));
    if (!folder)
        ::close(descriptor);
    return folder;
}

} // namespace

/// Watches a folder and all below it, and looks at every file there: what arrived before the watch
/// was in place has no event.
void FolderTracker::scanBelow(const std::string& folder)
{
    std::vector<std::string> left{folder};
    while (!left.empty()) {
        const std::string next = std::move(left.back());
        left.pop_back();
        scanOne(next, left);
    }
}

void FolderTracker::scanOne(const std::string& key, std::vector<std::string>& left)
{
    if (m_inotify && m_watchFailure == 0) { // first, or what comes between would be missed
        const int number = m_inotify->watch(key);
        const bool passing = number == ENOENT || number == ENOTDIR || number == EACCES;
        if (number != 0 && !passing)
            m_watchFailure = number;
    }
    const Folder folder = key.empty() ? openFolder(m_root, 0) : openFolder(pathOf(key), O_NOFOLLOW);
    if (!folder) {
        if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
            m_unreadable.push_back(key);
        return;
    }
    const int descriptor = ::dirfd(folder.get());
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == ".." || isIgnored(name, m_options.ignore))
            continue;
        const std::string child = key.empty() ? name : key + '/' + name;
        const Probe file = entry->d_type == DT_DIR ? Probe{.kind = Probe::Kind::Folder}
                                                   : probe(descriptor, name.c_str());
        if (file.kind == Probe::Kind::Folder) {
            if (m_options.recursive)
                left.push_back(child);
        } else if (file.kind == Probe::Kind::File) {
            found(child, file);
        }
    }
}

/// What is known and was not met by the scan that has ended is gone, but for what lies in folders
/// that could not be read.
void FolderTracker::tellUnseen()
{
    const auto hidden = [&](const std::string& key) {
        for (const std::string& folder : m_unreadable)
            if (folder.empty() || key.starts_with(folder + '/'))
                return true;
        return false;
    };
    const std::vector<std::string> unseen = m_known.unseenBelow("");
    if (!unseen.empty() && !isStillRoot()) { // unmounted meanwhile: nothing is known to be gone
        m_identity = {};
        m_rootChanged = true;
        return;
    }
    for (const std::string& key : unseen) {
        if (hidden(key))
            continue;
        // A folder that is renamed into while it is read may hide a file that is there.
        const Probe file = probe(AT_FDCWD, pathOf(key).c_str());
        if (file.kind == Probe::Kind::File)
            found(key, file);
        else
            removed(key);
    }
}

} // namespace coldframe::sources
