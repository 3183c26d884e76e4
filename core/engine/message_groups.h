#pragma once

#include <cstdint>
#include <unordered_map>

#include "engine/message.h"

namespace coldframe::engine {

/// The groups of a FIFO queue: messages in the order they were sent, and which groups may give one.
/// A group with a message in flight, or whose first is delayed, gives none. Groups take turns.
class MessageGroups {
public:
    /// To the end of the group with that key, which begins with its first message.
    void append(Messages& messages, std::uint32_t slot, std::uint64_t key);
    /// Out of its group, wherever it stands.
    void remove(Messages& messages, std::uint32_t slot);
    /// Call after a message's state changed; `inFlight` is +1, -1 or 0.
    void changed(Messages& messages, std::uint32_t slot, int inFlight);

    /// The first message of the group whose turn it is; kNoSlot: no group may give one.
    std::uint32_t first() const;
    std::uint64_t keyOf(std::uint32_t group) const { return m_groups[group].key; }
    std::uint32_t size() const { return m_groups.alive(); }

    template <typename Archive> void archive(Archive& with)
    {
        with(m_groups), with(m_head), with(m_tail);
        if (m_byKey.empty()) // just read
            for (std::uint32_t slot = 0; slot < m_groups.capacity(); ++slot)
                if (m_groups[slot].serial != 0)
                    m_byKey[m_groups[slot].key] = slot;
    }

private:
    struct Group {
        std::uint32_t serial = 0;
        std::uint32_t head = kNoSlot, tail = kNoSlot; ///< messages
        std::uint32_t inFlight = 0;
        std::uint32_t previous = kNoSlot, next = kNoSlot; ///< among groups that may give one
        bool listed = false;
        std::uint64_t key = 0;
    };
    void list(const Messages& messages, std::uint32_t group);
    void unlist(std::uint32_t group);

    Slots<Group> m_groups;
    std::unordered_map<std::uint64_t, std::uint32_t> m_byKey; ///< never walked: it has no order
    std::uint32_t m_head = kNoSlot, m_tail = kNoSlot; ///< groups that may give one
};

} // namespace coldframe::engine
