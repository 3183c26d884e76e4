#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/error.h"
#include "model/store_work.h"

namespace coldframe::session {

class Run;

/// The S3 endpoint of a run: its folder stores as buckets, for its functions. On the live thread.
class BucketServer {
public:
    explicit BucketServer(Run& run);
    ~BucketServer();

    /// Begins to listen; 0 takes any free port. Returns the port.
    /// Errors: Unavailable for a taken or forbidden port, LimitReached, Io.
    Result<std::uint16_t> listen(std::uint16_t port);
    /// The stores are those that the destinations have opened.
    void adopt();
    /// The instance has sent a message into a queue, which is an output of its attempt.
    void sent(std::uint32_t instance, const std::string& queue, const std::string& messageId,
              std::uint64_t bytes);
    /// What the instance did since the last time.
    StoreWork take(std::uint32_t instance);
    void forget(std::uint32_t instance);
    /// The ETag of an object, as requests tell it; from any thread.
    std::function<std::string(const std::string& store, const std::string& key)> etags() const;

    /// Drops all callers.
    void close();
    /// After close(), once the live thread has ended: waits for work in the background.
    void join();

private:
    class Hands;
    std::unique_ptr<Hands> m_hands;
};

} // namespace coldframe::session
