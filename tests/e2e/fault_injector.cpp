// Loaded into the program (LD_PRELOAD) by test_faults.py: lets its n-th call that changes a file
// below some folders fail, or kills it before, in the middle of or after it. What it does to files
// meanwhile is told call by call.
//
//   FAULT_BELOW   folders and databases, with ':' between them; without it nothing is done
//   FAULT_CALLS   which calls count, with ',' between them; without it all below
//   FAULT_NTH     the n-th of them, from 1; 0: none
//   FAULT_DO      kill-before, kill-half, kill-after, or the number of an error
//   FAULT_WHILE   a file: from the n-th on all fail as long as it is there; else the n-th alone
//   FAULT_TRACE   a file that gets a line a call before it happens: number, call, path, and of a
//                 rename or link the second path, of a sync the size of the file

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

struct Plan {
    std::string below, calls, action, whileThere;
    unsigned long nth = 0;
    int trace = -1, error = 0;
};

const Plan* thePlan = nullptr;
std::atomic<unsigned long> counted = 0;

std::string valueOf(const char* name)
{
    const char* const value = std::getenv(name);
    return value ? value : "";
}

std::string linkedTo(const char* path)
{
    std::string target(4096, '\0');
    const ssize_t length = ::readlink(path, target.data(), target.size());
    target.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return target;
}

__attribute__((constructor)) void readPlan()
{
    const std::string program = linkedTo("/proc/self/exe");
    if (!program.ends_with("/coldframe") || valueOf("FAULT_BELOW").empty())
        return; // not in what it starts
    static Plan plan;
    plan.below = valueOf("FAULT_BELOW");
    plan.calls = valueOf("FAULT_CALLS");
    plan.action = valueOf("FAULT_DO");
    plan.whileThere = valueOf("FAULT_WHILE");
    plan.nth = std::strtoul(valueOf("FAULT_NTH").c_str(), nullptr, 10);
    plan.error = std::atoi(plan.action.c_str());
    if (const std::string trace = valueOf("FAULT_TRACE"); !trace.empty())
        plan.trace = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, trace.c_str(),
                                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    thePlan = &plan;
}

/// Whether the list holds the word; or a folder of the path, or what its name begins with up to
/// a '-', as those of a database's files do.
bool holds(std::string_view list, char between, std::string_view what, bool asPath)
{
    while (!list.empty()) {
        const std::string_view one = list.substr(0, list.find(between));
        const std::string_view rest
            = what.starts_with(one) ? what.substr(one.size()) : std::string_view("?");
        if (rest.empty() || (asPath && (rest.front() == '/' || rest.front() == '-')))
            return true;
        list.remove_prefix(std::min(one.size() + 1, list.size()));
    }
    return false;
}

std::string pathOf(int file)
{
    return linkedTo(("/proc/self/fd/" + std::to_string(file)).c_str());
}

std::string pathOf(int folder, const char* name)
{
    if (*name == '/')
        return name;
    return (folder == AT_FDCWD ? linkedTo("/proc/self/cwd") : pathOf(folder)) + '/' + name;
}

std::string sizeOf(int file)
{
    struct stat status { };
    return ::fstat(file, &status) == 0 ? std::to_string(status.st_size) : std::string();
}

enum class Fate { Normal, Half, Fails, Dies, DiesAfter };

[[noreturn]] void die()
{
    ::kill(::getpid(), SIGKILL);
    while (true)
        ::pause();
}

/// What becomes of a call. Tells it.
Fate fateOf(std::string_view call, const std::string& path, const std::string& second = {})
{
    const Plan& plan = *thePlan;
    if (!holds(plan.below, ':', path, true) || path.ends_with("-shm")
        || (!plan.calls.empty() && !holds(plan.calls, ',', call, false)))
        return Fate::Normal;
    const unsigned long number = ++counted;
    if (plan.trace >= 0) {
        std::string line = std::to_string(number) + '\t';
        line.append(call).append("\t").append(path);
        line.append(second.empty() ? "" : "\t").append(second).append("\n");
        ::syscall(SYS_write, plan.trace, line.data(), line.size());
    }
    if (plan.nth == 0 || number < plan.nth)
        return Fate::Normal;
    if (plan.error > 0) {
        if (!plan.whileThere.empty())
            return ::access(plan.whileThere.c_str(), F_OK) != 0 ? Fate::Normal
                : number == plan.nth                            ? Fate::Half
                                                                : Fate::Fails;
        return number == plan.nth ? Fate::Fails : Fate::Normal;
    }
    if (number > plan.nth)
        die(); // another thread was about to
    return plan.action == "kill-after" ? Fate::DiesAfter
        : plan.action == "kill-half"   ? Fate::Half
                                       : Fate::Dies;
}

