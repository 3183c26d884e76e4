#include "session/bucket_server.h"

#include "s3/endpoint.h"
#include "session/destinations.h"
#include "session/run.h"
#include "session/store_accounts.h"

namespace coldframe::session {

class BucketServer::Hands {
public:
    explicit Hands(Run& run) : m_run(run) { }

    Result<std::uint16_t> listen(std::uint16_t port)
    {
        s3::EndpointOptions options;
        options.state = m_run.state().path() / "s3";
        options.post
            = [this](std::function<void()> work) { boost::asio::post(m_workers, std::move(work)); };
        options.now = [this] { return m_run.driver().now(); };
        options.writing = [this](const std::string& accessKey, const std::string& bucket,
                                 const std::string& key) { writing(accessKey, bucket, key); };
        options.finished = [this](const s3::RequestReport& report) { finished(report); };
        auto endpoint = s3::Endpoint::listen(m_run.io(), port, std::move(options));
        if (!endpoint)
            return tl::unexpected(endpoint.error());
        m_endpoint = std::move(*endpoint);
        return m_endpoint->port();
    }

    s3::Endpoint& endpoint() { return *m_endpoint; }
    std::map<std::string, s3::Endpoint::Store, std::less<>> stores() const
    {
        // A workspace that nobody vouches for may name any folder of the user's as a store.
        if (!m_run.trusted())
            return {};
        return m_run.destinations().stores();
    }
    StoreAccounts& accounts() { return m_accounts; }
    void join() { m_workers.join(); }

private:
    /// A function whose output makes an event for another one adds a hop to the chain: known before
    /// the file is seen.
    void writing(const std::string& accessKey, const std::string& bucket, const std::string& key)
    {
        const auto instance = instanceOf(accessKey);
        if (const live::Event* event = instance ? m_run.driver().servedBy(*instance) : nullptr)
            m_run.destinations().expectWrite(bucket, key, event->hops + 1);
    }

    void finished(const s3::RequestReport& report)
    {
        if (s3::makesObject(report.operation) && (report.status < 200 || report.status >= 300))
            m_run.destinations().hopsOf(report.bucket, report.key); // nothing was written
        if (const auto instance = instanceOf(report.accessKey))
            m_accounts.add(*instance, report);
    }

    Run& m_run;
    boost::asio::thread_pool m_workers{2}; ///< apart from the run's: a long copy blocks no result
    std::unique_ptr<s3::Endpoint> m_endpoint;
    StoreAccounts m_accounts;
};

BucketServer::BucketServer(Run& run) : m_hands(std::make_unique<Hands>(run)) { }

BucketServer::~BucketServer() = default;

Result<std::uint16_t> BucketServer::listen(std::uint16_t port)
{
    return m_hands->listen(port);
}

void BucketServer::adopt()
{
    m_hands->endpoint().setBuckets(m_hands->stores());
}

void BucketServer::sent(std::uint32_t instance, const std::string& queue,
                        const std::string& messageId, std::uint64_t bytes)
{
    m_hands->accounts().sent(instance, queue, messageId, bytes);
}

StoreWork BucketServer::take(std::uint32_t instance)
{
    return m_hands->accounts().take(instance);
}

void BucketServer::forget(std::uint32_t instance)
{
    m_hands->accounts().forget(instance);
}

std::function<std::string(const std::string&, const std::string&)> BucketServer::etags() const
{
    return m_hands->endpoint().etags();
}

void BucketServer::close()
{
    m_hands->endpoint().close();
}

void BucketServer::join()
{
    m_hands->join();
}

} // namespace coldframe::session
