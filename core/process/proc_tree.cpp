#include "process/proc_tree.h"

#include <cstdio>
#include <cstdlib>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "process/unique_fd.h"

namespace coldframe::process {
namespace {

void appendNumbers(int fd, std::vector<pid_t>& numbers)
{
    char text[4096];
    pid_t number = 0;
    for (ssize_t got = 0; (got = ::read(fd, text, sizeof text)) > 0;) {
        for (const char* at = text; at != text + got; ++at) {
            if (*at >= '0' && *at <= '9') {
                number = number * 10 + (*at - '0');
            } else if (number != 0) {
                numbers.push_back(number);
                number = 0;
            }
        }
    }
    if (number != 0)
        numbers.push_back(number);
}

void appendChildrenOfThread(pid_t pid, pid_t thread, std::vector<pid_t>& children)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, thread);
    if (const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC)); file)
        appendNumbers(file.get(), children);
}

} // namespace

void appendChildren(pid_t pid, std::vector<pid_t>& children)
{
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%d/task", pid);
    struct stat status = {};
    if (::stat(path, &status) != 0)
        return;
    // The folder has two links of its own and one for each thread: most processes have just one
    // thread, and asking this way costs a tenth of listing the folder.
    if (status.st_nlink == 3)
        return appendChildrenOfThread(pid, pid, children);
    DIR* threads = ::opendir(path);
    if (threads == nullptr)
        return;
    while (const dirent* entry = ::readdir(threads)) {
        if (const int thread = std::atoi(entry->d_name); thread > 0)
            appendChildrenOfThread(pid, thread, children);
    }
    ::closedir(threads);
}

std::vector<pid_t> descendants(pid_t root)
{
    std::vector<pid_t> found;
    appendChildren(root, found);
    for (std::size_t next = 0; next < found.size(); ++next)
        appendChildren(found[next], found);
    return found;
}

} // namespace coldframe::process
