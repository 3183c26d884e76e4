#include "sqs/long_polls.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sqs/answers.h"

namespace coldframe::sqs {

void LongPolls::receive(std::shared_ptr<Exchange> exchange, const ReceiveMessages& asked)
{
    const auto poll = std::make_shared<Poll>(m_io, std::move(exchange), asked);
    if (asked.wait.value_or(std::chrono::seconds(0)).count() == 0)
        poll->over = true;
    const bool othersWait = waitsFor(asked.queue); // they come first
    if ((poll->over || !othersWait) && m_backend.gives(asked.queue))
        return ask(poll);
    if (poll->over)
        return answer(poll, {});
    wait(poll);
    ready(asked.queue);
}

void LongPolls::wait(const std::shared_ptr<Poll>& poll)
{
    m_polls.push_back(poll);
    const std::weak_ptr<LongPolls> self = weak_from_this();
    const std::weak_ptr<Poll> weak = poll;
    poll->exchange->onGone([self, weak] {
        if (const auto polls = self.lock())
            std::erase_if(polls->m_polls, [&](const auto& other) { return other == weak.lock(); });
    });
    poll->end.expires_after(*poll->asked.wait);
    poll->end.async_wait([self, weak](const boost::system::error_code& error) {
        const auto polls = self.lock();
        const auto ended = weak.lock();
        if (error || !polls || !ended)
            return;
        ended->over = true;
        if (!ended->asking)
            polls->answer(ended, {});
    });
}

void LongPolls::ask(const std::shared_ptr<Poll>& poll)
{
    poll->asking = true;
    m_backend.receive(poll->asked.queue, poll->asked.most, poll->asked.visibility,
                      [self = weak_from_this(), poll](const std::vector<Received>& messages) {
                          if (const auto polls = self.lock(); polls && !polls->m_closed)
                              polls->told(poll, messages);
                      });
}

void LongPolls::told(const std::shared_ptr<Poll>& poll, const std::vector<Received>& messages)
{
    poll->asking = false;
    if (!messages.empty() || poll->over) {
        answer(poll, messages);
        ready(poll->asked.queue); // there may be more, for others
        return;
    }
    const bool waits = std::ranges::find(m_polls, poll) != m_polls.end();
    if (!waits)
        wait(poll);
    if (std::exchange(poll->again, false))
        ready(poll->asked.queue);
}

void LongPolls::answer(const std::shared_ptr<Poll>& poll, const std::vector<Received>& messages)
{
    poll->end.cancel();
    std::erase(m_polls, poll);
    nlohmann::ordered_json result = nlohmann::ordered_json::object();
    for (const Received& message : messages)
        result["Messages"].push_back(toJson(message, poll->asked));
    poll->exchange->answer(result);
}

void LongPolls::ready(const std::string& queue)
{
    const auto next = std::ranges::find_if(
        m_polls, [&](const auto& poll) { return poll->asked.queue == queue && !poll->asking; });
    if (next != m_polls.end() && m_backend.gives(queue))
        return ask(std::shared_ptr<Poll>(*next));
    for (const auto& poll : m_polls)
        if (poll->asked.queue == queue)
            poll->again = poll->asking;
}

bool LongPolls::waitsFor(const std::string& queue) const
{
    return std::ranges::any_of(m_polls,
                               [&](const auto& poll) { return poll->asked.queue == queue; });
}

void LongPolls::close()
{
    m_closed = true;
    m_polls.clear();
}

} // namespace coldframe::sqs
