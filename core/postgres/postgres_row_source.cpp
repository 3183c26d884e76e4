#include "postgres/postgres_row_source.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace coldframe::postgres {

using changes::CapturePlan;
using changes::ChangeBatch;
using Stream = PostgresChangeStream*;

namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstPause = 100ms; // assumptions, both
constexpr Duration kLongestPause = 3s;
constexpr Duration kSeeEvery = 5s; // a connection each time

} // namespace

Result<PostgresChangeStream*> PostgresRowSource::stream()
{
    if (m_stream && m_stream->descriptor() >= 0)
        return &*m_stream;
    Result<std::string> connection = m_address();
    if (!connection)
        return tl::unexpected(connection.error());
    if (!m_stream || *connection != m_connection) {
        m_connection = std::move(*connection);
        m_stream.emplace(ChangeStreamOptions{m_connection, m_names});
    }
    return &*m_stream;
}

template <typename Work> auto PostgresRowSource::with(const Work& work) -> decltype(work(nullptr))
{
    const Result<Stream> found = stream();
    return found ? work(*found) : tl::unexpected(found.error());
}

Result<changes::CaptureState> PostgresRowSource::inspect()
{
    return with([](Stream s) { return s->inspect(); });
}

Result<CapturePlan> PostgresRowSource::planInstall()
{
    return with([](Stream s) { return s->planInstall(); });
}

Result<CapturePlan> PostgresRowSource::planRemoval(const std::vector<std::string>&)
{
    return with([](Stream s) { return s->planRemoval(); });
}

Result<void> PostgresRowSource::install(const CapturePlan& agreed)
{
    return with([&](Stream s) { return s->install(agreed); });
}

Result<void> PostgresRowSource::remove(const CapturePlan& agreed, const std::vector<std::string>&)
{
    return with([&](Stream s) { return s->remove(agreed); });
}

Result<std::int64_t> PostgresRowSource::latest()
{
    return with([](Stream s) { return s->latest(); });
}

Result<void> PostgresRowSource::forget(std::int64_t upTo)
{
    return with([&](Stream s) { return s->forget(upTo); });
}

/// The stream does not tell that its table was dropped and created anew: it is looked at.
void PostgresRowSource::see()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_seenAt && now - *m_seenAt < kSeeEvery)
        return;
    m_seenAt = now;
    if (auto state = m_stream->inspect())
        m_state = std::move(*state);
}

Result<ChangeBatch> PostgresRowSource::read(std::int64_t after, changes::ReadLimit limit)
{
    Result<ChangeBatch> batch = with([&](Stream s) { return s->read(after, limit); });
    if (batch) {
        see();
        batch->state = m_state;
    }
    m_pause
        = batch ? Duration::zero() : std::clamp<Duration>(m_pause * 2, kFirstPause, kLongestPause);
    return batch;
}

void PostgresRowSource::wait(int wake, Duration most)
{
    const bool connected = m_pause == Duration::zero() && m_stream;
    const Duration pause = connected ? most : std::min(m_pause, most);
    std::array<pollfd, 2> ready{pollfd{wake, POLLIN, 0},
                                pollfd{connected ? m_stream->descriptor() : -1, POLLIN, 0}};
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(pause).count();
    ::poll(ready.data(), ready.size(), static_cast<int>(ms));
}

} // namespace coldframe::postgres
