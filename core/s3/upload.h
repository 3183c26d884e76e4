#pragma once

#include <memory>
#include <string>

#include "s3/exchange.h"

namespace coldframe::s3 {

/// Takes the body of PutObject or UploadPart, a piece at a time: while one is being written, the
/// next is on its way, and no more than that. Keeps itself until the answer is given or the caller
/// is gone.
class Upload : public std::enable_shared_from_this<Upload> {
public:
    /// `body` is whole unless it is `streamed`.
    static void start(std::shared_ptr<Exchange> exchange, std::string body, bool streamed);
    ~Upload();

    class Work; ///< the side that blocks

private:
    explicit Upload(std::shared_ptr<Exchange> exchange);
    void ask();
    void take(http::BodyPiece&& piece);
    void feed();

    std::shared_ptr<Exchange> m_exchange;
    std::shared_ptr<Work> m_work;
    std::string m_waiting; ///< came while the one before was being written
    bool m_waits = false, m_last = false, m_working = false, m_ended = false;
};

} // namespace coldframe::s3