template <typename Function> Function next(Function, const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int failed()
{
    errno = thePlan->error;
    return -1;
}

/// A call that happens as a whole or not at all.
template <typename Call> auto whole(Fate fate, Call call) -> decltype(call())
{
    if (fate == Fate::Fails || (fate == Fate::Half && thePlan->error > 0))
        return failed();
    if (fate == Fate::Dies || fate == Fate::Half)
        die();
    const auto result = call();
    if (fate == Fate::DiesAfter)
        die();
    return result;
}

/// A write: of one that is cut short, the first half is there.
template <typename Call> ssize_t cut(int file, std::size_t bytes, Call call)
{
    if (!thePlan)
        return call(bytes);
    const int before = errno;
    const Fate fate = fateOf("write", pathOf(file));
    errno = before;
    if (fate != Fate::Half || bytes < 2)
        return whole(fate, [&] { return call(bytes); });
    const ssize_t written = call(bytes / 2);
    if (thePlan->error == 0)
        die();
    return written;
}

} // namespace

#define NEXT(name) static const auto real = next(&name, #name)
/// A call that counts as `call`; `more` is what the trace has after the path.
#define COUNTS(name, parameters, arguments, call, path, more)                                      \
    int name parameters                                                                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (!thePlan)                                                                              \
            return real arguments;                                                                 \
        return whole(fateOf(call, path, more), [&] { return real arguments; });                    \
    }
/// Opening counts when it may make a file.
#define OPENS(name, parameters, arguments, folder)                                                 \
    int name parameters                                                                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        mode_t mode = 0;                                                                           \
        if ((flags & (O_CREAT | O_TMPFILE)) != 0) {                                                \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        if (!thePlan || (flags & O_CREAT) == 0)                                                    \
            return real arguments;                                                                 \
        return whole(fateOf("create", pathOf(folder, path)), [&] { return real arguments; });      \
    }

extern "C" {

ssize_t write(int file, const void* from, size_t bytes)
{
    NEXT(write);
    return cut(file, bytes, [&](std::size_t most) { return real(file, from, most); });
}
ssize_t pwrite(int file, const void* from, size_t bytes, off_t at)
{
    NEXT(pwrite);
    return cut(file, bytes, [&](std::size_t most) { return real(file, from, most, at); });
}
ssize_t pwrite64(int file, const void* from, size_t bytes, off64_t at)
{
    NEXT(pwrite64);
    return cut(file, bytes, [&](std::size_t most) { return real(file, from, most, at); });
}

COUNTS(fsync, (int file), (file), "fsync", pathOf(file), sizeOf(file))
COUNTS(fdatasync, (int file), (file), "fsync", pathOf(file), sizeOf(file))
COUNTS(ftruncate, (int file, off_t size) noexcept, (file, size), "truncate", pathOf(file), "")
COUNTS(ftruncate64, (int file, off64_t size) noexcept, (file, size), "truncate", pathOf(file), "")
COUNTS(rename, (const char* from, const char* to) noexcept, (from, to), "rename",
       pathOf(AT_FDCWD, from), pathOf(AT_FDCWD, to))
COUNTS(renameat, (int folder, const char* from, int other, const char* to) noexcept,
       (folder, from, other, to), "rename", pathOf(folder, from), pathOf(other, to))
int renameat2(int folder, const char* from, int other, const char* to, unsigned how) noexcept
{
    NEXT(renameat2);
    const bool refused
        = (how & RENAME_NOREPLACE) != 0 && ::faccessat(other, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    if (!thePlan || refused) // it changes nothing
        return real(folder, from, other, to, how);
    return whole(fateOf("rename", pathOf(folder, from), pathOf(other, to)),
                 [&] { return real(folder, from, other, to, how); });
}
COUNTS(link, (const char* from, const char* to) noexcept, (from, to), "link",
       pathOf(AT_FDCWD, from), pathOf(AT_FDCWD, to))
COUNTS(linkat, (int folder, const char* from, int other, const char* to, int how) noexcept,
       (folder, from, other, to, how), "link", pathOf(folder, from), pathOf(other, to))
COUNTS(unlink, (const char* path) noexcept, (path), "unlink", pathOf(AT_FDCWD, path), "")
COUNTS(unlinkat, (int folder, const char* path, int how) noexcept, (folder, path, how), "unlink",
       pathOf(folder, path), "")
COUNTS(mkdir, (const char* path, mode_t mode) noexcept, (path, mode), "mkdir",
       pathOf(AT_FDCWD, path), "")
COUNTS(mkdirat, (int folder, const char* path, mode_t mode) noexcept, (folder, path, mode), "mkdir",
       pathOf(folder, path), "")
OPENS(open, (const char* path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(open64, (const char* path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(openat, (int folder, const char* path, int flags, ...), (folder, path, flags, mode), folder)
OPENS(openat64, (int folder, const char* path, int flags, ...), (folder, path, flags, mode), folder)

} // extern "C"
