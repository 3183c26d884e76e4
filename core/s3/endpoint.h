#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "model/error.h"
#include "model/time.h"
#include "s3/operation.h"
#include "stores/folder_store.h"

namespace boost::asio {
class io_context;
}

namespace coldframe::s3 {

/// What a request was, once its answer is with the system or its caller is gone.
struct RequestReport {
    std::string accessKey; ///< tells which function's instance asked
    std::string bucket, key;
    Operation operation = Operation::Other;
    std::uint64_t bytes = 0; ///< of objects, read or written
    int status = 0; ///< of the answer; 0: the caller left, or was cut off, before its end
    TimePoint begun{}, ended{};
};

struct EndpointOptions {
    std::filesystem::path state; ///< a folder for what S3 keeps beside the bytes of objects
    /// Runs work that blocks on the disk, on another thread.
    std::function<void(std::function<void()>)> post;
    std::function<TimePoint()> now;
    /// An object is about to become visible; a report of the request always follows. May be empty.
    std::function<void(const std::string& accessKey, const std::string& bucket,
                       const std::string& key)>
        writing;
    std::function<void(const RequestReport&)> finished; ///< may be empty
};

/// Folder stores as buckets of S3, on the loopback interface, in path style. Signatures are not
/// verified: the access key is only a name. Belongs to the thread of the io_context.
class Endpoint {
public:
    /// Begins to listen; port 0 takes any free one. Errors: as http::Server::listen().
    static Result<std::unique_ptr<Endpoint>> listen(boost::asio::io_context& io, std::uint16_t port,
                                                    EndpointOptions options);
    ~Endpoint();
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    using Store = std::shared_ptr<const stores::FolderStore>;
    /// The stores by their names; requests under way end with those they began with.
    void setBuckets(std::map<std::string, Store, std::less<>> buckets);
    std::uint16_t port() const;

    /// The ETag of an object as requests tell it; empty when there is none. From any thread; may
    /// read the object.
    std::function<std::string(const std::string& bucket, const std::string& key)> etags() const;

    /// Drops all callers and what they had not finished. No callback comes after.
    void close();

private:
    class Requests;
    explicit Endpoint(std::unique_ptr<Requests> requests);
    std::unique_ptr<Requests> m_requests;
};

} // namespace coldframe::s3
