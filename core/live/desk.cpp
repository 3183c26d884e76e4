#include "live/desk.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace coldframe::live {

std::uint32_t Desk::slotsForThisMachine()
{
    std::ifstream file("/proc/meminfo");
    std::string name, unit;
    std::uint64_t kb = 0;
    while (file >> name >> kb) {
        if (name == "MemAvailable:")
            break;
        std::getline(file, unit);
    }
    const std::uint64_t slots = kb * 4 / 5 / (64 * 1024);
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(slots, 2, 512));
}

bool Desk::request(DeskUser& user)
{
    if (m_used < m_slots) {
        ++m_used;
        user.m_hold = DeskUser::Hold::Slot;
        return true;
    }
    user.m_hold = DeskUser::Hold::Waiting;
    user.m_place = m_waiting.insert(m_waiting.end(), &user);
    makeRoom();
    return false;
}

void Desk::release(DeskUser& user)
{
    setIdle(user, false);
    const DeskUser::Hold held = user.m_hold;
    user.m_hold = DeskUser::Hold::None;
    if (held == DeskUser::Hold::Waiting)
        m_waiting.erase(user.m_place);
    if (held != DeskUser::Hold::Slot)
        return;
    --m_used;
    if (m_parking > 0)
        --m_parking;
    if (m_waiting.empty() || m_used >= m_slots)
        return;
    DeskUser& next = *m_waiting.front();
    m_waiting.pop_front();
    ++m_used;
    next.m_hold = DeskUser::Hold::Slot;
    next.slotGranted();
}

void Desk::setIdle(DeskUser& user, bool idle)
{
    if (user.m_idle == idle || (idle && user.m_hold != DeskUser::Hold::Slot))
        return;
    user.m_idle = idle;
    if (idle)
        user.m_place = m_idle.insert(m_idle.end(), &user);
    else
        m_idle.erase(user.m_place);
    if (idle)
        makeRoom();
}

/// One process is parked for each that waits.
void Desk::makeRoom()
{
    while (m_parking < m_waiting.size() && !m_idle.empty()) {
        DeskUser& longest = *m_idle.front();
        setIdle(longest, false);
        ++m_parking;
        longest.park();
    }
}

} // namespace coldframe::live
