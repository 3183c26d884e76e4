#include "sim/backend.h"

#include <algorithm>
#include <cassert>

namespace coldframe::sim {

namespace {

/// Work is counted in parts of a nanosecond, so that what sharing rounds away does not add up.
constexpr unsigned kWorkBits = 20;

Window withoutSteps(Window window)
{
    window.step = 0;
    return window;
}

} // namespace

Backend::Backend(const BackendRules& rules, const Window& window)
    : m_rules(rules), m_window(window), m_busy(withoutSteps(window)),
      m_connections(withoutSteps(window)), m_waiting(withoutSteps(window))
{
    assert(rules.servers > 0);
}

/// All visits in service get the same: the whole of a server each, or equal shares of all. Who came
/// when does not matter to how much a visit gets from now on, so one number tells it for all.
void Backend::advance(std::int64_t now)
{
    assert(now >= m_now && now <= std::max(m_next, m_now));
    const auto time = static_cast<cost::Wide>(now - m_now) << kWorkBits;
    const cost::Wide inService = m_goals.size();
    m_now = now;
    m_work += inService <= m_rules.servers ? time : time * m_rules.servers / inService;
}

/// The first whole nanosecond at which the next goal is reached.
void Backend::look()
{
    if (m_goals.empty()) {
        m_next = kNever;
        return;
    }
    const cost::Wide goal = m_goals.front().work;
    const cost::Wide rest = goal > m_work ? goal - m_work : 0;
    const cost::Wide inService = m_goals.size(), servers = m_rules.servers;
    const cost::Wide one = cost::Wide{1} << kWorkBits;
    const cost::Wide after = inService <= servers
        ? (rest + one - 1) / one
        : (rest * inService + servers * one - 1) / (servers * one);
    const auto most = static_cast<cost::Wide>(kNever - m_now);
    m_next = m_now + static_cast<std::int64_t>(std::min(after, most));
}

void Backend::push(Line& line, std::uint32_t visit)
{
    m_visits[visit].before = line.last;
    m_visits[visit].behind = kNone;
    (line.last == kNone ? line.first : m_visits[line.last].behind) = visit;
    line.last = visit;
    ++line.length;
}

void Backend::unlink(Line& line, std::uint32_t visit)
{
    const Visit& gone = m_visits[visit];
    (gone.before == kNone ? line.first : m_visits[gone.before].behind) = gone.behind;
    (gone.behind == kNone ? line.last : m_visits[gone.behind].before) = gone.before;
    --line.length;
}

std::optional<std::uint32_t> Backend::enter(std::int64_t now, std::int64_t service,
                                            std::uint32_t visitor)
{
    advance(now);
    const Visit made{.visitor = visitor, .beganAt = now, .service = service};
    m_figures.visits += counts(made);
    if (!connectionFree() && m_rules.overLimit == BackendRules::OverLimit::Error) {
        m_figures.refused += counts(made);
        return std::nullopt;
    }
    auto visit = static_cast<std::uint32_t>(m_visits.size());
    if (m_free.empty()) {
        m_visits.push_back(made);
    } else {
        visit = m_free.back();
        m_free.pop_back();
        m_visits[visit] = made;
    }
    if (connectionFree()) {
        connect(now, visit);
    } else {
        m_visits[visit].state = Visit::State::WantsConnection;
        push(m_forConnection, visit);
    }
    note(now);
    return visit;
}

void Backend::connect(std::int64_t now, std::uint32_t visit)
{
    ++m_connected;
    if (m_rules.discipline == BackendRules::Discipline::Sharing
        || m_goals.size() < m_rules.servers) {
        serve(now, visit);
    } else {
        m_visits[visit].state = Visit::State::WantsServer;
        push(m_forServer, visit);
    }
}

void Backend::serve(std::int64_t now, std::uint32_t visit)
{
    Visit& served = m_visits[visit];
    served.state = Visit::State::Served;
    if (counts(served)) {
        ++m_figures.served;
        m_figures.waitNs += static_cast<std::uint64_t>(now - served.beganAt);
        m_figures.wait.add(now - served.beganAt);
    }
    const auto work = static_cast<cost::Wide>(served.service) << kWorkBits;
    m_goals.push_back({m_work + work, m_order++, visit});
    std::push_heap(m_goals.begin(), m_goals.end());
}

/// A server or a connection may have become free.
void Backend::admit(std::int64_t now)
{
    while (m_forServer.length > 0 && m_goals.size() < m_rules.servers) {
        const std::uint32_t visit = m_forServer.first;
        unlink(m_forServer, visit);
        serve(now, visit);
    }
    while (m_forConnection.length > 0 && connectionFree()) {
        const std::uint32_t visit = m_forConnection.first;
        unlink(m_forConnection, visit);
        connect(now, visit);
    }
}

void Backend::leave(std::int64_t now, std::uint32_t visit)
{
    advance(now);
    Visit& left = m_visits[visit];
    assert(left.state != Visit::State::Free && !left.left);
    if (left.state == Visit::State::Served) {
        left.left = true;
        return;
    }
    m_figures.withdrawn += gone(now, left);
    if (left.state == Visit::State::WantsServer) {
        unlink(m_forServer, visit);
        --m_connected;
    } else {
        unlink(m_forConnection, visit);
    }
    left.state = Visit::State::Free;
    m_free.push_back(visit);
    admit(now);
    note(now);
}

/// Whether its end counts: what ends after the run is open at its end.
bool Backend::gone(std::int64_t now, const Visit& visit)
{
    if (!counts(visit))
        return false;
    if (now > m_window.to)
        ++m_figures.open;
    return now <= m_window.to;
}

void Backend::end(std::int64_t now, std::vector<std::uint32_t>& visitors)
{
    advance(now);
    while (!m_goals.empty() && m_goals.front().work <= m_work) {
        const std::uint32_t visit = m_goals.front().visit;
        std::pop_heap(m_goals.begin(), m_goals.end());
        m_goals.pop_back();
        finish(now, visit, visitors);
    }
    admit(now);
    note(now);
}

void Backend::finish(std::int64_t now, std::uint32_t visit, std::vector<std::uint32_t>& visitors)
{
    Visit& done = m_visits[visit];
    const bool counted = gone(now, done);
    if (!done.left) {
        visitors.push_back(done.visitor);
        m_figures.answered += counted;
        if (counted) {
            m_figures.responseNs += static_cast<std::uint64_t>(now - done.beganAt);
            m_figures.response.add(now - done.beganAt);
        }
    } else {
        m_figures.abandoned += counted;
    }
    done.state = Visit::State::Free;
    m_free.push_back(visit);
    --m_connected;
}

/// After every change: when the next ends, and the counts.
void Backend::note(std::int64_t now)
{
    look();
    const auto change = [now](Occupancy& occupancy, std::uint64_t count) {
        occupancy.change(now, static_cast<std::int64_t>(count) - occupancy.count());
    };
    change(m_busy, std::min<std::uint64_t>(m_goals.size(), m_rules.servers));
    change(m_connections, m_connected);
    change(m_waiting, m_forConnection.length + m_forServer.length);
}

BackendFigures Backend::close()
{
    m_busy.close(), m_connections.close(), m_waiting.close();
    m_figures.busyNs = m_busy.integral();
    m_figures.connectionNs = m_connections.integral();
    m_figures.waitingNs = m_waiting.integral();
    m_figures.peakConnections = m_connections.peak();
    for (const Visit& visit : m_visits)
        m_figures.open += visit.state != Visit::State::Free && counts(visit);
    return std::move(m_figures);
}

} // namespace coldframe::sim
