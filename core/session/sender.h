#pragma once

#include <memory>
#include <optional>

#include <utility> // before asio

#include <boost/asio/steady_timer.hpp>

#include "live/event.h"
#include "session/event_template.h"
#include "session/request_ids.h"
#include "session/session.h"
#include "sources/arrivals.h"

namespace coldframe::session {

class Run;

/// Events sent by hand: one, many at once, or at a rate. On the live thread.
class Sender {
public:
    explicit Sender(Run& run);

    void send(const SendRequest& request, std::uint64_t count, Session::Done each,
              Session::Started started = {});
    void sendAtRate(SendRequest request, sources::Arrivals arrivals, Session::Done each);
    void stop();
    bool busy() const { return m_arrivals.has_value() || m_left > 0; }

private:
    struct Prepared {
        FunctionId function = 0;
        engine::Delivery delivery{};
        live::Text body; ///< null when it is filled in for each
        std::shared_ptr<const EventTemplate> varying;
        std::string source;
        std::shared_ptr<const Session::Done> done;
        Session::Started started; ///< of a single one
    };
    std::optional<Error> prepare(const SendRequest& request, Session::Done each, Prepared& out);
    void submit(const Prepared& prepared);
    void sendSome(std::shared_ptr<const Prepared> prepared, std::uint64_t left);
    live::Text bodyOf(const Prepared& prepared);
    void arm();

    Run& m_run;
    RequestIds m_uuids;
    std::uint64_t m_counter = 0; ///< {{counter}} of the last event that had one
    std::uint64_t m_left = 0;
    std::optional<sources::Arrivals> m_arrivals;
    std::optional<Duration> m_nextOffset;
    std::chrono::steady_clock::time_point m_startedAt{};
    Prepared m_rated;
    boost::asio::steady_timer m_timer;
};

} // namespace coldframe::session
