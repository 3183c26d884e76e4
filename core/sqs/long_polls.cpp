#include "sqs/long_polls.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sqs/answers.h"

namespace coldframe::sqs {

namespace {

void answerReceive(Exchange& exchange, const ReceiveMessages& asked,
                   const std::vector<Received>& messages)
{
    nlohmann::ordered_json result = nlohmann::ordered_json::object();
    for (const Received& message : messages)
        result["Messages"].push_back(toJson(message, asked));
    exchange.answer(result);
}

/// Nothing without asking when there is nothing: each time it is asked is an input of the engine.
std::vector<Received> take(QueueBackend& backend, const ReceiveMessages& asked)
{
    if (!backend.gives(asked.queue))
        return {};
    return backend.receive(asked.queue, asked.most, asked.visibility);
}

} // namespace

void LongPolls::receive(std::shared_ptr<Exchange> exchange, const ReceiveMessages& asked)
{
    ready(asked.queue); // those that wait came first
    const std::vector<Received> messages = take(m_backend, asked);
    if (!messages.empty() || asked.wait.value_or(std::chrono::seconds(0)).count() == 0)
        answerReceive(*exchange, asked, messages);
    else
        wait(std::make_shared<Poll>(m_io, std::move(exchange), asked));
}

void LongPolls::wait(const std::shared_ptr<Poll>& poll)
{
    m_polls.push_back(poll);
    const auto forget = [self = weak_from_this(), weak = std::weak_ptr<Poll>(poll)] {
        const auto polls = self.lock();
        const auto ended = weak.lock();
        if (polls && ended)
            polls->m_polls.remove(ended);
        return ended;
    };
    poll->exchange->onGone([forget] { forget(); });
    poll->end.expires_after(*poll->asked.wait);
    poll->end.async_wait([forget](const boost::system::error_code& error) {
        if (error)
            return;
        if (const auto ended = forget())
            answerReceive(*ended->exchange, ended->asked, {});
    });
}

void LongPolls::ready(const std::string& queue)
{
    while (true) {
        const auto next = std::ranges::find(
            m_polls, queue, [](const auto& poll) -> const auto& { return poll->asked.queue; });
        if (next == m_polls.end())
            return;
        const std::shared_ptr<Poll> poll = *next;
        const std::vector<Received> messages = take(m_backend, poll->asked);
        if (messages.empty())
            return;
        m_polls.erase(next);
        answerReceive(*poll->exchange, poll->asked, messages);
    }
}

std::set<std::string> LongPolls::awaited() const
{
    std::set<std::string> queues;
    for (const auto& poll : m_polls)
        queues.insert(poll->asked.queue);
    return queues;
}

} // namespace coldframe::sqs
