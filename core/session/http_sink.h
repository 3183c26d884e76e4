#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <filesystem>
#include <memory>

#include <boost/asio/thread_pool.hpp>

#include "http/post.h"
#include "session/sink.h"

namespace coldframe::session {

/// Servers that get records by POST. Waits for them on threads of its own, so that a slow one keeps
/// no result of another kind waiting.
class HttpSink final : public Sink {
public:
    /// The folder is that of `secrets.env`, which is read anew for each request: a secret that is
    /// replaced is taken at once.
    explicit HttpSink(std::filesystem::path workspace) : m_workspace(std::move(workspace)) { }
    /// Ends what is under way.
    ~HttpSink() override;

    void write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
               Delivered done) override;

private:
    std::optional<Trouble> send(const Outgoing& outgoing, const HttpDestination& to);

    const std::filesystem::path m_workspace;
    http::Poster m_poster;
    boost::asio::thread_pool m_threads{4};
};

} // namespace coldframe::session
