#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/request.h"

namespace coldframe::http {

/// Turns bytes into one request after another. Beast reads heads and chunks; this class adds the
/// checks that Beast leaves to its user, and keeps all storage from request to request.
///
/// Feed the head until it is Done. With a plain body the caller then takes bodyLength() bytes
/// itself; with chunks it goes on with parseChunks(). reset() starts the next request.
class RequestParser {
public:
    enum class Step { NeedMore, Done, Failed };

    /// Why a request was refused: an HTTP status and one sentence for the answer.
    struct Problem {
        int status = 0;
        std::string_view reason;
    };

    RequestParser();
    ~RequestParser();
    RequestParser(RequestParser&&) = delete;

    void reset();

    /// Reads the head, which starts at the first byte of `bytes`. Every call passes the same bytes
    /// again plus those that came since; they may have moved.
    Step parseHead(std::string_view bytes);
    /// Takes chunks from the front of `bytes` into `body`; `used` says how many bytes are done
    /// with. A body over `limit` bytes fails with 413. Done comes after the trailers.
    Step parseChunks(std::string_view bytes, std::size_t& used, std::string& body,
                     std::size_t limit);

    std::size_t headSize() const; ///< bytes, from the first to the empty line; after Done
    std::uint64_t bodyLength() const; ///< from Content-Length, else 0
    bool chunked() const;
    bool keepAlive() const; ///< the peer wants to send another request on this connection
    bool isHttp10() const;
    bool expectsContinue() const; ///< the peer waits for "100 Continue" before it sends the body
    bool isHead() const; ///< HEAD: the answer carries no body
    const Problem& problem() const; ///< after Failed

    /// Copies the head out of the caller's buffer, so that the buffer can move on.
    void keepHead();
    /// Points method, target and fields into the head: the kept copy, else `bytes`.
    void describe(std::string_view bytes, Request& request) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace coldframe::http
