#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "history/attempt_row.h"
#include "session/session.h"

namespace coldframe::session {

class Run;

/// Sends recorded events again, in the order given: a synchronous one when all before it have been
/// answered, so that they never throttle each other; asynchronous ones as fast as the journal takes
/// them. On the live thread; events are read by a worker, a few at a time.
class Resender {
public:
    explicit Resender(Run& run) : m_run(run) { }

    void send(const std::vector<history::AttemptRow>& rows, Session::AgainDone each);
    void stop();
    bool busy() const { return !m_rows.empty() || !m_ready.empty() || m_loading; }

private:
    using Each = std::shared_ptr<const Session::AgainDone>;
    struct Item {
        history::AttemptRow row;
        Each each;
        std::string event; ///< once it has been read
    };
    void goOn();
    void load();
    void submit(Item item);

    Run& m_run;
    std::deque<Item> m_rows; ///< to be read
    std::deque<Item> m_ready; ///< read
    bool m_loading = false;
    bool m_callerWaits = false; ///< the one under way is synchronous
    std::size_t m_unanswered = 0;
    std::uint64_t m_generation = 0; ///< what is read for an older one is dropped
};

} // namespace coldframe::session
