#include "session/first_sends.h"

namespace coldframe::session {

void FirstSends::add(TimePoint sentAt, Duration window, MessageId first, Answer answer)
{
    for (; !m_order.empty() && sentAt - m_order.front().at > window; m_order.pop_front())
        m_answers.erase(m_order.front().serial);
    m_order.push_back({sentAt, first.serial});
    m_answers[first.serial] = std::move(answer);
}

const FirstSends::Answer* FirstSends::find(MessageId first) const
{
    const auto it = m_answers.find(first.serial);
    return it == m_answers.end() ? nullptr : &it->second;
}

} // namespace coldframe::session
