#include "process/orphans.h"

#include <csignal>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/proc_tree.h"
#include "process/status_record.h"

namespace coldframe::process {
namespace {

bool environmentHolds(pid_t pid, const std::string& token)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
    std::string text(1, '\0');
    std::ostringstream whole; // no iterator: it throws when the process ends meanwhile
    whole << in.rdbuf();
    text += whole.str();
    const std::string_view entry = "COLDFRAME_SANDBOX=";
    std::string wanted(1, '\0');
    wanted.append(entry).append(token).append(1, '\0');
    return text.find(wanted) != std::string::npos;
}

bool belongs(pid_t pid, const Signs& signs)
{
    if (::getsid(pid) == signs.reaper)
        return true;
    rlimit limit = {};
    if (::prlimit(pid, RLIMIT_RTTIME, nullptr, &limit) == 0) { // works on zombies as well
        if (limit.rlim_max == signs.mark)
            return true;
        // Another launch's mark settles it too, and spares reading the environment of hundreds.
        if (limit.rlim_max != RLIM_INFINITY && (limit.rlim_max & kMarkFamily) != 0)
            return false;
    }
    return environmentHolds(pid, signs.token);
}

} // namespace

std::uint64_t markOf(const std::string& token)
{
    std::uint64_t hash = 14695981039346656037U; // FNV-1a, 64 bits
    for (const char c : token)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return kMarkFamily | (hash & (kMarkFamily - 1));
}

int killOrphans(const Signs& signs)
{
    std::vector<std::pair<pid_t, bool>> open; // with whether an ancestor bears a sign
    std::vector<pid_t> children;
    std::vector<pid_t> found;
    open.emplace_back(::getpid(), false);
    while (!open.empty()) {
        const auto [parent, marked] = open.back();
        open.pop_back();
        children.clear();
        appendChildren(parent, children);
        for (const pid_t child : children) {
            if (child == signs.reaper)
                continue;
            const bool ours = marked || belongs(child, signs);
            if (ours)
                found.push_back(child);
            open.emplace_back(child, ours);
        }
    }
    for (const pid_t pid : found)
        ::kill(pid, SIGKILL);
    for (const pid_t pid : found)
        ::waitpid(pid, nullptr, WNOHANG); // refuses those that are not the app's own children yet
    return static_cast<int>(found.size());
}

} // namespace coldframe::process
