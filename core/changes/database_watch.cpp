#include "changes/database_watch.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

namespace coldframe::changes {

namespace {

using namespace std::chrono_literals;

// The next look after a write. A commit is shown once the disk has been synced, so the steps reach
// past the slowest of disks.
constexpr std::array<Duration, 7> kSteps = {1ms, 3ms, 10ms, 30ms, 100ms, 300ms, 1s};
constexpr Duration kAnyway = 5s;
constexpr std::size_t kStepWhenBusy = 3; // a lock is held: every 30 ms until it is not

constexpr std::uint32_t kWritten
    = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_ONLYDIR;

} // namespace

DatabaseWatch::DatabaseWatch(const std::filesystem::path& file)
    : m_descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    // SQLite keeps its log beside the file itself, not beside a link to it.
    std::error_code ignored;
    const std::filesystem::path real = std::filesystem::weakly_canonical(file, ignored);
    m_name = real.filename().native();
    m_folder = real.parent_path();
    struct stat folder { };
    if (m_descriptor < 0 || ::inotify_add_watch(m_descriptor, m_folder.c_str(), kWritten) < 0
        || ::stat(m_folder.c_str(), &folder) != 0)
        m_number = errno;
    m_device = folder.st_dev;
    m_inode = folder.st_ino;
}

bool DatabaseWatch::lost() const
{
    struct stat folder { };
    return ::stat(m_folder.c_str(), &folder) != 0 || folder.st_dev != m_device
        || folder.st_ino != m_inode;
}

DatabaseWatch::~DatabaseWatch()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool DatabaseWatch::drain()
{
    alignas(inotify_event) std::array<char, 65'536> buffer;
    bool ours = false;
    for (;;) {
        const ssize_t length = ::read(m_descriptor, buffer.data(), buffer.size());
        if (length <= 0)
            return ours;
        for (ssize_t at = 0; at < length;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            std::string_view name
                = event.len > 0 ? std::string_view(buffer.data() + at + sizeof event) : "";
            at += static_cast<ssize_t>(sizeof event + event.len);
            const bool all = (event.mask & (IN_Q_OVERFLOW | IN_IGNORED | IN_UNMOUNT)) != 0;
            const bool file = name.starts_with(m_name);
            if (file)
                name.remove_prefix(m_name.size());
            ours = ours || all || (file && (name.empty() || name == "-wal" || name == "-journal"));
        }
    }
}

void LookTimes::looked(TimePoint now, bool busy)
{
    if (busy)
        m_step = std::min(m_step, kStepWhenBusy);
    m_next = now + (m_step < kSteps.size() ? kSteps[m_step] : kAnyway);
    if (m_step < kSteps.size() && !(busy && m_step == kStepWhenBusy))
        ++m_step;
}

} // namespace coldframe::changes
