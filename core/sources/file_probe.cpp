#include "sources/file_probe.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "model/outside_time.h"

namespace coldframe::sources {

namespace {

#ifndef CIFS_SUPER_MAGIC
constexpr long kCifsMagic = 0xff53'4d42;
#else
constexpr long kCifsMagic = CIFS_SUPER_MAGIC;
#endif
constexpr long kSmb2Magic = 0xfe53'4d42;
constexpr long kFuseMagic = 0x6573'5546;

Fingerprint fingerprintOf(const struct stat& status)
{
    return {.inode = status.st_ino,
            .mtimeNs = nanosecondsOf(status.st_mtim),
            .size = static_cast<std::uint64_t>(status.st_size)};
}

/// File systems that refuse a lease for reasons of their own, so that a refusal says nothing.
bool isRemote(int file)
{
    struct statfs system { };
    if (::fstatfs(file, &system) != 0)
        return true;
    const auto type = static_cast<long>(static_cast<unsigned>(system.f_type));
    return type == NFS_SUPER_MAGIC || type == kCifsMagic || type == kSmb2Magic
        || type == kFuseMagic;
}

} // namespace

Probe probe(int folder, const char* path)
{
    struct stat status { };
    if (::fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return {};
    if (S_ISDIR(status.st_mode))
        return {.kind = Probe::Kind::Folder};
    const bool isLink = S_ISLNK(status.st_mode);
    if (isLink && ::fstatat(folder, path, &status, 0) != 0)
        return {};
    if (!S_ISREG(status.st_mode))
        return {.kind = Probe::Kind::Other};
    return {.kind = Probe::Kind::File,
            .fingerprint = fingerprintOf(status),
            .fromElsewhere = isLink || status.st_nlink > 1};
}

Writers writersOf(int folder, const char* path)
{
    const int file = ::openat(folder, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return Writers::Unknown;
    // Whoever opens the file for writing in the microseconds we hold the lease makes the kernel
    // signal us; SIGURG is ignored by default, SIGIO would end the program.
    Writers answer = Writers::Unknown;
    if (::fcntl(file, F_SETSIG, SIGURG) == 0) {
        if (::fcntl(file, F_SETLEASE, F_RDLCK) == 0)
            answer = Writers::None;
        else if (errno == EAGAIN && !isRemote(file))
            answer = Writers::Some;
    }
    ::close(file); // gives the lease back
    return answer;
}

} // namespace coldframe::sources
