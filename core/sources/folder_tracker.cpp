#include "sources/folder_tracker.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

/// How often we look whether a folder that is gone has come back.
constexpr auto kBackAgain = std::chrono::milliseconds(200);

std::string limitOf(const char* name)
{
    std::string value = "unknown";
    std::ifstream(fmt::format("/proc/sys/fs/inotify/{}", name)) >> value;
    return value;
}

/// Why the kernel cannot watch, and the command that helps.
FolderStatus pollingStatus(const std::string& root, int number)
{
    FolderStatus status{.state = FolderStatus::State::Polling};
    const bool instances = number == EMFILE || number == ENFILE;
    const char* name = instances ? "max_user_instances" : "max_user_watches";
    if (instances || number == ENOSPC) {
        status.message = fmt::format("the system's limit on watched {} is used up "
                                     "(/proc/sys/fs/inotify/{} is {}), so {} is looked at again "
                                     "and again instead",
                                     instances ? "trees" : "folders", name, limitOf(name), root);
        status.hint = fmt::format("raise it: sudo sysctl fs.inotify.{}={}", name,
                                  instances ? 1024 : 524'288);
    } else {
        status.message
            = fmt::format("the system cannot watch {}: {}; it is looked at again and again instead",
                          root, std::generic_category().message(number));
        status.hint = "changes are noticed a little later";
    }
    return status;
}

} // namespace

FolderTracker::FolderTracker(std::string root, const FolderWatcher::Options& options,
                             KnownFiles& known, Tell tell)
    : m_root(std::move(root)), m_options(options), m_known(known), m_tell(std::move(tell))
{ }

void FolderTracker::begin(Clock::time_point now)
{
    m_now = now;
    m_starting = !m_options.before;
    if (const auto& before = m_options.before) {
        m_mounted = before->mounted;
        for (const auto& [key, fingerprint] : before->files)
            m_known.set(key, {.fingerprint = fingerprint, .atStart = true});
    }
    establish();
    m_starting = false;
}

