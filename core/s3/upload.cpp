#include "s3/upload.h"

#include "s3/body_intake.h"
#include "s3/object_writing.h"
#include "s3/upload_id.h"

namespace coldframe::s3 {

/// On one thread after the other.
class Upload::Work {
public:
    Work(std::shared_ptr<Core> core, std::shared_ptr<const Call> call)
        : m_core(std::move(core)), m_call(std::move(call))
    { }

    /// An answer after the last piece, or an earlier refusal.
    std::optional<Outcome> step(std::string_view piece, bool last)
    {
        if (!m_intake)
            if (auto refused = begin())
                return tl::unexpected(std::move(*refused));
        if (auto refused = m_intake->add(piece))
            return tl::unexpected(std::move(*refused));
        if (!last)
            return std::nullopt;
        if (m_call->operation == Operation::UploadPart)
            return finishPart(m_core->service, *m_call, *m_intake);
        return finishPut(m_core->service, *m_call, *m_intake);
    }

private:
    std::optional<S3Error> begin()
    {
        auto intake = BodyIntake::of(*m_call);
        if (!intake)
            return intake.error();
        m_intake.emplace(std::move(*intake));
        Service& service = m_core->service;
        const auto bucket = service.bucket(m_call->bucket);
        if (!bucket)
            return bucket.error();
        if (m_call->operation != Operation::UploadPart)
            return m_intake->begin(**bucket, m_call->key);
        const auto place = partPlace(*m_call);
        if (!place)
            return place.error();
        if (!service.uploads.find(place->uploadId, m_call->bucket, m_call->key))
            return noSuchUpload();
        const auto store = service.uploads.store();
        if (!store)
            return internalError(describe(store.error()));
        return m_intake->begin(**store, MultipartUploads::partKey(place->uploadId, place->number));
    }

    std::shared_ptr<Core> m_core;
    std::shared_ptr<const Call> m_call;
    std::optional<BodyIntake> m_intake;
};

Upload::Upload(std::shared_ptr<Exchange> exchange)
    : m_exchange(std::move(exchange)),
      m_work(std::make_shared<Work>(m_exchange->core().shared_from_this(), m_exchange->call()))
{ }

/// The hidden file of an upload that was cut off is removed where that may take its time; at the
/// end of all it is removed here.
Upload::~Upload()
{
    if (!m_exchange->core().closed)
        m_exchange->core().options.post([work = std::move(m_work)]() mutable { work.reset(); });
}

void Upload::start(std::shared_ptr<Exchange> exchange, std::string body, bool streamed)
{
    const std::shared_ptr<Upload> upload(new Upload(std::move(exchange)));
    if (streamed)
        upload->ask();
    else
        upload->take({.bytes = std::move(body), .last = true});
}

void Upload::ask()
{
    m_exchange->responder().readBody(
        [self = shared_from_this()](http::BodyPiece&& piece) { self->take(std::move(piece)); });
}

void Upload::take(http::BodyPiece&& piece)
{
    if (m_ended)
        return;
    if (!piece.problem.empty()) {
        m_ended = true;
        m_exchange->refuse(
            invalidRequest("The body cannot be read: " + std::string(piece.problem) + "."));
        return;
    }
    m_waiting = std::move(piece.bytes);
    m_last = piece.last;
    m_waits = true;
    feed();
}

void Upload::feed()
{
    if (m_working || !m_waits || m_ended)
        return;
    m_working = true;
    m_waits = false;
    Core& core = m_exchange->core();
    const Call& call = *m_exchange->call();
    if (m_last && makesObject(call.operation) && core.options.writing)
        core.options.writing(call.accessKey, call.bucket, call.key);
    core.inBackground([work = m_work, piece = std::move(m_waiting),
                       last = m_last] { return work->step(piece, last); },
                      [self = shared_from_this()](std::optional<Outcome>&& outcome) {
                          self->m_working = false;
                          if (outcome && !std::exchange(self->m_ended, true))
                              self->m_exchange->answer(std::move(*outcome));
                          else
                              self->feed();
                      });
    if (!m_last)
        ask();
}

} // namespace coldframe::s3
