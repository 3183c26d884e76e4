#include "session/destinations.h"

#include <algorithm>

#include "session/queues.h"
#include "session/run.h"
#include "sources/file_event.h"

// The stores that results go to, as others see them.
namespace coldframe::session {

namespace {

std::string hopKey(const std::string& store, const std::string& key)
{
    return store + '\0' + key;
}

} // namespace

std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>>
Destinations::stores() const
{
    std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>> all;
    for (const std::string& name : m_order)
        if (const auto it = m_places.find(name); it != m_places.end())
            if (auto folder = it->second.sink->folder())
                all[name] = std::move(folder);
    return all;
}

/// Only where somebody will ask for it: a store that triggers nothing is never asked for.
void Destinations::expectWrite(const std::string& store, const std::string& key, std::uint32_t hops)
{
    const auto workspace = m_run.workspace();
    const bool watched = std::ranges::any_of(workspace->triggers, [&](const Trigger& trigger) {
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        return file && file->store == store && sources::matches(*file, key);
    });
    if (!watched)
        return;
    const std::lock_guard lock(m_hopsMutex);
    m_hops[hopKey(store, key)] = hops;
}

std::uint32_t Destinations::hopsOf(const std::string& store, const std::string& key)
{
    const std::lock_guard lock(m_hopsMutex);
    const auto it = m_hops.find(hopKey(store, key));
    if (it == m_hops.end())
        return 0;
    const std::uint32_t hops = it->second;
    m_hops.erase(it);
    return hops;
}

/// Counts the objects of all stores, off the live thread; one count at a time.
void Destinations::count()
{
    if (m_counting)
        return;
    m_counting = true;
    std::vector<std::pair<std::string, std::shared_ptr<Sink>>> list;
    for (const auto& [name, place] : m_places)
        list.emplace_back(name, place.sink);
    m_run.aside([this, list = std::move(list)] {
        std::map<std::string, std::uint64_t> counts;
        for (const auto& [name, sink] : list)
            counts[name] = sink->count();
        m_run.post([this, counts = std::move(counts)] {
            m_counting = false;
            for (const auto& [name, objects] : counts)
                if (std::exchange(m_places[name].objects, objects) != objects)
                    m_run.changed();
        });
    });
}

void Destinations::fill(Snapshot& snapshot)
{
    for (const std::string& name : m_order)
        snapshot.stores.push_back(
            {m_places[name].objects, m_places[name].problem, m_run.queues().view(name)});
}

/// Files come and go without the run: every two seconds while anything moves, else every ten.
void Destinations::beat()
{
    if (++m_beats % (m_run.idle() ? 100 : 20) == 0)
        count();
}

} // namespace coldframe::session
