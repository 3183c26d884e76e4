#pragma once

#include <cstdint>
#include <list>

namespace coldframe::live {

/// Something that may hold a real process.
class DeskUser {
public:
    virtual ~DeskUser() = default;
    /// A slot is yours: start the process. Called from within release() or request().
    virtual void slotGranted() = 0;
    /// Somebody waits and this process does nothing: end it. It is started again when needed.
    virtual void park() = 0;

private:
    friend class Desk;
    enum class Hold : std::uint8_t { None, Waiting, Slot };
    Hold m_hold = Hold::None;
    bool m_idle = false;
    std::list<DeskUser*>::iterator m_place; ///< among the waiting or the idle
};

/// This machine's room for real processes, apart from the pool it plays. A slot is held from spawn
/// to exit. When none is free the longest idle process is parked for the one that waits.
class Desk {
public:
    explicit Desk(std::uint32_t slots) : m_slots(slots) { }

    /// As many as four fifths of the memory that is available now may hold, at 64 MB each; at
    /// least 2, at most 512.
    static std::uint32_t slotsForThisMachine();

    /// True when a slot is granted at once, without slotGranted(); else `user` waits its turn.
    bool request(DeskUser& user);
    /// The process has ended, or `user` no longer waits.
    void release(DeskUser& user);
    /// The process has nothing to do, or something again.
    void setIdle(DeskUser& user, bool idle);

    std::uint32_t slots() const { return m_slots; }
    std::uint32_t used() const { return m_used; }
    std::uint32_t waiting() const { return static_cast<std::uint32_t>(m_waiting.size()); }

private:
    void makeRoom();
    std::uint32_t m_slots, m_used = 0;
    std::uint32_t m_parking = 0; ///< told to end, not gone yet
    std::list<DeskUser*> m_waiting, m_idle; ///< longest first
};

} // namespace coldframe::live
