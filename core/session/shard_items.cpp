#include "session/shard_items.h"

#include <chrono>

#include <fmt/format.h>

namespace coldframe::session {

void ShardItems::forgetText(Place place)
{
    if (place >= m_begin)
        std::string().swap(m_items[place - m_begin].json);
}

std::optional<std::string> ShardItems::dropBefore(Place place)
{
    std::optional<std::string> after;
    for (; m_begin < place; ++m_begin) {
        after = std::move(m_items.front().after);
        m_items.pop_front();
    }
    return after;
}

std::vector<std::string> ShardItems::sequencesOf(const engine::Shard::Order& order) const
{
    std::vector<std::string> sequences;
    for (const Place place : order.records)
        sequences.push_back((*this)[place].sequence);
    return sequences;
}

std::string ShardItems::listOf(const engine::Shard::Order& order) const
{
    std::string text = "[";
    for (const Place place : order.records) {
        if (text.size() > 1)
            text += ',';
        text += (*this)[place].json;
    }
    return text + ']';
}

std::string ShardItems::nameOf(const engine::Shard::Order& order) const
{
    using std::chrono::seconds;
    if (order.records.empty()) {
        const Duration end = order.window->end.time_since_epoch();
        return fmt::format("window-{}", std::chrono::duration_cast<seconds>(end).count());
    }
    return (*this)[order.records.front()].label + '-' + (*this)[order.records.back()].label;
}

std::string ShardItems::wordsOf(const engine::Shard::Order& order) const
{
    if (order.records.empty())
        return "the end of a window";
    const std::string& first = (*this)[order.records.front()].label;
    if (order.records.size() == 1)
        return "record " + first;
    return fmt::format("records {} to {}", first, (*this)[order.records.back()].label);
}

} // namespace coldframe::session
