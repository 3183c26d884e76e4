#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/ids.h"
#include "model/time.h"

namespace coldframe::engine {

/// Which deduplication ids a FIFO queue has seen of late. An id counts for a fixed time from its
/// first message on, also when that is received and deleted meanwhile. Ids are 64-bit hashes.
class Deduplication {
public:
    /// The message that brought this id in the window before `now`, up to and including both ends.
    std::optional<MessageId> find(TimePoint now, Duration window, std::uint64_t id) const;
    void add(TimePoint now, Duration window, std::uint64_t id, MessageId message);
    std::size_t size() const { return m_byId.size(); }

    template <typename Archive> void archive(Archive& with)
    {
        with(m_seen), with(m_first);
        if (m_byId.empty()) // just read
            for (std::size_t i = m_first; i < m_seen.size(); ++i)
                m_byId[m_seen[i].id] = m_seen[i];
    }

private:
    struct Seen {
        std::uint64_t id = 0;
        MessageId message;
        TimePoint at{};
    };
    std::vector<Seen> m_seen; ///< in the order they came; those before m_first are forgotten
    std::uint64_t m_first = 0;
    std::unordered_map<std::uint64_t, Seen> m_byId; ///< the latest of each id; never walked
};

} // namespace coldframe::engine
