#include "process/host.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace coldframe::process {
namespace {

constexpr char kName[] = "coldframe-instance";

/// Written by main() or a test before anything is launched.
std::string& chosenPath()
{
    static std::string path;
    return path;
}

std::string searchedPath()
{
    if (const char* set = std::getenv("COLDFRAME_INSTANCE"); set != nullptr && *set != '\0')
        return set;
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const char* place : {".", "instance", "../libexec/coldframe"}) {
        const auto candidate = (folder / place / kName).lexically_normal();
        if (::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return {};
}

} // namespace

void becomeSubreaper()
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void raiseFileLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void setReaperPath(std::string path)
{
    chosenPath() = std::move(path);
}

Result<std::string> reaperPath()
{
    static const std::string kSearched = searchedPath();
    const std::string& path = chosenPath().empty() ? kSearched : chosenPath();
    if (!path.empty() && ::access(path.c_str(), X_OK) == 0)
        return path;
    Error error;
    error.code = Error::Code::Missing;
    error.message = path.empty()
        ? "coldframe-instance, which runs functions, lies neither beside coldframe nor in "
          "../libexec/coldframe"
        : "coldframe-instance, which runs functions, is not an executable file at '" + path + "'";
    error.hint = "install Coldframe again, or set COLDFRAME_INSTANCE to its full path";
    return tl::unexpected(std::move(error));
}

} // namespace coldframe::process
