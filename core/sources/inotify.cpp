#include "sources/inotify.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace coldframe::sources {

namespace {

/// No IN_MODIFY: a large file written in small steps would fill the queue. IN_EXCL_UNLINK keeps
/// silent about a file that has lost its name, whose name may by then be another file's.
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MOVED_FROM
    | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK | IN_DONT_FOLLOW;

} // namespace

Inotify::Inotify(std::string root)
    : m_root(std::move(root)), m_descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    m_number = m_descriptor < 0 ? errno : 0;
}

Inotify::~Inotify()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int Inotify::watch(const std::string& key)
{
    // The root may be a symbolic link that the user gave us; below it none is followed.
    const std::string path = key.empty() ? m_root : m_root + '/' + key;
    const std::uint32_t mask = key.empty() ? kMask & ~std::uint32_t{IN_DONT_FOLLOW} : kMask;
    const int watch = ::inotify_add_watch(m_descriptor, path.c_str(), mask);
    if (watch < 0)
        return errno;
    // The same folder under an earlier name keeps its watch: it moves to the new name.
    const auto known = m_keyOf.find(watch);
    if (known != m_keyOf.end() && known->second != key)
        m_watchOf.erase(known->second);
    const auto old = m_watchOf.find(key);
    if (old != m_watchOf.end() && old->second != watch)
        m_keyOf.erase(old->second);
    m_keyOf[watch] = key;
    m_watchOf[key] = watch;
    return 0;
}

void Inotify::forget(const std::string& key)
{
    const std::string below = key + '/';
    auto next = m_watchOf.lower_bound(key);
    while (next != m_watchOf.end() && (key.empty() || next->first.starts_with(key))) {
        if (!key.empty() && next->first != key && !next->first.starts_with(below)) {
            ++next; // "key-2" lies between "key" and "key/"
            continue;
        }
        ::inotify_rm_watch(m_descriptor, next->second);
        m_keyOf.erase(next->second);
        next = m_watchOf.erase(next);
    }
}

std::vector<Inotify::Event> Inotify::read()
{
    alignas(inotify_event) std::array<char, 65'536> buffer;
    std::vector<Event> events;
    const ssize_t length = ::read(m_descriptor, buffer.data(), buffer.size());
    for (ssize_t at = 0; at < length;) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const char* name = event.len > 0 ? buffer.data() + at + sizeof event : "";
        at += static_cast<ssize_t>(sizeof event + event.len);
        if (event.mask & IN_Q_OVERFLOW) {
            events.push_back({.mask = event.mask});
            continue;
        }
        const auto key = m_keyOf.find(event.wd);
        if (key == m_keyOf.end())
            continue; // of a folder we have stopped watching
        events.push_back({.folder = key->second, .name = name, .mask = event.mask});
        if (event.mask & IN_IGNORED) { // the kernel has dropped this watch
            const auto watch = m_watchOf.find(key->second);
            if (watch != m_watchOf.end() && watch->second == event.wd)
                m_watchOf.erase(watch);
            m_keyOf.erase(key);
        }
    }
    return events;
}

} // namespace coldframe::sources
