#include "engine/message_groups.h"

namespace coldframe::engine {

void MessageGroups::append(Messages& messages, std::uint32_t slot, std::uint64_t key)
{
    auto [entry, isNew] = m_byKey.try_emplace(key, 0);
    if (isNew) {
        entry->second = m_groups.add();
        m_groups[entry->second].key = key;
    }
    Group& group = m_groups[entry->second];
    Message& message = messages[slot];
    message.group = entry->second;
    message.previous = group.tail;
    message.next = kNoSlot;
    if (group.tail == kNoSlot)
        group.head = slot;
    else
        messages[group.tail].next = slot;
    group.tail = slot;
    group.inFlight += message.state == Message::State::InFlight ? 1 : 0;
    list(messages, message.group);
}

void MessageGroups::remove(Messages& messages, std::uint32_t slot)
{
    Message& message = messages[slot];
    Group& group = m_groups[message.group];
    if (message.previous == kNoSlot)
        group.head = message.next;
    else
        messages[message.previous].next = message.next;
    if (message.next == kNoSlot)
        group.tail = message.previous;
    else
        messages[message.next].previous = message.previous;
    group.inFlight -= message.state == Message::State::InFlight ? 1 : 0;
    list(messages, message.group);
    if (group.head == kNoSlot) {
        m_byKey.erase(group.key);
        m_groups.remove(message.group);
    }
    message.group = message.previous = message.next = kNoSlot;
}

void MessageGroups::changed(Messages& messages, std::uint32_t slot, int inFlight)
{
    const std::uint32_t group = messages[slot].group;
    m_groups[group].inFlight += static_cast<std::uint32_t>(inFlight); // -1 wraps as it should
    list(messages, group);
}

std::uint32_t MessageGroups::first() const
{
    return m_head == kNoSlot ? kNoSlot : m_groups[m_head].head;
}

/// Puts the group last in turn if it may give a message and is not among those yet, or takes it
/// out.
void MessageGroups::list(const Messages& messages, std::uint32_t slot)
{
    Group& group = m_groups[slot];
    const bool gives = group.head != kNoSlot && group.inFlight == 0
        && messages[group.head].state == Message::State::Visible;
    if (gives == group.listed)
        return;
    if (!gives)
        return unlist(slot);
    group.listed = true;
    group.next = kNoSlot;
    group.previous = m_tail;
    if (m_tail == kNoSlot)
        m_head = slot;
    else
        m_groups[m_tail].next = slot;
    m_tail = slot;
}

void MessageGroups::unlist(std::uint32_t slot)
{
    Group& group = m_groups[slot];
    group.listed = false;
    if (group.previous == kNoSlot)
        m_head = group.next;
    else
        m_groups[group.previous].next = group.next;
    if (group.next == kNoSlot)
        m_tail = group.previous;
    else
        m_groups[group.next].previous = group.previous;
}

} // namespace coldframe::engine
