#include "process/proc_file.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace coldframe::process {

ProcFile::ProcFile(pid_t pid, const char* name, bool writable)
{
    char path[80];
    std::snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    m_fd.reset(::open(path, (writable ? O_WRONLY : O_RDONLY) | O_CLOEXEC));
}

std::string_view ProcFile::read(char* buffer, std::size_t size) const
{
    const ssize_t got = ::pread(m_fd.get(), buffer, size, 0);
    return {buffer, got > 0 ? static_cast<std::size_t>(got) : 0};
}

bool ProcFile::write(std::string_view text) const
{
    return ::pwrite(m_fd.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

std::int64_t numberAt(std::string_view text, int n)
{
    for (; n > 0; --n) {
        const auto blank = text.find(' ');
        if (blank == text.npos)
            return 0;
        text.remove_prefix(blank + 1);
    }
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::int64_t processCpuNs(pid_t pid)
{
    clockid_t clock = 0;
    timespec used = {};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return -1;
    return static_cast<std::int64_t>(used.tv_sec) * 1'000'000'000 + used.tv_nsec;
}

bool readSchedstat(const ProcFile& file, std::int64_t& cpu, std::int64_t& wait)
{
    char buffer[96];
    const std::string_view text = file.read(buffer, sizeof buffer);
    cpu = numberAt(text, 0);
    wait = numberAt(text, 1);
    return !text.empty();
}

std::int64_t reapedChildrenCpuNs(pid_t pid)
{
    static const std::int64_t kTickNs = 1'000'000'000 / ::sysconf(_SC_CLK_TCK);
    char buffer[1024];
    std::string_view text = ProcFile(pid, "stat").read(buffer, sizeof buffer);
    // The second field is the program's name in brackets, which may hold blanks and brackets.
    text.remove_prefix(std::min(text.rfind(')') + 2, text.size()));
    return (numberAt(text, 13) + numberAt(text, 14)) * kTickNs; // cutime, cstime: fields 16 and 17
}

std::uint32_t peakResidentKb(const ProcFile& status)
{
    char buffer[4096];
    std::string_view text = status.read(buffer, sizeof buffer);
    constexpr std::string_view kName = "\nVmHWM:";
    const auto at = text.find(kName);
    if (at == text.npos)
        return 0;
    text.remove_prefix(at + kName.size());
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    return static_cast<std::uint32_t>(numberAt(text, 0));
}

std::uint32_t residentKb(const ProcFile& statm)
{
    static const std::int64_t kPageKb = ::sysconf(_SC_PAGESIZE) / 1024;
    char buffer[128];
    return static_cast<std::uint32_t>(numberAt(statm.read(buffer, sizeof buffer), 1) * kPageKb);
}

} // namespace coldframe::process
