#include "s3/download.h"

#include <algorithm>

#include "s3/file_copy.h"

namespace coldframe::s3 {

namespace {

constexpr std::uint64_t kPiece = 256U << 10U;

struct Opened {
    tl::expected<Reading, S3Error> reading;
    std::shared_ptr<const std::string> first;
};

std::shared_ptr<const std::string> pieceOf(const Reading& reading, std::uint64_t at)
{
    const std::uint64_t most = std::min(kPiece, reading.range.length - at);
    auto bytes = most > 0
        ? readBytes(reading.object, reading.range.offset + at, static_cast<std::size_t>(most))
        : std::string();
    return std::make_shared<const std::string>(bytes ? std::move(*bytes) : std::string());
}

} // namespace

void Download::start(std::shared_ptr<Exchange> exchange)
{
    const std::shared_ptr<Download> self(new Download(std::move(exchange)));
    Core& core = self->m_exchange->core();
    core.inBackground(
        [service = &core.service, call = self->m_exchange->call()] {
            Opened opened{openForReading(*service, *call), nullptr};
            if (opened.reading)
                opened.first = pieceOf(*opened.reading, 0);
            return opened;
        },
        [self](Opened&& opened) {
            if (opened.reading)
                self->opened(std::move(*opened.reading), std::move(opened.first));
            else
                self->m_exchange->refuse(opened.reading.error());
        });
}

void Download::opened(Reading&& reading, Piece first)
{
    if (first->size() == reading.range.length) {
        Reply reply = std::move(reading.head);
        reply.body = *first;
        reply.bytes = first->size();
        m_exchange->answer(std::move(reply));
        return;
    }
    m_reading = std::make_shared<const Reading>(std::move(reading));
    if (m_exchange->begin(m_reading->head, m_reading->range.length))
        return;
    m_ready = std::move(first);
    m_readTo = m_ready->size();
    send();
}

void Download::read()
{
    m_exchange->core().inBackground(
        [reading = m_reading, at = m_readTo] { return pieceOf(*reading, at); },
        [self = shared_from_this()](Piece&& piece) {
            if (piece->empty())
                return; // the file was cut short: the answer ends here, and its caller sees it
            self->m_readTo += piece->size();
            self->m_ready = std::move(piece);
            self->send();
        });
}

void Download::send()
{
    if (m_sending || !m_ready)
        return;
    m_sending = true;
    m_sentTo += m_ready->size();
    m_exchange->responder().write(std::exchange(m_ready, nullptr), [self = shared_from_this()] {
        self->m_sending = false;
        if (self->m_sentTo == self->m_reading->range.length)
            self->m_exchange->done(self->m_reading->head.status, self->m_sentTo);
        else
            self->send();
    });
    if (m_readTo < m_reading->range.length)
        read();
}

} // namespace coldframe::s3
