#include "engine/idle_set.h"

#include <algorithm>
#include <cstddef>

namespace coldframe::engine {

IdleSet::Member IdleSet::takeByAge(std::uint32_t n)
{
    std::vector<Member> byAge = m_byIdle;
    std::ranges::nth_element(byAge, byAge.begin() + n, {}, &Member::serial);
    const Member chosen = byAge[n];
    remove(chosen.slot);
    return chosen;
}

void IdleSet::remove(std::uint32_t slot)
{
    // What is retired is mostly what has been idle longest, at the front.
    const auto found = std::ranges::find(m_byIdle, slot, &Member::slot);
    if (found != m_byIdle.end())
        m_byIdle.erase(found);
}

std::size_t IdleSet::extreme(bool newest) const
{
    const auto found = newest ? std::ranges::max_element(m_byIdle, {}, &Member::serial)
                              : std::ranges::min_element(m_byIdle, {}, &Member::serial);
    return static_cast<std::size_t>(found - m_byIdle.begin());
}

IdleSet::Member IdleSet::takeAt(std::size_t index)
{
    const Member member = m_byIdle[index];
    m_byIdle.erase(m_byIdle.begin() + static_cast<std::ptrdiff_t>(index));
    return member;
}

} // namespace coldframe::engine
