#pragma once

#include <cstdint>
#include <string_view>

#include <sys/types.h>

#include "process/unique_fd.h"

namespace coldframe::process {

/// One file of /proc/PID. It is bound to the process, not to the number: once the process is gone
/// it reads as nothing, even when another has been given the same pid.
class ProcFile {
public:
    ProcFile() = default;
    /// @param name  below /proc/PID, "status" or "task/12/schedstat"
    ProcFile(pid_t pid, const char* name, bool writable = false);

    /// The file's text, at most `size` bytes of it; empty when the process is gone or may not be
    /// read. Valid as long as the buffer.
    std::string_view read(char* buffer, std::size_t size) const;
    bool write(std::string_view text) const;

private:
    UniqueFd m_fd;
};

/// The number that follows the n-th blank, from 0: "12 34 56" has 34 at 1. 0 when there is none.
std::int64_t numberAt(std::string_view text, int n);

/// CPU of all threads of a process in ns, ended ones included; -1 when it is gone.
/// The caller makes sure that the pid still means the same process.
std::int64_t processCpuNs(pid_t pid);

/// CPU and run-queue wait in ns of one thread, from its schedstat; false when it is gone.
bool readSchedstat(const ProcFile& file, std::int64_t& cpu, std::int64_t& wait);

/// CPU in ns of the children a process has reaped, in steps of 10 ms.
std::int64_t reapedChildrenCpuNs(pid_t pid);

/// VmHWM of a status file in KB; 0 when the process has ended.
std::uint32_t peakResidentKb(const ProcFile& status);

/// Resident set of a statm file in KB.
std::uint32_t residentKb(const ProcFile& statm);

} // namespace coldframe::process
