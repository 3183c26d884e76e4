#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/error.h"
#include "model/http_url.h"
#include "model/time.h"

namespace coldframe::http {

struct PostRequest {
    HttpUrl url;
    std::vector<std::pair<std::string, std::string>> headers; ///< checked by isFreeHeader()
    std::string body;
    Duration timeout{}; ///< for all of it: looking up the name, connecting, sending, the answer
};

struct PostAnswer {
    int status = 0;
    std::string body; ///< its first 4 KB
    std::optional<Duration> retryAfter; ///< as the server asks, when it tells seconds
};

/// Sends requests by POST, each over a connection of its own; certificates are checked against
/// those the system trusts. Redirects are not followed.
class Poster {
public:
    Poster();
    ~Poster();

    /// Waits for the answer; several threads may. Errors, all of them Unavailable: the name is not
    /// known, nobody listens, no trusted certificate, no answer in time, stopped.
    Result<PostAnswer> post(const PostRequest& request);
    /// Ends what is under way, and from now on what is begun. From any thread.
    void stop();

private:
    class Hands;
    std::unique_ptr<Hands> m_hands;
};

} // namespace coldframe::http
