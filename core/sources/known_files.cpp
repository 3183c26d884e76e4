#include "sources/known_files.h"

namespace coldframe::sources {

namespace {

FileChange changeOf(const std::string& key, const Fingerprint& fingerprint)
{
    return {.key = key,
            .size = fingerprint.size,
            .inode = fingerprint.inode,
            .mtimeNs = fingerprint.mtimeNs,
            .seenAt = std::chrono::steady_clock::now()};
}

} // namespace

std::optional<KnownFiles::Known> KnownFiles::find(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_files.find(key);
    return found == m_files.end() ? std::nullopt : std::optional(found->second.known);
}

void KnownFiles::set(const std::string& key, const Known& known)
{
    const std::lock_guard lock(m_mutex);
    Entry& entry = m_files[key];
    m_present += std::size_t{known.atStart} - std::size_t{entry.known.atStart};
    entry = {known, m_scan};
}

void KnownFiles::erase(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_files.find(key);
    if (found == m_files.end())
        return;
    m_present -= std::size_t{found->second.known.atStart};
    m_files.erase(found);
}

void KnownFiles::beginScan()
{
    const std::lock_guard lock(m_mutex);
    ++m_scan;
}

void KnownFiles::seen(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_files.find(key); found != m_files.end())
        found->second.scan = m_scan;
}

template <typename Wanted>
std::vector<std::string> KnownFiles::keysBelow(const std::string& folder, Wanted wanted) const
{
    const std::string prefix = folder.empty() ? folder : folder + '/';
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> keys;
    for (auto at = m_files.lower_bound(prefix);
         at != m_files.end() && at->first.starts_with(prefix); ++at)
        if (wanted(at->second))
            keys.push_back(at->first);
    return keys;
}

std::vector<std::string> KnownFiles::unseenBelow(const std::string& folder) const
{
    return keysBelow(folder, [&](const Entry& entry) { return entry.scan != m_scan; });
}

std::vector<std::string> KnownFiles::below(const std::string& folder) const
{
    return keysBelow(folder, [](const Entry&) { return true; });
}

std::vector<FileChange> KnownFiles::present() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<FileChange> changes;
    changes.reserve(m_present);
    for (const auto& [key, entry] : m_files)
        if (entry.known.atStart)
            changes.push_back(changeOf(key, entry.known.fingerprint));
    return changes;
}

std::vector<FileChange> KnownFiles::takePresent()
{
    const std::lock_guard lock(m_mutex);
    std::vector<FileChange> changes;
    changes.reserve(m_present);
    for (auto& [key, entry] : m_files) {
        if (entry.known.atStart)
            changes.push_back(changeOf(key, entry.known.fingerprint));
        entry.known.atStart = false;
    }
    m_present = 0;
    return changes;
}

std::size_t KnownFiles::presentCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_present;
}

} // namespace coldframe::sources
