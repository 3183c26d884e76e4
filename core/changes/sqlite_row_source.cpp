#include "changes/sqlite_row_source.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace coldframe::changes {

namespace {

TimePoint steadyNow()
{
    return TimePoint(std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace

Result<ChangeBatch> SqliteRowSource::read(std::int64_t after, ReadLimit limit)
{
    Result<ChangeBatch> batch = m_log.read(after, limit);
    m_locked = !batch && batch.error().code == Error::Code::Unavailable;
    return batch;
}

Result<void> SqliteRowSource::forget(std::int64_t upTo)
{
    const Result<std::size_t> forgotten = m_log.forget(upTo);
    return forgotten ? Result<void>() : tl::unexpected(forgotten.error());
}

void SqliteRowSource::wait(int wake, Duration most)
{
    if (!m_watch || m_watch->number() != 0 || m_watch->lost())
        m_watch = std::make_unique<DatabaseWatch>(m_file);
    const TimePoint end = steadyNow() + most;
    for (TimePoint now = steadyNow();; now = steadyNow()) {
        if (now >= m_looks.next()) {
            const bool news = m_log.touched();
            m_looks.looked(now, m_locked);
            if (news)
                return;
        }
        if (now >= end)
            return;
        const Duration pause = std::min(m_looks.next(), end) - now;
        const auto ms = std::chrono::ceil<std::chrono::milliseconds>(pause).count();
        std::array<pollfd, 2> ready{pollfd{wake, POLLIN, 0},
                                    pollfd{m_watch->descriptor(), POLLIN, 0}};
        ::poll(ready.data(), ready.size(), static_cast<int>(std::max<long>(ms, 0)));
        if (ready[1].revents != 0 && m_watch->drain())
            m_looks.written(steadyNow());
        if (ready[0].revents != 0)
            return;
    }
}

} // namespace coldframe::changes
