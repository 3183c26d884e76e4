// Where a run can be reached: the Invoke API, buckets and queues, each on a loopback port.

#include <fmt/format.h>

#include "session/api_server.h"
#include "session/bucket_server.h"
#include "session/queue_server.h"
#include "session/run.h"

namespace coldframe::session {

/// They are served once the live thread runs.
Result<void> Run::openEndpoints()
{
    m_api = std::make_unique<ApiServer>(*this);
    const auto api = m_api->listen(m_options.servePort.value_or(0));
    if (!api)
        return tl::unexpected(api.error());
    m_apiPort = *api;
    if (m_options.servePort)
        m_invokePort = *api;
    m_buckets = std::make_unique<BucketServer>(*this);
    const auto buckets = m_buckets->listen(m_options.s3Port);
    if (!buckets)
        return tl::unexpected(buckets.error());
    m_s3Port = *buckets;
    m_queueServer = std::make_unique<QueueServer>(*this);
    const auto queues = m_queueServer->listen(m_options.sqsPort);
    if (!queues)
        return tl::unexpected(queues.error());
    m_sqsPort = *queues;
    return {};
}

PlanContext Run::planContext() const
{
    return {m_resources,
            m_state->instances(),
            m_options.fidelity,
            fmt::format("http://127.0.0.1:{}", m_s3Port),
            fmt::format("http://127.0.0.1:{}", m_apiPort),
            fmt::format("http://127.0.0.1:{}", m_sqsPort),
            m_trusted};
}

} // namespace coldframe::session
