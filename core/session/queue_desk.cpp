#include "session/queue_desk.h"

#include "session/queues.h"
#include "session/run.h"

namespace coldframe::session {

namespace {

template <typename Answer>
void tellAnswer(const std::function<void(const Answer&)>& done, Answer answer)
{
    if (done)
        done(answer);
}

} // namespace

void QueueDesk::list(const std::string& queue, std::size_t most,
                     std::function<void(std::vector<MessageView>)> done)
{
    m_run.post([run = &m_run, queue, most, done = std::move(done)] {
        done(run->queues().list(queue, most));
    });
}

void QueueDesk::read(std::uint64_t key, std::function<void(const Result<MessageText>&)> done)
{
    m_run.post([run = &m_run, key, done = std::move(done)] {
        auto message = run->queues().read(key);
        if (message)
            done(MessageText{std::move(message->body), std::move(message->attributes)});
        else
            done(tl::unexpected(message.error()));
    });
}

void QueueDesk::send(MessageDraft draft, std::function<void(const MessageReceipt&)> done)
{
    m_run.post([run = &m_run, draft = std::move(draft), done = std::move(done)]() mutable {
        run->queues().send(std::move(draft), std::move(done));
    });
}

void QueueDesk::edit(std::uint64_t key, std::string body, Done done)
{
    m_run.post([run = &m_run, key, body = std::move(body), done = std::move(done)]() mutable {
        tellAnswer(done, run->queues().edit(key, std::move(body)));
    });
}

void QueueDesk::remove(std::uint64_t key, Done done)
{
    m_run.post([run = &m_run, key, done = std::move(done)] {
        tellAnswer(done, run->queues().remove(key));
    });
}

void QueueDesk::redrive(std::uint64_t key, const std::string& to, Done done)
{
    m_run.post([run = &m_run, key, to, done = std::move(done)] {
        tellAnswer(done, run->queues().redriveOne(key, to));
    });
}

void QueueDesk::redriveAll(const std::string& from, const std::string& to)
{
    m_run.post([run = &m_run, from, to] { run->queues().redrive(from, to, 0xffff'ffff); });
}

void QueueDesk::purge(const std::string& queue)
{
    m_run.post([run = &m_run, queue] { run->queues().purge(queue); });
}

} // namespace coldframe::session
