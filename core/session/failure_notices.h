#pragma once

#include <map>
#include <string>

#include "live/event.h"
#include "model/time.h"

namespace coldframe::session {

class Run;

/// Tells why events of triggers fail: of each trigger the first failure since an event of it
/// succeeded, so that nobody waits for a retry without a word, and not the same again within a
/// minute. Of queues and streams their own readers tell.
class FailureNotices {
public:
    explicit FailureNotices(Run& run) : m_run(run) { }

    /// An asynchronous event's attempt, or its last one. `next`: what becomes of it.
    void failed(const live::Event& event, const std::string& next);
    void succeeded(const live::Event& event);

private:
    struct Told {
        bool failing = false;
        std::string why;
        TimePoint at{};
    };
    Run& m_run;
    std::map<std::string, Told> m_told; ///< by trigger
};

} // namespace coldframe::session
