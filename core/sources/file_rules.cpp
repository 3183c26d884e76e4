#include <fcntl.h>

#include <algorithm>

#include "sources/folder_tracker.h"

namespace coldframe::sources {

namespace {

using std::chrono::milliseconds;

/// A file that was created but not closed within this time may be one that nobody will close: made
/// by link(2) or mknod(2). Doubled at each look while somebody writes it.
constexpr milliseconds kFirstLook{100};
constexpr milliseconds kLongestPause{2'000};
/// Until a file that a scan met in its first moments is looked at again.
constexpr milliseconds kYoung{25};
/// Where writers cannot be seen, a file counts as complete after this long without a change.
constexpr milliseconds kQuiet{500};
/// Times of files may stand still this long between two writes (the kernel's tick, 4 to 10 ms).
constexpr std::chrono::nanoseconds kCoarseTime = milliseconds(20);

bool isFresh(const Fingerprint& fingerprint)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return now - std::chrono::nanoseconds(fingerprint.mtimeNs) < kCoarseTime;
}

} // namespace

void FolderTracker::wait(const std::string& key, Clock::duration time)
{
    m_waiting.add(key, {.due = m_now + time, .settled = true});
}

/// A name has appeared. Mostly its writer closes it soon; a link has no writer.
void FolderTracker::created(const std::string& key)
{
    const Probe file = probe(AT_FDCWD, pathOf(key).c_str());
    if (file.kind != Probe::Kind::File)
        return;
    if (file.fromElsewhere)
        found(key, file);
    else
        wait(key, std::max<Clock::duration>(kFirstLook, m_options.settle));
}

/// A writer closed the file, or it was renamed into place.
void FolderTracker::closed(const std::string& key, bool renamed)
{
    if (m_options.settle.count() > 0)
        return wait(key, m_options.settle);
    const std::string path = pathOf(key);
    const Probe file = probe(AT_FDCWD, path.c_str());
    if (file.kind != Probe::Kind::File)
        return m_waiting.erase(key);
    const auto known = m_known.find(key);
    // Two writes within one tick of the clock can leave the same size and time: a second close so
    // soon after the first is believed.
    if (known && known->fingerprint == file.fingerprint && !known->racy)
        return m_waiting.erase(key);
    if (renamed && writersOf(AT_FDCWD, path.c_str()) == Writers::Some)
        return wait(key, kFirstLook);
    // A writer that renamed its file before it closed it will be heard of once more: that close is
    // believed only if it changed something.
    tellCreated(key, file.fingerprint, !renamed);
}

/// A scan met the file, or a look at it was due.
void FolderTracker::found(const std::string& key, const Probe& file)
{
    if (m_starting) {
        m_known.set(key, {.fingerprint = file.fingerprint, .atStart = true});
        return;
    }
    const auto known = m_known.find(key);
    if (known)
        m_known.seen(key);
    if (known && known->fingerprint == file.fingerprint)
        return;
    checkAgain(key, {.due = m_now});
}

/// Tells of a new or changed file if it is complete; else lets it wait.
void FolderTracker::checkAgain(const std::string& key, WaitingFiles::Waiting waiting)
{
    const std::string path = pathOf(key);
    const Probe file = probe(AT_FDCWD, path.c_str());
    const auto known = m_known.find(key);
    if (file.kind != Probe::Kind::File || (known && known->fingerprint == file.fingerprint))
        return m_waiting.erase(key);
    const bool still = waiting.checks > 0 && waiting.seen == file.fingerprint;
    Clock::duration pause{};
    switch (writersOf(AT_FDCWD, path.c_str())) {
    case Writers::None:
        // Between the making of a file and its first open for writing nobody has it open, and a
        // writer may have come and gone since it was looked at: what is young and empty, or has
        // just changed, is looked at once more. Mostly its close comes first.
        if ((file.fingerprint.size == 0 && isFresh(file.fingerprint))
            || probe(AT_FDCWD, path.c_str()).fingerprint != file.fingerprint) {
            pause = kYoung;
            break;
        }
        if (m_options.settle.count() == 0 || waiting.settled || still)
            return tellCreated(key, file.fingerprint, false);
        pause = m_options.settle;
        break;
    case Writers::Some:
        pause = std::min(kFirstLook * (1 << std::min(waiting.checks, 5)), kLongestPause);
        break;
    case Writers::Unknown:
        if (still)
            return tellCreated(key, file.fingerprint, false);
        pause = std::max(kQuiet, m_options.settle);
        break;
    }
    m_waiting.add(key,
                  {.due = m_now + pause, .checks = waiting.checks + 1, .seen = file.fingerprint});
}

/// The name is gone. A scan may have met its successor before this event was read: then what is
/// there is what is known, and nothing is told.
void FolderTracker::removed(const std::string& key)
{
    m_waiting.erase(key);
    const auto known = m_known.find(key);
    if (!known)
        return;
    const Probe file = probe(AT_FDCWD, pathOf(key).c_str());
    if (file.kind == Probe::Kind::File && file.fingerprint == known->fingerprint)
        return;
    m_known.erase(key);
    m_tell({.kind = FileChange::Kind::Removed,
            .key = key,
            .size = known->fingerprint.size,
            .inode = known->fingerprint.inode,
            .mtimeNs = known->fingerprint.mtimeNs,
            .seenAt = m_now});
}

void FolderTracker::tellCreated(const std::string& key, const Fingerprint& fingerprint,
                                bool byEvent)
{
    m_waiting.erase(key);
    const bool overwrote = m_known.find(key).has_value();
    m_known.set(key, {.fingerprint = fingerprint, .racy = byEvent && isFresh(fingerprint)});
    m_tell({.overwrote = overwrote,
            .key = key,
            .size = fingerprint.size,
            .inode = fingerprint.inode,
            .mtimeNs = fingerprint.mtimeNs,
            .seenAt = m_now});
}

} // namespace coldframe::sources
