#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/backend_figures.h"
#include "sim/occupancy.h"

namespace coldframe::sim {

/// What functions share: a database, an API. Nothing of it scales by itself.
struct BackendRules {
    enum class Discipline : std::uint8_t {
        Fifo, ///< a server works on one visit; first come, first served
        Sharing, ///< each of n visits gets min(1, servers / n) of a server
    };
    enum class OverLimit : std::uint8_t {
        Error, ///< a visit that finds no connection is refused
        Wait, ///< it waits for one, first come, first served
    };
    std::string name;
    std::uint32_t servers = 1; ///< 1 or more
    Discipline discipline = Discipline::Fifo;
    std::uint32_t maxConnections = 0; ///< visits inside at once, those that wait for a server
                                      ///< included; 0: any number
    OverLimit overLimit = OverLimit::Error;
};

/// One backend in virtual time: visits come, wait, are served and go. It knows no clock and draws
/// nothing; same calls, same answers, to the last bit.
///
/// Times are ns and never go backwards. Before anything else happens later than next(), end() has
/// to be called with that time.
class Backend {
public:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

    Backend(const BackendRules& rules, const Window& window);

    /// A visit begins. `service` is what it takes of one server, in ns; `visitor` is given back
    /// when it ends. Returns its id until then; nothing when it is refused.
    std::optional<std::uint32_t> enter(std::int64_t now, std::int64_t service,
                                       std::uint32_t visitor);
    /// Nobody waits for this visit any more. If it waits, it is gone; a server that works on it
    /// knows nothing of that, and it keeps its connection to its end.
    void leave(std::int64_t now, std::uint32_t visit);
    /// When the next visit ends, if nothing else happens; kNever when none is served.
    std::int64_t next() const { return m_next; }
    /// Ends what is due: appends the visitors who have their answer, in order.
    void end(std::int64_t now, std::vector<std::uint32_t>& visitors);

    /// Counts what is left as open, and gives the figures.
    BackendFigures close();

private:
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    struct Visit {
        enum class State : std::uint8_t { Free, WantsConnection, WantsServer, Served };
        State state = State::Free;
        bool left = false; ///< nobody waits for it
        std::uint32_t visitor = 0, before = kNone, behind = kNone; ///< in its line
        std::int64_t beganAt = 0, service = 0;
    };
    struct Line {
        std::uint32_t first = kNone, last = kNone;
        std::uint64_t length = 0;
    };
    /// A visit in service, by how much work each must have got for it to be done.
    struct Goal {
        cost::Wide work = 0;
        std::uint64_t order = 0; ///< of beginning: breaks ties
        std::uint32_t visit = 0;
        bool operator<(const Goal& b) const // the earliest on top of a heap
        {
            return work != b.work ? work > b.work : order > b.order;
        }
    };

    bool counts(const Visit& visit) const
    {
        return visit.beganAt >= m_window.from && visit.beganAt < m_window.to;
    }
    bool connectionFree() const
    {
        return m_rules.maxConnections == 0 || m_connected < m_rules.maxConnections;
    }
    void advance(std::int64_t now);
    void look();
    void push(Line& line, std::uint32_t visit);
    void unlink(Line& line, std::uint32_t visit);
    void connect(std::int64_t now, std::uint32_t visit);
    void serve(std::int64_t now, std::uint32_t visit);
    void admit(std::int64_t now);
    void note(std::int64_t now);
    bool gone(std::int64_t now, const Visit& visit);
    void finish(std::int64_t now, std::uint32_t visit, std::vector<std::uint32_t>& visitors);

    BackendRules m_rules;
    Window m_window;
    std::vector<Visit> m_visits;
    std::vector<std::uint32_t> m_free;
    Line m_forConnection, m_forServer;
    std::uint64_t m_connected = 0;
    std::vector<Goal> m_goals; ///< a heap: those in service
    std::uint64_t m_order = 0;
    cost::Wide m_work = 0; ///< what each visit in service has got, had it been there from the start
    std::int64_t m_now = 0, m_next = kNever;
    BackendFigures m_figures;
    Occupancy m_busy, m_connections, m_waiting;
};

} // namespace coldframe::sim
