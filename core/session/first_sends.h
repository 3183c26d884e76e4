#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include "model/ids.h"
#include "model/time.h"

namespace coldframe::session {

/// What was answered to whoever sent the first message of a deduplication id. A duplicate gets the
/// same answer, also when the first one is long deleted.
class FirstSends {
public:
    struct Answer {
        std::string messageId;
        std::uint64_t sequence = 0;
    };
    /// `sentAt` in order. Forgets those that were sent more than `window` before.
    void add(TimePoint sentAt, Duration window, MessageId first, Answer answer);
    /// Null: not known, or forgotten.
    const Answer* find(MessageId first) const;

private:
    struct Sent {
        TimePoint at{};
        std::uint32_t serial = 0;
    };
    std::deque<Sent> m_order;
    std::unordered_map<std::uint32_t, Answer> m_answers; ///< by serial of the MessageId
};

} // namespace coldframe::session
