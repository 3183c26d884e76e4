#pragma once

#include <cstdint>
#include <vector>

namespace coldframe::engine {

/// The idle instances of one pool, kept in the two orders that dispatch can ask for: by the moment
/// they became idle and by age. Serials rise with age, and slots name the instances.
///
/// Both are plain vectors. The newest idle is at the back, so most-recently-used costs a pop; the
/// other orders cost a search and a move of at most a few KiB.
class IdleSet {
public:
    struct Member {
        std::uint32_t slot = 0, serial = 0;
    };
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_byIdle.size()); }
    bool empty() const { return m_byIdle.empty(); }

    void add(Member member) { m_byIdle.push_back(member); }
    Member takeMostRecent()
    {
        const Member member = m_byIdle.back();
        m_byIdle.pop_back();
        return member;
    }
    Member leastRecent() const { return m_byIdle.front(); }
    Member takeLeastRecent() { return takeAt(0); }
    Member takeNewest() { return takeAt(extreme(true)); }
    Member takeOldest() { return takeAt(extreme(false)); }
    /// `n` counts instances by age, oldest first, so the pick does not depend on use.
    Member takeByAge(std::uint32_t n);
    void remove(std::uint32_t slot);
    const std::vector<Member>& members() const { return m_byIdle; }

    template <typename Archive> void archive(Archive& with) { with(m_byIdle); }

private:
    std::size_t extreme(bool newest) const;
    Member takeAt(std::size_t index);
    std::vector<Member> m_byIdle; ///< longest idle first
};

} // namespace coldframe::engine