std::optional<int> FolderTracker::openRoot(Identity& identity) const
{
    const int root = ::open(m_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status { };
    if (root < 0 || ::fstat(root, &status) != 0)
        return std::nullopt;
    struct statx more { };
    const bool mount = ::statx(root, "", AT_EMPTY_PATH, STATX_TYPE, &more) == 0
        && (more.stx_attributes & STATX_ATTR_MOUNT_ROOT);
    identity = {status.st_dev, status.st_ino, mount};
    return root;
}

/// Where a file system was mounted lies an empty folder now. One that holds something is taken for
/// what shall be watched from now on.
bool FolderTracker::isUnmounted(const Identity& identity, int root) const
{
    if (!m_mounted || identity.mount)
        return false;
    std::error_code ignored;
    return std::filesystem::is_empty(fmt::format("/proc/self/fd/{}", root), ignored);
}

/// Whether paths below the root still lead to what was scanned.
bool FolderTracker::isStillRoot() const
{
    Identity identity;
    const auto root = openRoot(identity);
    if (root)
        ::close(*root);
    return root && identity == m_identity;
}

/// Watches and scans everything anew. What it finds is compared with what is known, so a folder
/// that comes back with the same files makes no events.
void FolderTracker::establish()
{
    m_inotify.reset();
    m_watchFailure = 0;
    const auto root = openRoot(m_identity);
    if (!root)
        return lose(errno);
    const bool unmounted = isUnmounted(m_identity, *root);
    ::close(*root);
    if (unmounted)
        return loseMount();
    m_mounted = m_identity.mount;
    m_status = {.mounted = m_mounted};
    m_inotify = std::make_unique<Inotify>(m_root);
    if (m_inotify->number() != 0)
        m_watchFailure = m_inotify->number();
    scanAll();
}

/// The root cannot be opened: gone, or not for us. What is known stays known.
void FolderTracker::lose(int number)
{
    m_inotify.reset();
    m_waiting.clear();
    m_nextScan = m_now + kBackAgain;
    const bool gone = number == ENOENT || number == ENOTDIR;
    m_status = {.state = gone ? State::Gone : State::Unreadable, .mounted = m_mounted};
    const std::string reason = std::generic_category().message(number);
    if (number == ENOENT) {
        m_status.message = fmt::format("the folder {} is gone", m_root);
        m_status.hint = "create it: watching goes on by itself";
    } else if (number == ENOTDIR) {
        m_status.message = fmt::format("{} is not a folder", m_root);
        m_status.hint = "put a folder in its place: watching goes on by itself";
    } else {
        m_status.message = fmt::format("the folder {} cannot be read: {}", m_root, reason);
        m_status.hint = "allow your user to enter and read it (chmod u+rx): watching goes on by "
                        "itself";
    }
}

void FolderTracker::loseMount()
{
    lose(ENOENT);
    m_status.message = fmt::format("nothing is mounted at {} any more", m_root);
    m_status.hint
        = "mount it again: watching goes on by itself, and what was there makes no events";
}

void FolderTracker::fallBack(int number)
{
    m_inotify.reset(); // gives its watches back
    m_status = pollingStatus(m_root, number);
    m_status.mounted = m_mounted;
    m_nextScan = m_now + m_options.pollEvery;
    m_nextEstablish = m_now + m_options.rescanEvery;
}

void FolderTracker::scanAll()
{
    m_unreadable.clear();
    m_known.beginScan();
    scanBelow("");
    tellUnseen();
    m_nextScan
        = m_now + (m_status.state == State::Polling ? m_options.pollEvery : m_options.rescanEvery);
    if (std::exchange(m_rootChanged, false))
        m_nextScan = m_now;
    if (m_watchFailure != 0)
        fallBack(std::exchange(m_watchFailure, 0));
    if (m_inotify)
        m_status.folders = m_inotify->watches();
    describeUnreadable();
}

void FolderTracker::describeUnreadable()
{
    if (m_status.state != State::Watching)
        return;
    m_status.message.clear();
    m_status.hint.clear();
    if (m_unreadable.empty())
        return;
    m_status.message = m_unreadable.size() == 1
        ? fmt::format("the folder {} cannot be read", pathOf(m_unreadable[0]))
        : fmt::format("{} folders cannot be read, the first is {}", m_unreadable.size(),
                      pathOf(m_unreadable[0]));
    m_status.hint = "allow your user to enter and read them (chmod u+rx)";
}

bool FolderTracker::run(Clock::time_point now)
{
    m_now = now;
    std::vector<Inotify::Event> events;
    if (m_inotify)
        events = m_inotify->read();
    for (const Inotify::Event& event : events)
        handle(event);
    for (const auto& [key, waiting] : m_waiting.takeDue(now))
        checkAgain(key, waiting);
    if (now < m_nextScan)
        return !events.empty();

    Identity identity;
    const auto root = openRoot(identity);
    if (!root) {
        lose(errno);
        return false;
    }
    ::close(*root);
    const bool watches = m_status.state == State::Watching && identity == m_identity;
    const bool polls = m_status.state == State::Polling && now < m_nextEstablish;
    if (watches || polls)
        scanAll();
    else
        establish();
    return !events.empty();
}

FolderTracker::Clock::time_point FolderTracker::nextDue() const
{
    return std::min(m_nextScan, m_waiting.nextDue().value_or(m_nextScan));
}

void FolderTracker::handle(const Inotify::Event& event)
{
    if (event.mask & IN_Q_OVERFLOW) {
        m_nextScan = m_now; // at the end of this run: the events before it come first
        return;
    }
    if (event.name.empty()) {
        if (event.folder.empty()) // the root itself moved, went, or was unmounted
            m_nextScan = m_now;
        return;
    }
    if (isIgnored(event.name, m_options.ignore))
        return;
    const std::string key = event.folder.empty() ? event.name : event.folder + '/' + event.name;
    if (event.mask & IN_ISDIR)
        handleFolder(key, event.mask);
    else if (event.mask & IN_CREATE)
        created(key);
    else if (event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO))
        closed(key, event.mask & IN_MOVED_TO);
    else
        removed(key);
}

void FolderTracker::handleFolder(const std::string& key, std::uint32_t mask)
{
    if (!m_options.recursive)
        return;
    if (mask & (IN_CREATE | IN_MOVED_TO)) {
        scanBelow(key);
        if (m_watchFailure != 0)
            fallBack(std::exchange(m_watchFailure, 0));
    } else if (mask & (IN_DELETE | IN_MOVED_FROM)) {
        if (m_inotify)
            m_inotify->forget(key);
        for (const std::string& file : m_known.below(key))
            removed(file);
    }
    m_status.folders = m_inotify ? m_inotify->watches() : 0;
    describeUnreadable();
}

} // namespace coldframe::sources
